"""What the numbers of a score mean: its name, its unit and its direction, and how they are written, compared and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.core.format import NBSP, figure, percent, percent_range
from studio.core.message import Text, text
from studio.core.printable import one_line

Better = Literal["higher", "lower"]
#: The unit of a fraction of the examples, which is written in percent.
SHARE = "share"
#: The name of the score that every classifier has.
ACCURACY = "accuracy"
#: Letters of a name or a unit.
LONGEST = 60


@dataclass(frozen=True)
class ScoreReading:
    """A score with its 95 % interval, where that is known."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ScoreScale:
    """What the numbers of a score mean, so that they are written, compared and drawn as what they are.

    Attributes:
        name: "accuracy", "squared error", "recall@1", ...
        unit: "share" for a fraction of the examples, else what stands behind the number.
        better: in which direction.
    """

    name: str = ACCURACY
    unit: str = SHARE
    better: Better = "higher"

    def on_one_line(self) -> ScoreScale:
        """The same as it can be shown: its name and unit may stand in a stranger's file."""
        return ScoreScale(one_line(self.name, LONGEST), one_line(self.unit, LONGEST), self.better)

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

    @property
    def is_accuracy(self) -> bool:
        """Whether it is the score that goes without saying."""
        return self.name == ACCURACY

    @property
    def axis_factor(self) -> float:
        """What a number is multiplied with where it is drawn: shares are drawn in percent."""
        return 100.0 if self.unit == SHARE else 1.0

    @property
    def axis_unit(self) -> str:
        """The unit of the numbers that are drawn; empty where they have none."""
        return "%" if self.unit == SHARE else self.unit

    def are_alike(self, first: float, second: float) -> bool:
        """Whether two numbers are written alike."""
        return self.words(first) == self.words(second)


#: Of the score that every classifier has.
ACCURACY_SCALE = ScoreScale()
