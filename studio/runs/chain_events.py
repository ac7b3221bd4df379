"""What a parent says while its steps run: a band for each, and a moment where each has ended."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from studio.core.message import NOTHING
from studio.events import EpochDone, Resumed, RunEnded, RunStarted, Snapshot, StageBand, StageStarted
from studio.runs.run_emitter import RunEmitter
from studio.runs.run_info import RunInfo, read_events, read_history
from studio.systems.base import TrainStep


class ChainEvents:
    """Places the steps of a chain one behind the other on one axis, counted in optimiser steps.

    Steps of an earlier sitting have been told: they are passed over in silence until one is trained.

    Args:
        name: of the whole.
        plan: the expected steps.
        emit: tells and records the parent's events.
        continues: whether the parent has spoken in an earlier sitting.
    """

    def __init__(self, name: str, plan: Sequence[TrainStep], emit: RunEmitter, *, continues: bool) -> None:
        self._name, self._plan, self._emit, self._continues = name, plan, emit, continues
        self._bands: dict[str, StageBand] = {}
        self._epochs: dict[str, int] = {}
        self._speaking = False
        self._current = ""

    @property
    def steps(self) -> int:
        """Of all planned steps together; 0 before the first has begun."""
        return max((band.end for band in self._bands.values()), default=0)

    @property
    def epochs(self) -> int:
        """Of all planned steps together; 0 before the first has begun."""
        return max(self._epochs.values(), default=0)

    def begin(self, role: str, started: RunStarted) -> None:
        """A step begins; the first one says the plan.

        Args:
            started: how the step's own run began.
        """
        self._lay_out(started)
        band = self._bands[role]
        if not self._speaking:
            plan = tuple(self._bands.values())
            whole = dataclasses.replace(started, name=self._name, plan=plan, steps=self.steps, epochs=self.epochs)
            self._emit(dataclasses.replace(whole, stage="", step=0, epoch=0))
            if self._continues:
                self._emit(Resumed(step=band.begin))
            self._speaking = True
        self._current = role
        self._emit(StageStarted(stage=role, step=band.begin, title=band.title, trains=("student",)))

    def end_step(self, role: str, info: RunInfo, accuracy: float | None, *, known: bool) -> None:
        """A step is done: its accuracy and its last snapshot become a moment of the parent.

        Args:
            known: it was told in an earlier sitting.
        """
        if self._current != role:
            started = next((event for event in read_events(info.places) if isinstance(event, RunStarted)), None)
            if started is None:
                return
            if known and not self._speaking:
                self._lay_out(started)
                return
            self.begin(role, started)
        end, epoch = self._bands[role].end, self._epochs[role]
        moments = read_history(info).moments
        arrays = moments[-1].load() if moments else {}
        if arrays:
            self._emit(Snapshot(stage=role, step=end, epoch=epoch, arrays=arrays))
        if accuracy is not None:
            self._emit(EpochDone(stage=role, step=end, epoch=epoch, labelled=True, test_accuracy=accuracy))

    def end(self, accuracy: float | None, teacher: float | None, seconds: float) -> None:
        """All is done."""
        self._emit(
            RunEnded(
                state="finished",
                reason=NOTHING,
                step=self.steps,
                epoch=self.epochs,
                test_accuracy=accuracy,
                teacher_accuracy=teacher,
                seconds=seconds,
            )
        )

    def _lay_out(self, started: RunStarted) -> None:
        """Give every planned step its band, once; an epoch of one is taken to be as long as of any other."""
        if self._bands:
            return
        end = epochs = 0
        for planned in self._plan:
            training = planned.experiment.training
            steps = training.steps or training.epochs * started.steps_per_epoch
            begin, end = end, end + steps
            epochs += -(-steps // max(1, started.steps_per_epoch))
            self._bands[planned.role] = StageBand(planned.role, planned.role, begin, end, labels=True)
            self._epochs[planned.role] = epochs
