"""The values of runs that do not train here, and what they made beside them: read in the background, each once."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QTimer

from studio.core.errors import StudioError
from studio.gui.presenters.compression_reading import Compression, read_compression
from studio.gui.presenters.tree_reading import TreeOfRun, read_tree
from studio.gui.system.background_jobs import BackgroundJobs
from studio.runs.files.history import RunHistory
from studio.runs.run_info import RunInfo, read_history

#: Values of this many runs that are drawn no longer are kept: they may be ticked again.
FEW = 8
#: Milliseconds between two calls of ``arrived`` while more are being read.
PAUSE = 150


class MadeByRun(NamedTuple):
    """What a run made that views draw, None where it made no such thing; in the order of :class:`ShownRun`."""

    tree: TreeOfRun | None = None
    compression: Compression | None = None


NOTHING_MADE = MadeByRun()


class RunHistories:
    """Histories by run id.

    Args:
        background: where they are read.
        arrived: called when one was read; where many are, now and then and after the last.
        failed: called with the error where one cannot be.
    """

    def __init__(
        self, background: BackgroundJobs, arrived: Callable[[], object], failed: Callable[[StudioError], object]
    ) -> None:
        self._background = background
        self._arrived, self._failed = arrived, failed
        self._known: dict[str, RunHistory] = {}
        self._made: dict[str, MadeByRun] = {}
        #: When a run may be read again while another process trains it.
        self._again_at: dict[str, float] = {}
        #: Runs that are being read, and what is to be called when that is over.
        self._waiting: dict[str, list[Callable[[], None]]] = {}
        self._announce = QTimer(singleShot=True, interval=PAUSE)
        self._announce.timeout.connect(self._arrived)

    def find(self, run: str) -> RunHistory | None:
        """The values of a run; None where they have not been read."""
        return self._known.get(run)

    def made(self, run: str) -> MadeByRun:
        """What a run made; nothing where it is not known."""
        return self._made.get(run, NOTHING_MADE)

    def read(self, info: RunInfo) -> None:
        """Read a run, unless that was done or is under way."""
        if info.id not in self._known and info.id not in self._waiting:
            self._submit(info)

    def read_again(self, info: RunInfo) -> None:
        """Read a run that another process goes on with; its earlier values stay until then.

        While it runs no more than a tenth of the time is spent on that; the last reading is made when it has ended.
        """
        due = info.state != "running" or time.monotonic() >= self._again_at.get(info.id, 0.0)
        if info.id in self._known and info.id not in self._waiting and due:
            self._submit(info)

    def _submit(self, info: RunInfo) -> None:
        def read() -> tuple[RunHistory, MadeByRun, float]:
            began = time.monotonic()
            made = MadeByRun(read_tree(info), read_compression(info))
            return read_history(info), made, time.monotonic() - began

        self._waiting[info.id] = []
        self._background.submit(read, self._keep_read, partial(self._handle_failure, info.id))

    def when_read(self, run: str, then: Callable[[], None]) -> None:
        """Call ``then`` when the reading of a run is over, well or not; at once where none is under way."""
        if run in self._waiting:
            self._waiting[run].append(then)
        else:
            then()

    def keep(self, history: RunHistory) -> None:
        """What was trained here need not be read."""
        self._known[history.run] = history

    def keep_few(self, drawn: Collection[str]) -> None:
        """Forget what was read of runs that are not ``drawn``, but for a few."""
        others = [run for run in self._known if run not in drawn]
        for run in others[:-FEW]:
            self.pop(run)

    def pop(self, run: str) -> RunHistory | None:
        """Forget the values of a run; returns them where they were known."""
        self._made.pop(run, None)
        return self._known.pop(run, None)

    def _keep_read(self, read: tuple[RunHistory, MadeByRun, float]) -> None:
        history, made, seconds = read
        self._known[history.run], self._made[history.run] = history, made
        self._again_at[history.run] = time.monotonic() + 10 * seconds
        self._end_reading(history.run)

    def _handle_failure(self, run: str, error: StudioError) -> None:
        self._failed(error)
        self._end_reading(run)

    def _end_reading(self, run: str) -> None:
        waiting = self._waiting.pop(run, [])
        if not self._waiting:
            self._announce.stop()
            self._arrived()
        elif not self._announce.isActive():
            self._announce.start()
        for then in waiting:
            then()
