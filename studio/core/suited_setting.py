"""A setting whose best value follows from other choices: what suits them, and what is said beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.core.message import NOTHING, Text

#: How many times more or less than what suits is far from it.
FAR = 3.0


@dataclass(frozen=True)
class SuitedSetting:
    """A setting that suits what was picked, where the published default does not.

    Attributes:
        value: what suits.
        fits: said while the setting has it.
        advice: said while it is another by far.
    """

    value: float
    fits: Text
    advice: Text

    def words(self, value: Any) -> Text:
        """What is to be said beside the setting while it has ``value``; nothing of one that is about as good."""
        if value == self.value:
            return self.fits
        if not isinstance(value, (int, float)) or self.value / FAR <= value <= self.value * FAR:
            return NOTHING
        return self.advice
