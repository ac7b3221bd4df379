"""Tells the bar on top how long what trains and what waits will take; found out in the background."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.training.run_queue import RunQueue
from studio.gui.training.worker import TrainingJob
from studio.runs.timing.estimate import Parts, forecast
from studio.runs.timing.time_left import TimeLeft

if TYPE_CHECKING:
    from studio.runs.store.workspace import Workspace


class EtaUpdater(QObject):
    """Asks for a forecast of the jobs that are new in the queue, and keeps it until nothing trains any longer.

    A later one would know how slow the machine was at the first of them, and so does what follows their events.
    """

    def __init__(
        self, queue: RunQueue, remaining: TimeLeft, workspace: Workspace, background: BackgroundJobs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._queue, self._remaining = queue, remaining
        self._workspace, self._background = workspace, background
        self._known: dict[TrainingJob, Parts] = {}
        self._asked: set[TrainingJob] = set()
        self._told: TrainingJob | None = None
        queue.changed.connect(self._follow)
        queue.idled.connect(self._forget)

    def _follow(self) -> None:
        jobs = self._jobs()
        if not self._asked.issuperset(jobs):
            self._asked.update(jobs)
            self._background.submit(partial(_expected, jobs, self._workspace), partial(self._learn, jobs))
        self._tell()

    def _jobs(self) -> tuple[TrainingJob, ...]:
        """What trains and what waits; nothing between two jobs."""
        return (self._queue.job, *self._queue.waiting) if self._queue.job is not None else ()

    def _learn(self, jobs: tuple[TrainingJob, ...], expected: list[Parts]) -> None:
        for job, parts in zip(jobs, expected, strict=True):
            self._known.setdefault(job, parts)
        self._tell()

    def _tell(self) -> None:
        jobs = self._jobs()
        if not jobs:
            return
        if self._told is not jobs[0] and jobs[0] in self._known:
            self._told = jobs[0]
            self._remaining.expect(self._known[jobs[0]])
        self._remaining.expect_later([self._known.get(job, ()) for job in jobs[1:]])

    def _forget(self) -> None:
        self._known.clear()
        self._asked.clear()
        self._told = None
        self._remaining.forget()


def _expected(jobs: tuple[TrainingJob, ...], workspace: Workspace) -> list[Parts]:
    planned = forecast([job.experiment for job in jobs], workspace)
    return [_done_by(job, parts) for job, parts in zip(jobs, planned, strict=True)]


def _done_by(job: TrainingJob, parts: Parts) -> Parts:
    """A comparison trains the student alone, nothing else."""
    return tuple(part for part in parts if part.role == "alone") if job.compare else parts
