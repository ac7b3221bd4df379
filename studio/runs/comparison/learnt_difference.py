"""What one model has learnt and the other has not: test pictures that only one of them answers rightly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from studio.runs.statistics.gap import right
from studio.training.predictions import Predictions


@dataclass(frozen=True, eq=False)
class LearntDifference:
    """Counts and cases; of several seeds means over their pairs. N pictures, K classes.

    Attributes:
        labels: (N,) int64.
        first_right, second_right: (N,) the share of the seeds in which each answers rightly, in [0, 1].
        both, neither: how many pictures both answer rightly, and how many neither.
        first_answers, second_answers: (N,) what each answered where the other was right, else in its first seed.
        surer: (N,) how much more probability the first gives to the label.
        classes: their names; numbers where they have none.
    """

    labels: np.ndarray
    first_right: np.ndarray
    second_right: np.ndarray
    both: float
    neither: float
    first_answers: np.ndarray
    second_answers: np.ndarray
    surer: np.ndarray
    classes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many pictures they were tested on."""
        return len(self.labels)

    @property
    def first_only(self) -> float:
        """Pictures that only the first answers rightly."""
        return float(self.first_right.sum()) - self.both

    @property
    def second_only(self) -> float:
        """Pictures that only the second answers rightly."""
        return float(self.second_right.sum()) - self.both

    @cached_property
    def counts(self) -> tuple[int, int, int, int]:
        """Both, first only, second only, neither, in whole pictures that add up to all of them."""
        parts = np.array([self.both, self.first_only, self.second_only, self.neither])
        both, first, second, neither = whole(parts, self.n).tolist()
        return both, first, second, neither

    @property
    def gained(self) -> int:
        """Whole pictures the first gets more than the second: the difference of their accuracies times N."""
        return self.counts[1] - self.counts[2]

    @cached_property
    def gain_by_class(self) -> np.ndarray:
        """(K,) int64, pictures of each class that the first gets more; they add up to :attr:`gained`."""
        return whole(np.bincount(self.labels, self.first_right - self.second_right, self.class_count), self.gained)

    @cached_property
    def class_sizes(self) -> np.ndarray:
        """(K,) pictures of each class."""
        return np.bincount(self.labels, minlength=self.class_count)

    @property
    def class_count(self) -> int:
        """K."""
        return max(len(self.classes), int(self.labels.max(initial=-1)) + 1)

    @cached_property
    def first_cases(self) -> np.ndarray:
        """Rows that the first answers rightly more often than the second, those of the clearest difference first."""
        return self._cases(self.first_right - self.second_right, self.surer)

    @cached_property
    def second_cases(self) -> np.ndarray:
        """The reverse."""
        return self._cases(self.second_right - self.first_right, -self.surer)

    @property
    def swapped(self) -> LearntDifference:
        """The same with the sides exchanged."""
        return LearntDifference(
            self.labels,
            self.second_right,
            self.first_right,
            self.both,
            self.neither,
            self.second_answers,
            self.first_answers,
            -self.surer,
            self.classes,
        )

    @staticmethod
    def _cases(ahead: np.ndarray, surer: np.ndarray) -> np.ndarray:
        order = np.lexsort((np.arange(len(ahead)), -surer, -ahead))
        cases: np.ndarray = order[ahead[order] > 0]
        return cases


def learnt_difference(
    pairs: Sequence[tuple[Predictions, Predictions]], classes: tuple[str, ...] = ()
) -> LearntDifference | None:
    """What the firsts of ``pairs``, one pair a seed, have learnt that the seconds have not.

    Returns:
        None without pairs, or where not all of them answered the same pictures.
    """
    if not pairs:
        return None
    labels = pairs[0][0].labels
    if len(labels) == 0 or not all(np.array_equal(labels, told.labels) for pair in pairs for told in pair):
        return None
    rows = np.arange(len(labels))
    firsts, seconds = ([right(told.student, labels) for told in side] for side in zip(*pairs, strict=True))
    surer = np.mean([_sureness(first, rows) - _sureness(second, rows) for first, second in pairs], axis=0)
    answers = [[told.student.argmax(1) for told in pair] for pair in pairs]
    chosen = [answers[0][0].copy(), answers[0][1].copy()]
    for (first, second), mine, other in zip(reversed(answers), reversed(firsts), reversed(seconds), strict=True):
        for side, parted in ((1, mine & ~other), (0, other & ~mine)):
            chosen[side][parted] = (first, second)[side][parted]
    return LearntDifference(
        labels,
        np.mean(firsts, axis=0),
        np.mean(seconds, axis=0),
        float(np.mean([(one & other).sum() for one, other in zip(firsts, seconds, strict=True)])),
        float(np.mean([(~one & ~other).sum() for one, other in zip(firsts, seconds, strict=True)])),
        chosen[0],
        chosen[1],
        surer,
        classes,
    )


def whole(parts: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers near ``parts``, (n,), that add up to ``total``: the largest remainders are rounded up.

    >>> whole(np.array([1.4, 1.4, 2.2]), 5)
    array([2, 1, 2])
    """
    floors = np.floor(parts + 1e-9)
    missing = int(total - floors.sum())
    found = floors.astype(np.int64)
    order = np.argsort(-(parts - floors), kind="stable")
    each, rest = divmod(missing, len(parts)) if len(parts) else (0, 0)
    found += each
    found[order[:rest]] += 1
    return found


def _sureness(told: Predictions, rows: np.ndarray) -> np.ndarray:
    """(N,) the probability of the label."""
    logits = told.student.astype(np.float64)
    powers = np.exp(logits - logits.max(1, keepdims=True))
    sure: np.ndarray = powers[rows, told.labels] / powers.sum(1)
    return sure
