"""Whether an event can have been: what no run of ours says is passed over, and of the rest odd numbers are left out.

A file may hold anything, and what is drawn from it must be drawable: painters add, divide and round what they are given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from studio.core.network_reading import NetworkReading
from studio.core.score_scale import ScoreReading
from studio.events import (
    AgreementReading,
    EpochDone,
    Event,
    GroupAgreement,
    ItemDone,
    ModelMeasured,
    PairedReading,
    PlanChanged,
    RunEnded,
    RunStarted,
    Snapshot,
    StageObserved,
    StudentRebuilt,
)

E = TypeVar("E", bound=Event)
#: Steps and epochs of a run; a step of a millisecond takes thirty years to come so far.
MOST_STEPS = 10**12
#: Stages, groups of layers and classes of a run.
MOST_STAGES, MOST_GROUPS, MOST_CLASSES = 1000, 1000, 100_000
#: Blocks of a network.
MOST_BLOCKS = 500
#: Figures of an item, or that a stage watches.
MOST_NUMBERS = 100
#: Beyond this a reading says no more than that training has gone astray.
LARGEST_READING = 1e30
_LONGEST = 1e12
_TOLERANCE = 1e-6


def checked(event: E) -> E:
    """The event as it can be drawn: fractions outside [0, 1] and the like are not known.

    Raises:
        ValueError: where it stands in the run, or its plan, cannot be.
    """
    _check_range(event.step, event.epoch)
    match event:
        case RunStarted():
            _check_plan(event)
            _check_begun(event)
            headline = event.headline.on_one_line()
            return replace(event, teacher_accuracy=fraction(event.teacher_accuracy), headline=headline)
        case PlanChanged():
            _check_plan(event)
        case EpochDone():
            test, validation = fraction(event.test_accuracy), fraction(event.validation_accuracy)
            return replace(event, test_accuracy=test, validation_accuracy=validation, score=_drawable(event.score))
        case ModelMeasured():
            if fraction(event.accuracy) is None:
                raise ValueError(event.accuracy)
            told = tuple(one for one in event.differences if _is_difference(one))
            return replace(
                event,
                low=fraction(event.low),
                high=fraction(event.high),
                differences=told,
                score=_checked_score(event.score),
            )
        case ItemDone(numbers=told) | StageObserved(readings=told):
            _check_numbers(event, len(told))
        case StudentRebuilt():
            _check_networks(event.teacher, event.student, event.planned)
        case RunEnded():
            return replace(
                event,
                test_accuracy=fraction(event.test_accuracy),
                teacher_accuracy=fraction(event.teacher_accuracy),
                seconds=event.seconds if 0 <= event.seconds <= _LONGEST else 0.0,
            )
        case Snapshot(agreement=groups) if groups:
            return replace(event, agreement=tuple(_checked_group(one) for one in groups if _is_reading(one.fitted)))
    return event


def fraction(value: float | None) -> float | None:
    """A number in [0, 1], rounding forgiven; None where it is none."""
    if value is None or not -_TOLERANCE <= value <= 1 + _TOLERANCE:
        return None
    return value


def readings_or_gaps(values: np.ndarray | float) -> np.ndarray:
    """Readings of a curve, (n,) or one, with NaN, where the curve has a gap, for all that cannot be drawn."""
    numbers = np.asarray(values, np.float64)
    return np.where(np.abs(numbers) <= LARGEST_READING, numbers, np.nan)


def _check_range(*counts: int) -> None:
    for count in counts:
        if not 0 <= count <= MOST_STEPS:
            raise ValueError(count)


def _check_numbers(event: ItemDone | StageObserved, told: int) -> None:
    if told > MOST_NUMBERS:
        raise ValueError(told)
    if isinstance(event, ItemDone):
        _check_range(event.item, event.items)


def _check_begun(event: RunStarted) -> None:
    _check_range(event.steps_per_epoch, event.batch_size)
    if len(event.groups) > MOST_GROUPS or len(event.classes) > MOST_CLASSES:
        raise ValueError(len(event.groups))


def _check_plan(event: RunStarted | PlanChanged) -> None:
    _check_range(event.steps, event.epochs)
    if len(event.plan) > MOST_STAGES:
        raise ValueError(len(event.plan))
    for stage in event.plan:
        _check_range(stage.begin, stage.end)
        if stage.end < stage.begin:
            raise ValueError(stage.end)


def _check_networks(*networks: NetworkReading) -> None:
    for network in networks:
        if not 0 <= network.milliseconds <= _LONGEST or not 1 <= len(network.blocks) <= MOST_BLOCKS:
            raise ValueError(len(network.blocks))
        for block in network.blocks:
            _check_range(block.channels, block.height, block.parameters, block.macs)


def _is_difference(told: PairedReading) -> bool:
    """Whether two fractions can differ so."""
    return all(abs(value) <= 1 + _TOLERANCE for value in (told.value, told.low, told.high))


def _drawable(value: float | None) -> float | None:
    """A number that an axis can bear; None where it is none."""
    return value if value is not None and abs(value) <= LARGEST_READING else None


def _checked_score(score: ScoreReading | None) -> ScoreReading | None:
    if score is None or _drawable(score.value) is None:
        return None
    low, high = _drawable(score.low), _drawable(score.high)
    known = low is not None and high is not None and low <= high
    return score if known else ScoreReading(score.value)


def _is_reading(reading: AgreementReading) -> bool:
    return fraction(reading.agreement) is not None and fraction(reading.chance) is not None


def _checked_group(group: GroupAgreement) -> GroupAgreement:
    known = group.own is None or _is_reading(group.own)
    return group if known else replace(group, own=None, way=None)
