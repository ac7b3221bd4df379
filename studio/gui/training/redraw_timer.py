"""Decides when the views are drawn: at most ten times a second, less often where drawing is dear."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

#: Seconds between two drawings, at least and at most.
SHORTEST, LONGEST = 0.1, 2.0
#: The share of the time that may be spent on drawing while something trains.
SHARE = 0.02


class RedrawTimer(QObject):
    """Has the views drawn soon after somebody asked for it.

    What a drawing costs is the processor time of the window's thread from its beginning until everything it asked to
    be painted is painted: a timer of zero length fires after Qt's paint events.

    Signals:
        due: bring up to date what shows the run; by direct connections, or the cost is not measured.
    """

    due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._started_at = 0.0
        self._drawn_at = float("-inf")
        self.interval = SHORTEST
        self._delay = QTimer(self, singleShot=True)
        self._delay.timeout.connect(self.redraw_now)
        self._painted = QTimer(self, singleShot=True, interval=0)
        self._painted.timeout.connect(self._measure)

    def request(self) -> None:
        """Something has changed: draw when it is time to."""
        if not self._delay.isActive():
            wait = self._drawn_at + self.interval - time.monotonic()
            self._delay.start(round(1000 * max(0.0, wait)))

    def redraw_now(self) -> None:
        """Draw at once."""
        self._delay.stop()
        self._drawn_at = time.monotonic()
        self._started_at = time.thread_time()
        self.due.emit()
        self._painted.start()

    def _measure(self) -> None:
        cost = time.thread_time() - self._started_at
        self.interval = min(LONGEST, max(SHORTEST, cost / SHARE))
