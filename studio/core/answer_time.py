"""How long a model takes for one answer, and when two times are apart: what a machine does beside it moves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np

#: Times whose ratio is smaller change places from one measurement to the next: of a network of 6 k parameters, measured
#: twice with 9 answers each on a core that others use as well, 95 of 100 pairs of medians differ by less (n = 80).
APART = 1.5
#: Where a quarter of the answers take more than so many times the median, something else had the computer meanwhile.
STEADY = 2.0
#: What can be said of a time beside others: quicker or slower than all; like one of them; nothing, as the computer is busy.
Standing = Literal["apart", "alike", "busy"]


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

    @property
    def is_steady(self) -> bool:
        """Whether the median says something: the slowest quarter of the answers took no more than twice as long."""
        return self.high <= STEADY * self.milliseconds

    def standing(self, others: Sequence[AnswerTime]) -> Standing:
        """What can be said of it beside the times of others. Busy, where its own answers scatter, or where their scatter is
        larger than a difference of medians that would else count."""
        if not self.is_steady:
            return "busy"
        steady = [other for other in others if other.is_steady]
        if any(self._differs_from(other) and not self.is_apart(other) for other in steady):
            return "busy"
        return "apart" if all(self.is_apart(other) for other in steady) else "alike"

    def _differs_from(self, other: AnswerTime) -> bool:
        quick, slow = sorted((self.milliseconds, other.milliseconds))
        return slow > APART * quick

    def is_apart(self, other: AnswerTime) -> bool:
        """Whether one of the two is quicker, and not by chance: their ranges do not meet, and their medians are apart."""
        quick, slow = sorted((self, other), key=lambda time: time.milliseconds)
        return quick.high < slow.low and self._differs_from(other)
