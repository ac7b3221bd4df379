"""What a parent says while its steps run: a band for each, and a moment where each has ended."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TypeVar

from studio.core.message import NOTHING
from studio.core.score_scale import ScoreReading, ScoreScale
from studio.events import (
    EpochDone,
    Event,
    ModelMeasured,
    PairedReading,
    PlanChanged,
    Resumed,
    RunEnded,
    RunStarted,
    Snapshot,
    StageBand,
    StageStarted,
    Terms,
)
from studio.runs.files.chain import ChainAverage, ChainStep
from studio.runs.files.history import RunHistory
from studio.runs.run_emitter import RunEmitter
from studio.runs.run_info import RunInfo, read_events, read_history
from studio.systems.base import AnyStep, TrainStep, procedure_of

T = TypeVar("T")

#: Snapshots of a step that are shown in its parent, of all steps together, and readings of the loss of one.
SNAPSHOTS, SNAPSHOTS_OF_ALL, READINGS = 5, 40, 100


Differences = tuple[PairedReading, ...]


class ChainEvents:
    """Places the steps of a chain one behind the other on one axis: optimiser steps of trainings, items of procedures.

    Steps of an earlier sitting have been told: they are passed over in silence until one is trained.

    Args:
        name: of the whole.
        plan: the expected steps.
        headline: the score that counts in the whole.
        emit: tells and records the parent's events.
        continues: whether the parent has spoken in an earlier sitting.
    """

    def __init__(
        self, name: str, plan: Sequence[AnyStep], headline: ScoreScale, emit: RunEmitter, *, continues: bool
    ) -> None:
        self._name, self._plan, self._headline, self._emit, self._continues = name, plan, headline, emit, continues
        self._lengths: dict[str, int] = {}
        self._bands: dict[str, StageBand] = {}
        self._epochs: dict[str, int] = {}
        self._steps_per_epoch = 0
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
        """A step begins; the first one says the plan, and so does one that is longer or shorter than planned.

        Args:
            started: how the step's own run began.
        """
        moved = self._lay_out(role, started.steps, started.steps_per_epoch)
        band = self._bands[role]
        if moved or not self._speaking:
            plan = tuple(self._bands.values())
            whole = dataclasses.replace(started, name=self._name, plan=plan, steps=self.steps, epochs=self.epochs)
            self._emit(dataclasses.replace(whole, headline=self._headline, stage="", step=0, epoch=0))
        if not self._speaking:
            if self._continues:
                self._emit(Resumed(step=band.begin))
            self._speaking = True
        self._current = role
        self._emit(StageStarted(stage=role, step=band.begin, title=band.title, trains=("student",)))

    def change(self, role: str, steps: int) -> None:
        """A step has become longer or shorter while it runs: those behind it move."""
        if self._lay_out(role, steps):
            self._emit(PlanChanged(plan=tuple(self._bands.values()), steps=self.steps, epochs=self.epochs))

    def end_step(self, done: ChainStep, info: RunInfo, differences: Differences = (), *, known: bool) -> None:
        """A step is done: its curve and some of its snapshots are told at its place, and what its model reached.

        Args:
            differences: of its model from those it is compared with.
            known: it was told in an earlier sitting.
        """
        role = done.role
        if self._current != role:
            started = next((event for event in read_events(info.places) if isinstance(event, RunStarted)), None)
            if started is None:
                return
            started = dataclasses.replace(started, steps=read_history(info).steps)
            if known and not self._speaking:
                self._lay_out(role, started.steps, started.steps_per_epoch)
                return
            self.begin(role, started)
        self._tell_curve(role, info)
        self.compare_step(done, differences)

    def compare_step(self, done: ChainStep, differences: Differences) -> None:
        """What the model of a step reached, at its place; said once more where it is compared with what came later."""
        if done.role in self._bands:
            at = self._bands[done.role].end, self._epochs[done.role]
            self._tell_model(done.role, (), done, differences, at)

    def end_average(self, role: str, done: ChainAverage, differences: Differences = ()) -> None:
        """The mean answer of several steps was measured."""
        self._tell_model(role, done.members, done, differences, (self.steps, self.epochs))

    def _tell_curve(self, role: str, info: RunInfo) -> None:
        """The test curve of a step, readings of its loss and snapshots from its beginning to its end, moved to its band."""
        history = read_history(info)
        counts = history.scale == self._headline
        band, first = self._bands[role], self._epochs[role] - history.epochs
        validation = dict(zip(history.validation.x, history.validation.y, strict=True))
        labelled = set(history.test_labelled.x)
        told: list[Event] = [
            EpochDone(
                stage=role,
                step=band.begin + int(x),
                epoch=first + int(x) // history.steps_per_epoch,
                labelled=x in labelled,
                test_accuracy=float(y) if self._headline.is_accuracy else None,
                score=None if self._headline.is_accuracy else float(y),
                validation_accuracy=validation.get(x),
            )
            for x, y in zip(history.test.x, history.test.y, strict=True)
            if counts
        ]
        for reading in _evenly(_readings(info, history), READINGS):
            epoch = first + reading.epoch
            told.append(dataclasses.replace(reading, stage=role, step=band.begin + reading.step, epoch=epoch))
        few = max(2, min(SNAPSHOTS, SNAPSHOTS_OF_ALL // max(1, len(self._bands))))  # a beginning and an end each
        for moment in _evenly(history.moments, few):
            epoch = first + moment.step // history.steps_per_epoch
            told.append(Snapshot(stage=role, step=band.begin + moment.step, epoch=epoch, arrays=moment.load()))
        for event in sorted(told, key=lambda event: event.step):
            if not isinstance(event, Snapshot) or event.arrays:
                self._emit(event)

    def _tell_model(
        self,
        role: str,
        members: tuple[str, ...],
        done: ChainStep | ChainAverage,
        differences: Differences,
        at: tuple[int, int],
    ) -> None:
        accuracy, score = done.accuracy, done.reached(self._headline.name)
        if accuracy is None:
            return
        told = score is not None and not self._headline.is_accuracy
        self._emit(
            ModelMeasured(
                role=role,
                members=members,
                accuracy=accuracy.value,
                low=accuracy.low,
                high=accuracy.high,
                differences=differences,
                score=ScoreReading(score.value, score.low, score.high) if score is not None and told else None,
                step=at[0],
                epoch=at[1],
            )
        )

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

    def _lay_out(self, role: str, steps: int, steps_per_epoch: int = 0) -> bool:
        """Give every planned step its band; one that turns out longer or shorter than planned moves those behind it.

        Returns:
            Whether the bands are others than before.
        """
        self._steps_per_epoch = steps_per_epoch or self._steps_per_epoch
        if not self._lengths:
            self._lengths = {planned.role: _length(planned, self._steps_per_epoch) for planned in self._plan}
        if steps:
            self._lengths[role] = steps
        before, end, epochs = dict(self._bands), 0, 0
        for planned in self._plan:
            begin, end = end, end + self._lengths[planned.role]
            if isinstance(planned, TrainStep):
                epochs += -(-self._lengths[planned.role] // max(1, self._steps_per_epoch))
            self._bands[planned.role] = StageBand(
                planned.role, planned.role, begin, end, labels=True, taught_by=planned.taught_by
            )
            self._epochs[planned.role] = epochs
        return self._bands != before


def _length(step: AnyStep, steps_per_epoch: int) -> int:
    """The steps of a training, where an epoch of one is taken to be as long as of any other; the items of a procedure."""
    procedure, training = procedure_of(step.experiment), step.experiment.training
    if procedure is not None:
        return max(1, procedure.items(step.experiment.method.typed))
    return training.steps or training.epochs * steps_per_epoch


def _readings(info: RunInfo, history: RunHistory) -> list[Terms]:
    """Those of its loss that stand: where a run went on from an earlier step, what it had told after that is left out."""
    last = {event.step: event for event in read_events(info.places) if isinstance(event, Terms)}
    return [last[step] for step in map(int, history.speed.x) if step in last]


def _evenly(items: Sequence[T], most: int) -> list[T]:
    """Some of the items, the first and the last among them."""
    count = min(most, len(items))
    return [items[round(number * (len(items) - 1) / max(1, count - 1))] for number in range(count)]
