"""A named figure of a model on the test part, with its direction and its unit, and how such figures are written and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from studio.core.format import NBSP, figure, percent, percent_range
from studio.core.message import Text, text

Better = Literal["higher", "lower"]
#: The unit of a fraction of the examples, which is written in percent.
SHARE = "share"

#: The names of the scores a network that classifies has.
ACCURACY, VALIDATION_ACCURACY = "accuracy", "validation accuracy"


class Score(BaseModel):
    """One figure.

    Attributes:
        value, low, high: with its 95 % interval, where that is known.
        n: examples it was measured on.
        unit: "share" for a fraction of the examples, else what stands behind the number.
        better: in which direction.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0
    unit: str = SHARE
    better: Better = "higher"

    def scale(self, name: str) -> ScoreScale:
        """What its number means where it stands under ``name``."""
        return ScoreScale(name, self.unit, self.better)


@dataclass(frozen=True)
class ScoreScale:
    """What the numbers of a score mean, so that they are written, compared and drawn as what they are.

    Attributes:
        name: "accuracy", "squared error", "recall@1", ...
        unit, better: see :class:`Score`.
    """

    name: str = ACCURACY
    unit: str = SHARE
    better: Better = "higher"

    def words(self, value: float | None, deviation: float | None = None) -> str:
        """A number as it is written: ``84.9 %``, ``0.0123``, ``3.2 ± 0.1 ms``."""
        return percent(value, deviation=deviation) if self.unit == SHARE else figure(value, self.unit, deviation)

    def range_words(self, low: float, high: float) -> str:
        """The ends of an interval with their unit: ``80.1 to 87.0 %``."""
        if self.unit == SHARE:
            return f"{percent_range(low, high)}{NBSP}%"
        return f"{figure(low)} to {figure(high, self.unit)}"

    def spread_words(self, mean: float, deviation: float | None, n: int) -> str:
        """A mean over ``n`` seeds: ``84.2 ± 0.3 %  (n 3)``; one seed is its value alone."""
        several = n >= 2 and deviation is not None
        return f"{self.words(mean, deviation)}  (n{NBSP}{n})" if several else self.words(mean)

    def labelled(self, words: str) -> str:
        """A written number with the name of the score before it, where that is not the accuracy."""
        return words if self.name == ACCURACY else f"{self.name} {words}"

    def told(self, value: float) -> Text:
        """A number in a sentence: ``84.9 %`` of the accuracy, which goes without saying, else ``squared error 0.0123``."""
        written = text("{value:.1f} %", value=100 * value) if self.unit == SHARE else Text(self.words(value))
        return written if self.name == ACCURACY else text("{score} {value}", score=self.name, value=written)

    def gain(self, first: float, second: float) -> float:
        """How much better ``first`` is than ``second``, in the score's own unit; negative where it is worse."""
        return first - second if self.better == "higher" else second - first

    def are_alike(self, first: float, second: float) -> bool:
        """Whether two numbers are written alike."""
        return self.words(first) == self.words(second)


#: Of the score that every classifier has.
ACCURACY_SCALE = ScoreScale()
