"""What people do to finished runs: they name them, take notes on them, move them to the bin and back. In the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from studio.core.errors import StudioError
from studio.gui.system.background_jobs import BackgroundJobs
from studio.runs.run_info import RunInfo

if TYPE_CHECKING:
    from studio.runs.store.workspace import Workspace


class RunEdits:
    """Changes runs of a workspace.

    Args:
        changed: called after each change, also after one that was made in part.
        deleted: called with the id of each run that has gone, before ``changed``.
        trouble: called with why something could not be done.
    """

    def __init__(
        self,
        workspace: Workspace,
        background: BackgroundJobs,
        changed: Callable[[], None],
        deleted: Callable[[str], object],
        trouble: Callable[[StudioError], None],
    ) -> None:
        self._workspace, self._background = workspace, background
        self._changed, self._deleted, self._trouble = changed, deleted, trouble

    def set_labels(self, run: str, **labels: object) -> None:
        """Change name, notes, tags or favourite of a run."""
        self._background.submit(partial(self._workspace.label, run, **labels), self._tell, self._trouble)

    def delete(self, runs: Sequence[str], then: Callable[[], None]) -> None:
        """Move runs to the bin, then call ``then``; where one cannot be moved, those after it stay as well."""

        def move() -> None:
            for run in runs:
                self._workspace.delete(run)

        def fail(error: StudioError) -> None:
            self._changed()
            self._trouble(error)

        self._background.submit(move, partial(self._forget, runs, then), fail)

    def _forget(self, runs: Sequence[str], then: Callable[[], None], _nothing: None) -> None:
        for run in runs:
            self._deleted(run)
        self._changed()
        then()

    def ask_deleted(self, then: Callable[[list[RunInfo]], None]) -> None:
        """Call ``then`` with the runs in the bin, the newest first."""
        self._background.submit(self._workspace.deleted, then, self._trouble)

    def empty_bin(self) -> None:
        """Remove the deleted runs for good."""
        self._background.submit(self._workspace.empty_bin, self._tell, self._trouble)

    def restore(self, run: str) -> None:
        """Bring a deleted run back."""
        self._background.submit(partial(self._workspace.restore, run), self._tell, self._trouble)

    def _tell(self, _result: object) -> None:
        self._changed()
