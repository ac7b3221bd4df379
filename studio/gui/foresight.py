"""Tells the bar on top how long what trains and what waits will take; found out in the background."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.gui.background import Background
from studio.gui.queue import RunQueue
from studio.gui.worker import Job
from studio.runs.estimate import Parts, forecast
from studio.runs.remaining import Remaining

if TYPE_CHECKING:
    from studio.runs.workspace import Workspace


class Foresight(QObject):
    """Asks for a new forecast whenever a job begins or the queue is another. Where none can be had nothing is said."""

    def __init__(
        self, queue: RunQueue, remaining: Remaining, workspace: Workspace, background: Background, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._queue, self._remaining = queue, remaining
        self._workspace, self._background = workspace, background
        self._known: Job | None = None
        self._asked: tuple[Job, ...] = ()
        queue.changed.connect(self._ask)

    def _ask(self) -> None:
        job = self._queue.job
        if job is None:
            self._known, self._asked = None, ()
            return
        jobs = (job, *self._queue.waiting)
        if jobs != self._asked:
            self._asked = jobs
            self._background.submit(partial(_expected, jobs, self._workspace), partial(self._tell, jobs))

    def _tell(self, jobs: tuple[Job, ...], expected: list[Parts]) -> None:
        if jobs != self._asked:
            return
        if self._known is not jobs[0]:  # what it has done already would be missing from a later forecast
            self._known = jobs[0]
            self._remaining.expect(expected[0])
        self._remaining.expect_later(expected[1:])


def _expected(jobs: tuple[Job, ...], workspace: Workspace) -> list[Parts]:
    planned = forecast([job.experiment for job in jobs], workspace)
    return [_done_by(job, parts) for job, parts in zip(jobs, planned, strict=True)]


def _done_by(job: Job, parts: Parts) -> Parts:
    """A comparison trains the student alone, nothing else."""
    return tuple(part for part in parts if part.role == "alone") if job.compare else parts
