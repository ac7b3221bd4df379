"""How much better a student is than the one alone over several splits of the data, told with the error of the pairs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from studio.core.format import figure
from studio.core.message import Text, text
from studio.core.score_scale import ACCURACY_SCALE, SHARE, ScoreScale
from studio.runs.run_info import RunInfo
from studio.runs.statistics.difference import mean_difference, standard_error
from studio.runs.statistics.gap import Gap


@dataclass(frozen=True)
class PairedGain:
    """The differences between student and student alone on the same split: where one split is harder, it is so for both.

    Attributes:
        gains: of each split, in the unit of the score; positive where the student is better.
    """

    gains: tuple[float, ...]
    scale: ScoreScale = ACCURACY_SCALE

    @classmethod
    def of(cls, runs: Sequence[RunInfo], scale: ScoreScale) -> PairedGain | None:
        """None of a single run, and where one of them has no student alone."""
        gains = tuple(
            scale.gain(run.reached.value, run.alone_reference.value)
            for run in runs
            if run.reached is not None and run.alone_reference is not None
        )
        return cls(gains, scale) if 1 < len(gains) == len(runs) else None

    @property
    def value(self) -> float:
        """The mean."""
        return statistics.fmean(self.gains)

    @property
    def error(self) -> float:
        """The standard error of the mean. Splits share rows to learn from, so that it is rather too small."""
        return standard_error(self.gains)

    @property
    def interval(self) -> Gap | None:
        """The mean with its 95 % interval by Student's t distribution; None of two splits."""
        sure = mean_difference(self.gains)
        return Gap(sure.value, sure.low, sure.high) if sure is not None else None

    @property
    def words(self) -> Text:
        """``1.7 ± 0.5 points better than alone``."""
        size = abs(self.value)
        if self.scale.unit == SHARE:
            told = text("{value:.1f} ± {error:.1f} points", value=100 * size, error=100 * self.error)
        else:
            told = Text(figure(size, self.scale.unit, self.error))
        template = "{amount} worse than alone" if self.value < 0 else "{amount} better than alone"
        return text(template, amount=told)
