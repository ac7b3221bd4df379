"""How much one model differs from another in a score, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.runs.statistics.gap import RESAMPLES, SEED, resampled_means

#: The 97.5 % points of Student's t distribution with 2 to 29 degrees of freedom.
_T95 = (
    4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045,
)  # fmt: skip
#: With fewer pairs nothing is said about how sure their mean is.
LEAST_PAIRS = 3


@dataclass(frozen=True)
class Difference:
    """The score of one less that of another, with its 95 % interval; of accuracies a fraction."""

    value: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval lies to one side of 0."""
        return self.low > 0 or self.high < 0


def paired_difference(first: np.ndarray, second: np.ndarray) -> Difference | None:
    """Paired bootstrap over the test pictures: both models answered the same ones, so pictures are drawn, not answers.

    Args:
        first, second: (N,), what each test picture contributes to a score that is the mean over them: of the accuracy
            bool, whether it was answered rightly.

    Returns:
        None where they were not tested on equally many pictures, or on none.
    """
    n = len(first)
    if n == 0 or n != len(second):
        return None
    if first.dtype != bool or second.dtype != bool:
        means = resampled_means((first.astype(float) - second.astype(float))[:, None])[:, 0]
        low, high = np.percentile(means[1:], [2.5, 97.5])
        return Difference(float(means[0]), float(low), float(high))
    counts = np.bincount(2 * first.astype(int) + second.astype(int), minlength=4)  # of both wrong, second, first, both
    draws = np.random.default_rng(SEED).multinomial(n, counts / n, size=RESAMPLES) / n
    low, high = np.percentile(draws[:, 2] - draws[:, 1], [2.5, 97.5])
    return Difference(float(first.mean() - second.mean()), float(low), float(high))


def difference_of_shares(first: tuple[float, float, float], second: tuple[float, float, float]) -> Difference:
    """The difference of two accuracies of which only their intervals are known (Newcombe, Statistics in Medicine 1998).

    The distances to the ends of Wilson's intervals are added in squares. That holds for different test pictures; where
    both models answered the same ones the interval is wider than it need be.

    Args:
        first, second: an accuracy, a fraction, and the ends of its 95 % interval, see :func:`~.intervals.wilson`.

    Example:
        >>> difference_of_shares((0.80, 0.77, 0.83), (0.70, 0.67, 0.73)).is_sure
        True
    """
    value = first[0] - second[0]
    below = math.hypot(first[0] - first[1], second[2] - second[0])
    above = math.hypot(first[2] - first[0], second[0] - second[1])
    return Difference(value, value - below, value + above)


def standard_error(values: Sequence[float]) -> float:
    """Of the mean of these: their sample standard deviation by the root of their number; of paired differences the paired one.

    Raises:
        ValueError: there are fewer than two.
    """
    if len(values) < 2:
        raise ValueError("one value has no spread")
    return float(np.std(values, ddof=1)) / math.sqrt(len(values))


def mean_difference(differences: Sequence[float]) -> Difference | None:
    """The mean of paired differences, say seed by seed, with its 95 % interval by Student's t distribution.

    Returns:
        None for fewer than :data:`LEAST_PAIRS`.
    """
    n = len(differences)
    if n < LEAST_PAIRS:
        return None
    mean = float(np.mean(differences))
    half = _T95[min(n - LEAST_PAIRS, len(_T95) - 1)] * standard_error(differences)
    return Difference(mean, mean - half, mean + half)
