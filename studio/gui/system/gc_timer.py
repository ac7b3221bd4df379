"""Python's cyclic garbage, collected in the window's thread only and at times nobody notices.

Left to itself Python collects in whichever thread allocates, also in the middle of a training step; and a full
collection with torch loaded takes 135 ms.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

YOUNG_MS = 1_000
#: Every so many young collections the middle generation goes with them.
MIDDLE_EVERY = 10
#: Seconds from one full collection to the next where nothing trains, and where something does, which may be for days: for
#: 60 ms nothing is drawn meanwhile.
FULL_SECONDS, TRAINING_SECONDS = 30.0, 60.0
#: So many lasting things more are spared from then on: to look through ten thousand runs takes 180 ms each time.
MANY: Final = 1_000


class GcTimer(QObject):
    """Collects young garbage every second, and everything from time to time, more often when the window is idle.

    Args:
        idle: whether nothing trains.
        every_ms: between two collections.
        clock: seconds, for tests.
    """

    def __init__(
        self,
        idle: Callable[[], bool],
        parent: QObject | None = None,
        every_ms: int = YOUNG_MS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._idle, self._clock = idle, clock
        self._count = self._spared = 0
        self._last_full = clock()
        self._timer = QTimer(self)
        self._timer.setInterval(every_ms)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Take over from Python. What is loaded by now stays for good and is not looked at again."""
        gc.disable()
        gc.freeze()  # without collecting first, which would take half a second of the start
        self._last_full = self._clock()
        self._timer.start()

    def spare(self, lasting: int) -> None:
        """Where many things have come that stay, look no more at what there is by now.

        What of it is let go is freed as ever. Only circles among it are not, which is little: it is done seldom.

        Args:
            lasting: how many there are of these things in all, say runs in the list.
        """
        if lasting - self._spared >= MANY:
            self._spared = lasting
            gc.freeze()

    def stop(self) -> None:
        """Give it back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        self._count += 1
        if self._clock() - self._last_full >= (FULL_SECONDS if self._idle() else TRAINING_SECONDS):
            gc.collect()
            self._last_full = self._clock()
        else:
            gc.collect(1 if self._count % MIDDLE_EVERY == 0 else 0)
