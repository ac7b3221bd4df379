"""The history of one run as plain values: what its events add up to, live or read back from its folder.

The views draw from this and nothing else. Stored histories are complete; thinning for the screen is the views' business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, partial

import numpy as np

from studio.core.arrays import Arrays
from studio.core.data_kinds import DataKind
from studio.core.message import Text
from studio.core.score_scale import ACCURACY_SCALE, ScoreScale
from studio.events import (
    EpochDone,
    Event,
    ItemDone,
    KeyMoment,
    ModelMeasured,
    Phase,
    PlanChanged,
    Resumed,
    RunEnded,
    RunStarted,
    Snapshot,
    StageBand,
    StageObserved,
    State,
    StudentRebuilt,
    TermKind,
    Terms,
)
from studio.runs.files.event_check import checked, readings_or_gaps
from studio.runs.files.readings import Readings
from studio.runs.files.snapshot_check import CheckedArrays, check_arrays
from studio.runs.files.snapshot_thinning import MOST, most_dispensable


@dataclass(frozen=True)
class Reference:
    """A score to compare with, with its 95 % interval where known; of an accuracy a fraction in [0, 1]."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass
class Series:
    """A growing curve: steps of the run against values. Appending is amortised constant time."""

    _x: np.ndarray = field(default_factory=lambda: np.empty(64))
    _y: np.ndarray = field(default_factory=lambda: np.empty(64))
    _n: int = 0

    def append(self, x: float, y: float) -> None:
        """Add a point; x must not be smaller than the last one."""
        if self._n == len(self._x):
            self._x, self._y = np.resize(self._x, 2 * self._n), np.resize(self._y, 2 * self._n)
        self._x[self._n], self._y[self._n] = x, y
        self._n += 1

    def extend(self, x: np.ndarray, y: np.ndarray) -> None:
        """Add points, (n,) each, as :meth:`append` does."""
        end = self._n + len(x)
        if end > len(self._x):
            room = max(end, 2 * len(self._x))
            self._x, self._y = np.resize(self._x, room), np.resize(self._y, room)
        self._x[self._n : end], self._y[self._n : end] = x, y
        self._n = end

    def forget_after(self, x: float) -> None:
        """Drop the points later than ``x``."""
        self._n = int(np.searchsorted(self._x[: self._n], x, side="right"))

    @property
    def x(self) -> np.ndarray:
        """Steps, (n,) float64; a view, not to be written to."""
        return self._x[: self._n]

    @property
    def y(self) -> np.ndarray:
        """Values, (n,) float64; a view, not to be written to."""
        return self._y[: self._n]

    def __len__(self) -> int:
        return self._n

    def at(self, x: float) -> float | None:
        """The last value at or before ``x``, None where there is none."""
        i = int(np.searchsorted(self.x, x, side="right")) - 1
        return float(self._y[i]) if i >= 0 else None


@dataclass(frozen=True)
class Moment:
    """A snapshot on the time axis; ``load()`` gives those of its arrays that can be drawn, from memory or its file."""

    step: int
    load: Callable[[], CheckedArrays]


@dataclass
class TermCurve:
    """One named loss term over time: raw values, and its weight at each reading."""

    kind: TermKind
    raw: Series = field(default_factory=Series)
    weight: Series = field(default_factory=Series)


@dataclass
class RunHistory:
    """One run as the views see it. x is the step of the run.

    ``scale`` says what the numbers of ``test``, ``teacher`` and ``alone`` mean: the score that counts, an accuracy as a
    fraction in [0, 1]. ``test_labelled`` are those of ``test`` in stages with labels.

    ``label`` names its line: "AB + soft targets, seed 1". ``steps_per_epoch`` turns steps into epochs. ``key_moments``
    are those at which agreement is reported, as far as they have come, without their arrays. ``models`` are those of a
    chain that are there, by role; ``role`` and ``parent`` say what the run itself is in one. Of a procedure ``item`` is
    the last that is done, and ``numbers`` are the figures of its items by name, over items. ``rebuilt`` are the
    stages that began with another student, in order, and ``observed`` what stages measured beside what they learnt.
    """

    run: str
    label: str = ""
    state: State = "running"
    reason: Text = field(default_factory=lambda: Text(""))
    phase: Text = field(default_factory=lambda: Text(""))
    plan: tuple[StageBand, ...] = ()
    steps: int = 0
    epochs: int = 0
    steps_per_epoch: int = 1
    step: int = 0
    epoch: int = 0
    classes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    examples: DataKind = "pictures"
    terms: dict[str, TermCurve] = field(default_factory=dict)
    scale: ScoreScale = ACCURACY_SCALE
    test: Series = field(default_factory=Series)
    test_labelled: Series = field(default_factory=Series)
    validation: Series = field(default_factory=Series)
    speed: Series = field(default_factory=Series)
    moments: list[Moment] = field(default_factory=list)
    key_moments: dict[KeyMoment, Snapshot] = field(default_factory=dict)
    models: dict[str, ModelMeasured] = field(default_factory=dict)
    item: ItemDone | None = None
    numbers: dict[str, Series] = field(default_factory=dict)
    rebuilt: list[StudentRebuilt] = field(default_factory=list)
    observed: dict[str, Series] = field(default_factory=dict)
    role: str = "student"
    parent: str = ""
    teacher: Reference | None = None
    alone: Reference | None = None

    @property
    def epoch_now(self) -> int:
        """The epoch that is being learnt, counted from 1; of a run that does not train the last one it came to."""
        learns = self.state in ("running", "paused", "stopping") and self.step < self.steps
        return (
            min(self.epochs, self.step // self.steps_per_epoch + 1)
            if learns
            else round(self.step / self.steps_per_epoch)
        )

    @property
    def is_chain(self) -> bool:
        """Whether its stages are trainings of their own, as far as its plan is known."""
        return any(band.taught_by is not None for band in self.plan)

    def handle_event(self, event: Event, load: Callable[[], Arrays] | None = None) -> None:
        """Add one event. ``load`` reads the arrays of a snapshot whose event carries only a file name.

        What cannot be drawn is left out: an event that cannot have been, arrays that do not fit. A reading that is no
        number, infinite or beyond measure is a gap in its curve, NaN.
        """
        try:
            event = checked(event)
        except ValueError:
            return
        self.step, self.epoch = max(self.step, event.step), max(self.epoch, event.epoch)
        match event:
            case RunStarted() | PlanChanged():
                self._add_plan(event)
            case Phase():
                self.phase = event.words
            case Terms() | EpochDone() | ItemDone():
                self._add_readings(event)
            case Snapshot():
                arrays = event.arrays
                self.handle_thinned(event)
                read = partial(_load_checked, load) if load is not None else cache(lambda: check_arrays(arrays))
                self._add_moment(Moment(event.step, read))
            case ModelMeasured():
                self.models[event.role] = event
            case StageObserved():
                for name, value in event.readings.items():
                    self.observed.setdefault(name, Series()).append(event.step, float(readings_or_gaps(value)))
            case StudentRebuilt():
                self.rebuilt = [*(told for told in self.rebuilt if told.stage != event.stage), event]
            case Resumed():
                self.forget_after(event.step)
            case RunEnded():
                self.state = event.state
                self._add_teacher(event)
            case _:
                pass

    def handle_readings(self, readings: Readings) -> None:
        """Add many readings at once, as their events one after the other would."""
        self.step = max(self.step, int(readings.steps.max()))
        self.epoch = max(self.epoch, readings.epoch)
        for name, (kind, values, weights) in readings.terms.items():
            curve = self.terms.setdefault(name, TermCurve(kind))
            curve.raw.extend(readings.steps, readings_or_gaps(values))
            curve.weight.extend(readings.steps, readings_or_gaps(weights))
        self.speed.extend(readings.steps, readings_or_gaps(readings.pictures_per_second))

    def handle_thinned(self, event: Snapshot) -> None:
        """Add what is left of a snapshot whose arrays were given up."""
        if event.agreement:
            self.key_moments |= dict.fromkeys(event.moments, replace(event, arrays={}))

    def _add_plan(self, event: RunStarted | PlanChanged) -> None:
        self.plan, self.steps, self.epochs = event.plan, event.steps, event.epochs
        if isinstance(event, RunStarted):
            self.steps_per_epoch = max(1, event.steps_per_epoch)
            self.classes, self.groups, self.state = event.classes, event.groups, "running"
            self.examples, self.role, self.parent = event.examples, event.role, event.parent
            self.count_by(event.headline)
            self._add_teacher(event)

    def _add_teacher(self, event: RunStarted | RunEnded) -> None:
        """What the teacher reached, where that is not known yet and is the score that counts."""
        if event.teacher_accuracy is not None and self.teacher is None and self.scale.is_accuracy:
            self.teacher = Reference(event.teacher_accuracy)

    def count_by(self, scale: ScoreScale) -> None:
        """From now on this score counts; what is known of another one is no longer shown."""
        if scale != self.scale:
            self.scale, self.teacher, self.alone = scale, None, None
            self.test, self.test_labelled = Series(), Series()

    def _add_readings(self, event: Terms | EpochDone | ItemDone) -> None:
        match event:
            case Terms():
                self._add_terms(event)
            case EpochDone():
                self._add_epoch(event)
            case ItemDone():
                self._add_item(event)

    def _add_terms(self, event: Terms) -> None:
        for name, reading in event.terms.items():
            curve = self.terms.setdefault(name, TermCurve(reading.kind))
            value, weight = readings_or_gaps(np.array([reading.value, reading.weight])).tolist()
            curve.raw.append(event.step, value)
            curve.weight.append(event.step, weight)
        self.speed.append(event.step, float(readings_or_gaps(event.pictures_per_second)))

    def _add_epoch(self, event: EpochDone) -> None:
        value = event.test_accuracy if self.scale.is_accuracy else event.score
        if value is not None:
            self.test.append(event.step, value)
            if event.labelled:
                self.test_labelled.append(event.step, value)
        if event.validation_accuracy is not None:
            self.validation.append(event.step, event.validation_accuracy)

    def _add_item(self, event: ItemDone) -> None:
        self.item = event
        for name, value in event.numbers.items():
            self.numbers.setdefault(name, Series()).append(event.step, float(readings_or_gaps(value)))

    def _add_moment(self, moment: Moment) -> None:
        """Add a moment; a later one of the same step takes its place. Kept as evenly thinned as the files are."""
        if self.moments and self.moments[-1].step == moment.step:
            self.moments.pop()
        self.moments.append(moment)
        if len(self.moments) > MOST:
            del self.moments[most_dispensable([kept.step for kept in self.moments])]

    def forget_after(self, step: int) -> None:
        """Forget what stands later than ``step``: the run went on from there."""
        for curve in self.terms.values():
            curve.raw.forget_after(step)
            curve.weight.forget_after(step)
        for series in (
            self.test,
            self.test_labelled,
            self.validation,
            self.speed,
            *self.numbers.values(),
            *self.observed.values(),
        ):
            series.forget_after(step)
        self.moments = [moment for moment in self.moments if moment.step <= step]
        self.key_moments = {name: told for name, told in self.key_moments.items() if told.step <= step}
        self.models = {role: told for role, told in self.models.items() if told.step <= step}
        self.rebuilt = [told for told in self.rebuilt if told.step <= step]
        self.item = self.item if self.item is not None and self.item.step <= step else None
        self.step = step
        self.epoch = step // self.steps_per_epoch
        self.state = "running"


def _load_checked(load: Callable[[], Arrays]) -> CheckedArrays:
    return check_arrays(load())
