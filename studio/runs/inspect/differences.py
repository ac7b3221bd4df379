"""The test pictures on which what a run has learnt, its teacher and its student alone differ most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from studio.runs.inspect.asked_model import SEATS, Seat
from studio.training.predictions import Predictions

#: Pictures of a set that are shown.
SHOWN = 24


@dataclass(frozen=True, eq=False)
class DifferenceSet:
    """Pictures on which some are right and others wrong, the most different first.

    Attributes:
        right, wrong: who is.
        count: how many there are.
        rows: (n,) int64, rows of the test part; n is at most :data:`SHOWN`.
        labels: (n,) int64, their classes.
        answers: by seat the class each answers there, (n,) int64, and how sure it is, (n,) float32.
    """

    right: tuple[Seat, ...]
    wrong: tuple[Seat, ...]
    count: int
    rows: np.ndarray
    labels: np.ndarray
    answers: Mapping[Seat, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class DifferingPictures:
    """All sets of a run, and its test pictures at the rows they name.

    Attributes:
        tested: test pictures in all.
        inputs: by row, uint8 (C, H, W) of a picture.
        words: by row of a table, what its first columns say, a line each; nothing of other data.
    """

    tested: int
    sets: tuple[DifferenceSet, ...]
    inputs: Mapping[int, np.ndarray]
    words: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def difference_sets(own: Predictions, alone: Predictions | None) -> tuple[DifferenceSet, ...]:
    """Who is right where the others are wrong.

    Args:
        own: answers of a run's student and, where it has one, of its teacher.
        alone: those of the student alone on the same pictures, where there is one.

    Returns:
        Of the student and the student alone - of student and teacher where there is none alone - those one gets and the
        other does not, both ways, and those that all get wrong. The numbers of the first two differ by the difference
        of the two scores, in pictures. Empty where there is nobody to compare with.
    """
    logits: dict[Seat, np.ndarray] = {"student": own.student}
    if own.teacher is not None:
        logits["teacher"] = own.teacher
    if alone is not None and np.array_equal(alone.labels, own.labels) and alone.student.shape == own.student.shape:
        logits["alone"] = alone.student
    rival: Seat = "alone" if "alone" in logits else "teacher"
    if rival not in logits:
        return ()
    there = tuple(seat for seat in SEATS if seat in logits)
    sure = {seat: _softmax(values) for seat, values in logits.items()}
    right = {seat: values.argmax(1) == own.labels for seat, values in sure.items()}
    of_truth = {seat: values[np.arange(len(values)), own.labels] for seat, values in sure.items()}
    lead = of_truth["student"] - of_truth[rival]
    nobody = ~np.logical_or.reduce([right[seat] for seat in there])
    answered = {seat: (values.argmax(1), values.max(1).astype(np.float32)) for seat, values in sure.items()}
    doubt = np.mean([answered[seat][1] for seat in there], axis=0)
    wanted: tuple[tuple[tuple[Seat, ...], tuple[Seat, ...], np.ndarray, np.ndarray], ...] = (
        (("student",), (rival,), right["student"] & ~right[rival], lead),
        ((rival,), ("student",), right[rival] & ~right["student"], -lead),
        ((), there, nobody, doubt),
    )
    return tuple(_set(who, not_who, where, by, own.labels, answered) for who, not_who, where, by in wanted)


def _set(
    right: tuple[Seat, ...],
    wrong: tuple[Seat, ...],
    where: np.ndarray,
    by: np.ndarray,
    labels: np.ndarray,
    answered: Mapping[Seat, tuple[np.ndarray, np.ndarray]],
) -> DifferenceSet:
    """The rows ``where`` holds, those with the largest ``by`` first."""
    rows = np.flatnonzero(where)
    first = rows[np.argsort(-by[rows], kind="stable")][:SHOWN]
    answers = {seat: (best[first], sure[first]) for seat, (best, sure) in answered.items()}
    return DifferenceSet(right, wrong, len(rows), first, labels[first], answers)


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits.astype(np.float64) - logits.max(1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(1, keepdims=True)
    return shares
