"""What a number may be, in one sentence: a form says it below a field, an experiment file is refused with it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from studio.core.format import setting_limit
from studio.core.message import Text

#: By whether the lower end is included (None: there is none), and the upper one.
_SENTENCES = {
    (True, True): "It must be {number} from {low} to {high}.",
    (False, True): "It must be {number} above {low}, up to {high}.",
    (True, False): "It must be {number} from {low} to less than {high}.",
    (False, False): "It must be {number} between {low} and {high}, neither of them included.",
    (True, None): "It must be {number}, at least {low}.",
    (False, None): "It must be {number} above {low}.",
    (None, True): "It must be {number}, at most {high}.",
    (None, False): "It must be {number} below {high}.",
    (None, None): "It must be {number}.",
}
_WHOLE, _ANY = Text("a whole number"), Text("a number")
_WITH_UNIT = "{n} {unit}"


@dataclass(frozen=True)
class Limits:
    """The range of a number.

    Attributes:
        whole: whether it has no fraction.
        low, high: its ends, included; ``above``, ``below``: ends not included.
        unit: what is counted or measured; may be empty.
    """

    whole: bool = False
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    unit: str = ""

    @classmethod
    def of(cls, constraints: Iterable[Any], *, whole: bool, unit: str = "") -> Limits:
        """Read off the constraints of a field of a settings model (``ge``, ``le``, ``gt``, ``lt``)."""
        found: dict[str, float] = {}
        for constraint in constraints:
            for ours, theirs in (("low", "ge"), ("high", "le"), ("above", "gt"), ("below", "lt")):
                limit = getattr(constraint, theirs, None)
                if isinstance(limit, (int, float)):
                    found[ours] = limit
        return cls(whole, unit=unit, **found)

    def hold(self, number: float) -> bool:
        """Whether ``number`` may stand; one that is not a number may not, nor one that is infinite."""
        return (
            math.isfinite(number)
            and (not self.whole or number == int(number))
            and (self.low is None or number >= self.low)
            and (self.high is None or number <= self.high)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )

    @property
    def sentence(self) -> Text:
        """What it must be, with its range and unit."""
        low = self.low if self.low is not None else self.above
        high = self.high if self.high is not None else self.below
        ends = (
            None if low is None else self.low is not None,
            None if high is None else self.high is not None,
        )
        values = {
            "number": _WHOLE if self.whole else _ANY,
            "low": _written(low),
            "high": Text(_WITH_UNIT, {"n": _written(high), "unit": Text(self.unit)}) if self.unit else _written(high),
        }
        return Text(_SENTENCES[ends], values)


def _written(limit: float | None) -> str:
    return "" if limit is None else setting_limit(limit)
