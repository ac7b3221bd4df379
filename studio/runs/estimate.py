"""How long a run will take, from its multiplications, and from how long earlier runs took on this machine."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from studio.errors import StudioError
from studio.runs.reading import RunInfo

#: Where no run has been timed yet, on two cores of an AMD EPYC: multiply-adds a second (WRN-16-2, batch 64), and seconds
#: a step, an epoch with its test and snapshot, and a run take however small they are (digits, CNN of 6 k parameters).
RATE = 4.0e10
STEP_SECONDS, EPOCH_SECONDS, RUN_SECONDS = 2.5e-3, 8e-3, 1.0
#: Runs looked at, the newest first, and the shortest that tells anything.
TIMED, SHORTEST_SECONDS = 8, 2.0


@dataclass(frozen=True)
class Work:
    """What a run has to do.

    Attributes:
        steps: batches.
        epochs: how often the student is tested.
        batch: pictures in one step.
        student, teacher: multiply-adds of one forward pass for one picture; 0 where there is no teacher.
    """

    steps: int
    epochs: int
    batch: int
    student: int
    teacher: int = 0

    @property
    def seconds(self) -> float:
        """On the machine of :data:`RATE`; a backward pass counts as two forward passes."""
        step = STEP_SECONDS + self.batch * (3 * self.student + self.teacher) / RATE
        return RUN_SECONDS + self.steps * step + self.epochs * EPOCH_SECONDS


def slowness(runs: Iterable[RunInfo]) -> float:
    """How many times slower than :data:`RATE` this machine was at earlier runs, the median; 1 where there are none."""
    ratios: list[float] = []
    for run in runs:
        work = _work_of(run)
        if work is not None and run.seconds is not None:
            ratios.append(run.seconds / work.seconds)
        if len(ratios) == TIMED:
            break
    return statistics.median(ratios) if ratios else 1.0


def _work_of(run: RunInfo) -> Work | None:
    if run.state != "finished" or run.seconds is None or run.seconds < SHORTEST_SECONDS or "student" not in run.macs:
        return None
    try:
        training = run.experiment.training
    except StudioError:
        return None
    epochs = training.epochs if training.steps is None else 1
    return Work(run.steps, epochs, training.batch_size, run.macs["student"], run.macs.get("teacher", 0))
