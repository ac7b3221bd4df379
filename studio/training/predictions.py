"""What networks answered on the test part, picture by picture: the ground of every comparison between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class Predictions:
    """Answers on the N pictures (or points) of the test part, as plain arrays.

    Attributes:
        labels: (N,) int64.
        student: (N, K) float32, logits.
        teacher: the same; None without a teacher that knows these classes.
    """

    labels: np.ndarray
    student: np.ndarray
    teacher: np.ndarray | None = None

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """By name, as they are stored."""
        named = {"student": self.student, "labels": self.labels}
        return named if self.teacher is None else {**named, "teacher": self.teacher}

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Predictions | None:
        """From :attr:`arrays` as they were read back; None where they are not all there."""
        if "student" not in arrays or "labels" not in arrays:
            return None
        return cls(arrays["labels"], arrays["student"], arrays.get("teacher"))
