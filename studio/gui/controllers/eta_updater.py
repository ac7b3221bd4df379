"""Keeps the forecast behind the time left up to date: how long what trains and what waits will take."""

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
    """Asks in the background for a forecast of the jobs that are new in the queue, and keeps it until nothing trains any longer.

    A later one would know how slow the machine was at the first of them, and so does what follows their events.
    """

    def __init__(
        self, queue: RunQueue, time_left: TimeLeft, workspace: Workspace, background: BackgroundJobs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._queue, self._time_left = queue, time_left
        self._workspace, self._background = workspace, background
        self._forecasts: dict[TrainingJob, Parts] = {}
        self._requested: set[TrainingJob] = set()
        self._expected_job: TrainingJob | None = None
        queue.changed.connect(self._refresh)
        queue.idled.connect(self._reset)

    def _refresh(self) -> None:
        jobs = self._jobs()
        if not self._requested.issuperset(jobs):
            self._requested.update(jobs)
            self._background.submit(partial(_forecast_jobs, jobs, self._workspace), partial(self._add_forecasts, jobs))
        self._update_time_left()

    def _jobs(self) -> tuple[TrainingJob, ...]:
        """What trains and what waits; nothing between two jobs."""
        return (self._queue.job, *self._queue.waiting) if self._queue.job is not None else ()

    def _add_forecasts(self, jobs: tuple[TrainingJob, ...], forecasts: list[Parts]) -> None:
        for job, parts in zip(jobs, forecasts, strict=True):
            self._forecasts.setdefault(job, parts)
        self._update_time_left()

    def _update_time_left(self) -> None:
        jobs = self._jobs()
        if not jobs:
            return
        if self._expected_job is not jobs[0] and jobs[0] in self._forecasts:
            self._expected_job = jobs[0]
            self._time_left.expect(self._forecasts[jobs[0]])
        self._time_left.expect_later([self._forecasts.get(job, ()) for job in jobs[1:]])

    def _reset(self) -> None:
        self._forecasts.clear()
        self._requested.clear()
        self._expected_job = None
        self._time_left.reset()


def _forecast_jobs(jobs: tuple[TrainingJob, ...], workspace: Workspace) -> list[Parts]:
    planned = forecast([job.experiment for job in jobs], workspace.runs(), workspace.cache)
    return [_done_by(job, parts) for job, parts in zip(jobs, planned, strict=True)]


def _done_by(job: TrainingJob, parts: Parts) -> Parts:
    """A comparison trains the student alone, nothing else."""
    return tuple(part for part in parts if part.role == "alone") if job.compare else parts
