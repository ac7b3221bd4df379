"""The test errors of the models of chains: of one chain, or over the seeds of one experiment. Plain values, no Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studio.events import ModelMeasured, StageBand
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.time_axis import ACTIVE
from studio.runs.files.history import Reference, RunHistory
from studio.runs.statistics.difference import LEAST_PAIRS, Difference, difference_of_shares, mean_difference

#: The roles that mean the same in every chain.
TEACHER, ALONE = "teacher", "alone"


@dataclass(frozen=True)
class ModelError:
    """The test error of one model of a chain, a fraction, over the chains in which it is there.

    Attributes:
        role: what it is in the whole; ``members`` those whose answers are averaged, of an average.
        errors: one a chain, with its 95 % interval where known; empty while it has not come so far.
        chains: how many chains there are.
        taught_by: the role of the model it is compared with: that which taught it, of an average the first teacher;
            empty where there is none.
        gain: how much smaller its error is than that one's, with its 95 % interval; None where that cannot be said.
    """

    role: str
    errors: tuple[Reference, ...]
    chains: int
    members: tuple[str, ...] = ()
    taught_by: str = ""
    gain: Difference | None = None

    @property
    def n(self) -> int:
        """In how many chains it is there."""
        return len(self.errors)

    @property
    def mean(self) -> float | None:
        """Over the chains; None where it has not come so far in any."""
        return float(np.mean([error.value for error in self.errors])) if self.errors else None

    @property
    def spread(self) -> float | None:
        """The standard deviation over the chains; None for fewer than two."""
        return float(np.std([error.value for error in self.errors], ddof=1)) if self.n > 1 else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """What is drawn about the mean: a standard deviation either way; of a single chain its 95 % interval."""
        if self.mean is None:
            return None
        if self.spread is not None:
            return self.mean - self.spread, self.mean + self.spread
        low, high = self.errors[0].low, self.errors[0].high
        return (low, high) if low is not None and high is not None else None


@dataclass(frozen=True)
class ChainGroup:
    """Chains that differ in their seed alone. ``lead`` is the current one among them, else the first.

    Attributes:
        steps: the first teacher, wherever it comes from, then the others in the order of the plan.
        alone: the student that nobody taught; None where none is planned.
        averages: mean answers, in the order they were measured.
    """

    lead: ShownRun
    chains: tuple[ShownRun, ...]
    steps: tuple[ModelError, ...]
    alone: ModelError | None
    averages: tuple[ModelError, ...]

    @property
    def first_teacher(self) -> ModelError | None:
        """What taught first; None where there is none, or it is not known yet."""
        first = self.steps[0] if self.steps else None
        return first if first is not None and first.role == TEACHER and first.errors else None

    def model(self, members: tuple[str, ...]) -> ModelError | None:
        """That of a step, or the mean of several; None where it is not there."""
        if len(members) == 1:
            return next((step for step in self.steps if step.role == members[0]), None)
        return next((average for average in self.averages if average.members == members), None)


def chain_groups(shown: Sequence[ShownRun], current: ShownRun | None, epoch: float | None) -> list[ChainGroup]:
    """The chains among the runs, those of one experiment together; that of the current run first.

    Args:
        epoch: models that were measured later are left out; None leaves out none.
    """
    by_group: dict[str, list[ShownRun]] = {}
    for run in shown:
        if run.role == "run" and run.history.is_chain:
            by_group.setdefault(run.group or run.history.run, []).append(run)
    groups = []
    for chains in by_group.values():
        lead = next((run for run in chains if run is current), chains[0])
        groups.append(_group(lead, chains, [_Measured(run.history, epoch) for run in chains]))
    return sorted(groups, key=lambda group: group.lead is not current)


class _Measured:
    """What the models of one chain reached, up to a moment."""

    def __init__(self, history: RunHistory, epoch: float | None) -> None:
        self.history = history
        self._until = math.inf if epoch is None else epoch * history.steps_per_epoch + 1e-6

    def told(self, role: str) -> ModelMeasured | None:
        model = self.history.models.get(role)
        return model if model is not None and model.step <= self._until else None

    def accuracy(self, role: str) -> Reference | None:
        if role == TEACHER and not _trains_teacher(self.history.plan):
            return _sane(self.history.teacher) if self.history.teacher is not None else None
        told = self.told(role)
        return _sane(Reference(told.accuracy, told.low, told.high)) if told is not None else None

    def averages(self) -> list[ModelMeasured]:
        return [told for role, model in self.history.models.items() if model.members and (told := self.told(role))]


def _group(lead: ShownRun, chains: Sequence[ShownRun], measured: Sequence[_Measured]) -> ChainGroup:
    plan = max((run.history.plan for run in chains), key=len)
    taught_by = {band.name: _taught_by(band) for band in plan if band.name != ALONE}
    if not _trains_teacher(plan) and any(chain.history.teacher is not None for chain in measured):
        taught_by = {TEACHER: "", **taught_by}
    ended = all(run.history.state not in ACTIVE for run in chains)
    steps = [_model(role, teacher, measured) for role, teacher in taught_by.items()]
    if ended:  # a chain may end before all of its plan is done
        steps = [step for step in steps if step.errors or step.role == TEACHER]
    alone = [_model(ALONE, "", measured)] if any(band.name == ALONE for band in plan) else []
    averages = {told.role: told.members for chain in measured for told in chain.averages()}
    return ChainGroup(
        lead,
        tuple(chains),
        tuple(steps),
        alone[0] if alone and alone[0].errors else None,
        tuple(_model(role, TEACHER, measured, members) for role, members in averages.items()),
    )


def _taught_by(band: StageBand) -> str:
    """Who taught a step; where it is no step of the chain itself, that is the chain's own teacher."""
    return band.taught_by or ("" if band.name == TEACHER else TEACHER)


def _trains_teacher(plan: Sequence[StageBand]) -> bool:
    return any(band.name == TEACHER for band in plan)


def _model(role: str, taught_by: str, measured: Sequence[_Measured], members: tuple[str, ...] = ()) -> ModelError:
    own = [chain.accuracy(role) for chain in measured]
    others = [chain.accuracy(taught_by) if taught_by else None for chain in measured]
    pairs = [(one, other) for one, other in zip(own, others, strict=True) if one is not None and other is not None]
    errors = tuple(_error(accuracy) for accuracy in own if accuracy is not None)
    return ModelError(role, errors, len(measured), members, taught_by, _gain(pairs))


def _sane(accuracy: Reference) -> Reference | None:
    """An accuracy a stranger's file may hold, without an interval that is none; None where it is no fraction."""
    if not 0 <= accuracy.value <= 1:
        return None
    low, high = accuracy.low, accuracy.high
    known = low is not None and high is not None and 0 <= low <= high <= 1
    return accuracy if known else Reference(accuracy.value)


def _error(accuracy: Reference) -> Reference:
    low, high = accuracy.low, accuracy.high
    return Reference(1 - accuracy.value, None if high is None else 1 - high, None if low is None else 1 - low)


def _gain(pairs: Sequence[tuple[Reference, Reference]]) -> Difference | None:
    """Accuracy less that of the teacher: from three seeds on by their spread, of fewer by their intervals."""
    if len(pairs) >= LEAST_PAIRS:
        return mean_difference([one.value - other.value for one, other in pairs])
    found = []
    for one, other in pairs:
        if one.low is None or one.high is None or other.low is None or other.high is None:
            return None
        found.append(difference_of_shares((one.value, one.low, one.high), (other.value, other.low, other.high)))
    if not found:
        return None
    value, low, high = np.mean([(gain.value, gain.low, gain.high) for gain in found], axis=0)
    return Difference(float(value), float(low), float(high))


@dataclass(frozen=True, eq=False)
class StepCurve:
    """One step of a chain for its band.

    Attributes:
        role: what its model is in the whole.
        state: ``done``; it ``learns`` now; it is ``open``: it has not begun, or was broken off.
        x: how much of the step is done at each reading, a fraction, (n,).
        error: the test error at each reading, a fraction, (n,).
        reached: the test error of its model; None where it is not done.
        epoch, epochs: how far it is; 0 where that is not known.
    """

    role: str
    state: Literal["done", "learns", "open"]
    x: np.ndarray
    error: np.ndarray
    reached: float | None = None
    epoch: int = 0
    epochs: int = 0


def step_curves(run: ShownRun, epoch: float | None) -> list[StepCurve]:
    """The steps of a chain in the order of its plan, up to a moment; None is now."""
    history = run.history
    until = math.inf if epoch is None else epoch * history.steps_per_epoch + 1e-6
    curves = []
    for band in history.plan:
        told = history.models.get(band.name)
        if told is None and run.step is not None and run.step.role == band.name and band.begin <= until:
            curves.append(_learning(run.step, until - band.begin))
            continue
        x, y = history.test_labelled.x, history.test_labelled.y
        inside = (x > band.begin) & (x <= min(band.end, until))
        inside &= (y >= 0) & (y <= 1)
        through, error = (x[inside] - band.begin) / max(1, band.end - band.begin), 1 - y[inside]
        if told is not None and told.step <= until:
            curves.append(StepCurve(band.name, "done", through, error, 1 - told.accuracy))
        elif told is not None:
            curves.append(StepCurve(band.name, "learns" if band.begin <= until else "open", through, error))
        else:
            learns = epoch is None and history.state in ACTIVE and _is_next(history, band)
            curves.append(StepCurve(band.name, "learns" if learns else "open", through, error))
    if history.state in ("finished", "early_stop"):  # it may have ended before all of its plan was done
        curves = [curve for curve in curves if curve.role in history.models]
    return curves


def _learning(step: RunHistory, until: float) -> StepCurve:
    """The step that trains here now."""
    x, y = step.test_labelled.x, step.test_labelled.y
    inside = x <= until
    at = step.step if until == math.inf else min(step.step, max(0.0, until))
    return StepCurve(
        step.role, "learns", x[inside] / max(1, step.steps), 1 - y[inside], None,
        int(at / step.steps_per_epoch) if until != math.inf else step.epoch, step.epochs,
    )  # fmt: skip


def _is_next(history: RunHistory, band: StageBand) -> bool:
    return next((other for other in history.plan if other.name not in history.models), None) is band
