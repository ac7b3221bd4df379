"""A named figure of a model on the test part, with its direction and its unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Better = Literal["higher", "lower"]

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
    unit: str = "share"
    better: Better = "higher"
