"""Follows what other processes do in the workspace: a run that a terminal starts, ends or deletes shows in the list."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from studio.gui.system.background_jobs import BackgroundJobs
from studio.runs.store.workspace import WorkspacePulse

#: Milliseconds between two looks at least, and what part of the time the listing may take that follows from them.
EVERY_MS, SHARE = 2000, 20
#: Among so many looks one lists in any case: what has ended long ago is not looked at.
LISTS_EVERY = 30


class WorkspaceFollower(QObject):
    """Lists when asked to, and when a cheap look in the background says that something has changed.

    Args:
        background: where is looked and listed.
        look: tells how the workspace stands.
        start_listing: starts a listing; when it is over, it calls what it is given with how the workspace stood then.
    """

    def __init__(
        self,
        background: BackgroundJobs,
        look: Callable[[], WorkspacePulse],
        start_listing: Callable[[Callable[[WorkspacePulse | None], None]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._background, self._look, self._start_listing = background, look, start_listing
        self._seen: WorkspacePulse | None = None
        self._looks = 0
        self._is_looking = False
        self._listing_since = 0.0
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._look_now)

    def follow(self, on: bool) -> None:
        """Look from time to time, or no longer."""
        if on:
            self._timer.start()
        else:
            self._timer.stop()

    def list_now(self) -> None:
        """List without looking first."""
        self._listing_since = time.monotonic()
        self._start_listing(self._end_listing)

    def _end_listing(self, pulse: WorkspacePulse | None) -> None:
        self._seen = pulse or self._seen
        took = time.monotonic() - self._listing_since
        self._timer.setInterval(max(EVERY_MS, round(1000 * SHARE * took)))

    def _look_now(self) -> None:
        if not self._is_looking:
            self._is_looking = True
            self._background.submit(self._look, self._compare, self._forgive)

    def _compare(self, pulse: WorkspacePulse) -> None:
        self._is_looking = False
        self._looks += 1
        if (self._seen is not None and pulse.differs_from(self._seen)) or self._looks % LISTS_EVERY == 0:
            self.list_now()

    def _forgive(self, _error: object) -> None:
        """A workspace that cannot be read now is said where it is listed, not every few seconds."""
        self._is_looking = False
