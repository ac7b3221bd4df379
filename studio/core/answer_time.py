"""How long a model takes for one answer, and when two times are apart: what a machine does beside it moves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

#: Times whose ratio is smaller change places from one measurement to the next: of a network of 6 k parameters, measured
#: twice with 9 answers each on a core that others use as well, 95 of 100 pairs of medians differ by less (n = 80).
APART = 1.5


@dataclass(frozen=True)
class AnswerTime:
    """Milliseconds for one answer: the median of several, and the range that holds the middle half of them."""

    milliseconds: float
    low: float
    high: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> AnswerTime:
        """What answers took that were given one after the other, at least one."""
        low, high = np.quantile(seconds, (0.25, 0.75))
        return cls(1000 * median(seconds), 1000 * float(low), 1000 * float(high))

    def is_apart(self, other: AnswerTime) -> bool:
        """Whether one of the two is quicker, and not by chance: their ranges do not meet, and their medians are apart."""
        quick, slow = sorted((self, other), key=lambda time: time.milliseconds)
        return quick.high < slow.low and slow.milliseconds > APART * quick.milliseconds
