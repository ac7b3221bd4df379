"""The values of runs that do not train here: read from their folders in the background, each once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from studio.core.errors import StudioError
from studio.gui.system.background_jobs import BackgroundJobs
from studio.runs.files.history import RunHistory
from studio.runs.run_info import RunInfo, read_history


class RunHistories:
    """Histories by run id.

    Args:
        background: where they are read.
        arrived: called when one was read.
        failed: called with the error where one cannot be.
    """

    def __init__(
        self, background: BackgroundJobs, arrived: Callable[[], object], failed: Callable[[StudioError], object]
    ) -> None:
        self._background = background
        self._arrived, self._failed = arrived, failed
        self._known: dict[str, RunHistory] = {}
        #: Runs that are being read, and what is to be called when that is over.
        self._waiting: dict[str, list[Callable[[], None]]] = {}

    def find(self, run: str) -> RunHistory | None:
        """The values of a run; None where they have not been read."""
        return self._known.get(run)

    def read(self, info: RunInfo) -> None:
        """Read a run, unless that was done or is under way."""
        if info.id not in self._known and info.id not in self._waiting:
            self._waiting[info.id] = []
            self._background.submit(
                partial(read_history, info), self._keep_read, partial(self._handle_failure, info.id)
            )

    def when_read(self, run: str, then: Callable[[], None]) -> None:
        """Call ``then`` when the reading of a run is over, well or not; at once where none is under way."""
        if run in self._waiting:
            self._waiting[run].append(then)
        else:
            then()

    def keep(self, history: RunHistory) -> None:
        """What was trained here need not be read."""
        self._known[history.run] = history

    def pop(self, run: str) -> RunHistory | None:
        """Forget the values of a run; returns them where they were known."""
        return self._known.pop(run, None)

    def _keep_read(self, history: RunHistory) -> None:
        self._known[history.run] = history
        self._arrived()
        self._end_reading(history.run)

    def _handle_failure(self, run: str, error: StudioError) -> None:
        self._failed(error)
        self._end_reading(run)

    def _end_reading(self, run: str) -> None:
        for then in self._waiting.pop(run, []):
            then()
