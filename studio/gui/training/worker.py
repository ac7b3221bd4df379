"""The engine in a thread of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from studio.core.errors import StudioError, unexpected
from studio.events import Listener
from studio.gui.training.mailbox import Mailbox

if TYPE_CHECKING:
    from pathlib import Path

    from studio.experiment import Experiment
    from studio.runs.store.workspace import RunInfo
    from studio.training.control import Control


class Engine(Protocol):
    """The doors to training. Tests put their own behind them."""

    def launch(self, experiment: Experiment, listener: Listener, control: Control) -> RunInfo:
        """Run ``experiment`` to its end; raises :class:`StudioError`."""

    def resume(self, run: str, listener: Listener, control: Control) -> RunInfo:
        """Go on with a run that ended early; raises :class:`StudioError`."""

    def compare(self, run: str, listener: Listener, control: Control) -> RunInfo:
        """Train the student of an ended run alone, and compare the two; raises :class:`StudioError`."""


class WorkspaceEngine:
    """The real engine over the run folders of a workspace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def launch(self, experiment: Experiment, listener: Listener, control: Control) -> RunInfo:
        """See :func:`studio.runs.launch.launch`."""
        from studio.runs.launch import launch
        from studio.runs.store.workspace import Workspace

        return launch(experiment, Workspace(self._folder), listener, control)

    def resume(self, run: str, listener: Listener, control: Control) -> RunInfo:
        """See :func:`studio.runs.launch.resume`."""
        from studio.runs.launch import resume
        from studio.runs.store.workspace import Workspace

        return resume(Workspace(self._folder), run, listener, control)

    def compare(self, run: str, listener: Listener, control: Control) -> RunInfo:
        """See :func:`studio.runs.launch.compare_with_alone`."""
        from studio.runs.launch import compare_with_alone
        from studio.runs.store.workspace import Workspace

        return compare_with_alone(Workspace(self._folder), run, listener, control)


@dataclass(frozen=True, eq=False)
class TrainingJob:
    """One thing for the worker. Two that ask for the same are two jobs.

    Attributes:
        title: what it is called while it waits.
        experiment: what is trained, or was.
        run: empty for a new run; else the run to go on with, or to ``compare`` with its student alone.
    """

    title: str
    experiment: Experiment
    run: str = ""
    compare: bool = False


@dataclass(frozen=True)
class JobResult:
    """How a job ended: the run as it now stands, or what stopped it."""

    job: TrainingJob
    info: RunInfo | None = None
    error: StudioError | None = None


class TrainingWorker(QObject):
    """Does one job. Lives in a QThread; wishes reach it through its :class:`Control` only, never through signals.

    Signals:
        events_waiting: something waits in :attr:`mailbox`.
        ended: the :class:`JobResult` of the job.
        finished: nothing more comes; ends the thread by a direct connection (a queued one deadlocks with ``wait()``).
    """

    events_waiting = Signal()
    ended = Signal(object)
    finished = Signal()

    def __init__(self, engine: Engine, job: TrainingJob, control: Control) -> None:
        super().__init__()
        self._engine = engine
        self._job = job
        self._control = control
        self.mailbox = Mailbox(self.events_waiting.emit)

    @Slot()
    def run(self) -> None:
        """Run the job to its end. No exception leaves."""
        try:
            ended = JobResult(self._job, info=self._call_engine())
        except BaseException as error:  # noqa: BLE001 - whatever it is, the window must say it
            ended = JobResult(self._job, error=unexpected(error))
        self.ended.emit(ended)
        self.finished.emit()

    def _call_engine(self) -> RunInfo:
        job, listener = self._job, self.mailbox.put
        if not job.run:
            return self._engine.launch(job.experiment, listener, self._control)
        call = self._engine.compare if job.compare else self._engine.resume
        return call(job.run, listener, self._control)
