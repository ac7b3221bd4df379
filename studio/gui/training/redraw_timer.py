"""Decides when the views are drawn: at most ten times a second, less often where drawing is dear."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

#: Seconds between two drawings, at least and at most.
SHORTEST, LONGEST = 0.1, 2.0
#: The share of the time that may be spent on drawing while something trains.
SHARE = 0.02


class RedrawTimer(QObject):
    """Draws soon after it was asked to.

    What a drawing costs is the processor time of the window's thread from its beginning until everything it asked to
    be painted is painted: a timer of zero length fires after Qt's paint events.

    Args:
        draw: brings the views up to date.
    """

    def __init__(self, draw: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draw = draw
        self._began = 0.0
        self._drawn_at = float("-inf")
        self.interval = SHORTEST
        self._due = QTimer(self, singleShot=True)
        self._due.timeout.connect(self.now)
        self._painted = QTimer(self, singleShot=True, interval=0)
        self._painted.timeout.connect(self._measure)

    def ask(self) -> None:
        """Something has changed: draw when it is time to."""
        if not self._due.isActive():
            wait = self._drawn_at + self.interval - time.monotonic()
            self._due.start(round(1000 * max(0.0, wait)))

    def now(self) -> None:
        """Draw at once."""
        self._due.stop()
        self._drawn_at = time.monotonic()
        self._began = time.thread_time()
        self._draw()
        self._painted.start()

    def _measure(self) -> None:
        cost = time.thread_time() - self._began
        self.interval = min(LONGEST, max(SHORTEST, cost / SHARE))
