"""A named figure of a model on the test part, with its direction and its unit."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from studio.core.score_scale import SHARE, Better, ScoreScale

#: The name of the score by which a network that classifies may be chosen.
VALIDATION_ACCURACY = "validation accuracy"


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
