"""How much more often one model is right than another, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.runs.statistics.gap import RESAMPLES, SEED


@dataclass(frozen=True)
class Difference:
    """Accuracy of one less that of another, as fractions, with its 95 % interval."""

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
        first, second: (N,) bool, whether each test picture was answered rightly.

    Returns:
        None where they were not tested on equally many pictures, or on none.
    """
    n = len(first)
    if n == 0 or n != len(second):
        return None
    counts = np.bincount(2 * first.astype(int) + second.astype(int), minlength=4)  # of both wrong, second, first, both
    draws = np.random.default_rng(SEED).multinomial(n, counts / n, size=RESAMPLES) / n
    low, high = np.percentile(draws[:, 2] - draws[:, 1], [2.5, 97.5])
    return Difference(float(first.mean() - second.mean()), float(low), float(high))
