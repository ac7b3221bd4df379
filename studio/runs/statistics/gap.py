"""How much of the gap between the student alone and its teacher a distilled student closes, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from studio.core.format import percent
from studio.core.message import NOTHING, Text, text

RESAMPLES = 2000
#: Of a generator of its own: the interval is the same whenever it is computed, and disturbs no other draw.
SEED = 20_260_101


@dataclass(frozen=True)
class Gap:
    """(student - alone) / (teacher - alone), with its 95 % interval; 1 is the whole gap. Unpacks as three numbers."""

    value: float
    low: float
    high: float

    def __iter__(self) -> Iterator[float]:
        return iter((self.value, self.low, self.high))


def gap_closed(student: np.ndarray, alone: np.ndarray, teacher: np.ndarray) -> tuple[Gap | None, Text]:
    """The share of the gap that is closed, or None and why there is none.

    Paired bootstrap over the test pictures: all three networks answered the same pictures, so pictures are drawn, not
    answers. What a picture contributes is one of eight patterns of right and wrong, hence a resample of N pictures is
    one multinomial draw over the eight counts.

    Args:
        student, alone, teacher: (N,) bool, whether each test picture was answered rightly.

    Returns:
        The gap and an empty sentence; or None and a sentence, where the 95 % interval of teacher - alone includes 0.
    """
    if len({len(student), len(alone), len(teacher)}) != 1 or len(student) == 0:
        return None, Text("No share of the gap is given: the networks were not tested on the same pictures.")
    counts = np.bincount(4 * student.astype(int) + 2 * alone.astype(int) + teacher.astype(int), minlength=8)
    n = len(student)
    draws = np.random.default_rng(SEED).multinomial(n, counts / n, size=RESAMPLES)
    gained, room = _differences(draws / n)
    value_gained, value_room = _differences(counts[None] / n)
    if float(np.percentile(room, 2.5)) <= 0:
        return None, _no_room(float(teacher.mean()), float(alone.mean()))
    sure = room > 0  # fewer than 2.5 % of the resamples leave no room
    low, high = np.percentile(gained[sure] / room[sure], [2.5, 97.5])
    return Gap(float(value_gained[0] / value_room[0]), float(low), float(high)), NOTHING


def _no_room(teacher: float, alone: float) -> Text:
    """Why there is no gap to close between two fractions."""
    if percent(teacher) == percent(alone):
        template = "There is no gap to close: its teacher and the student alone both reach {alone:.1f} %."
    elif teacher < alone:
        template = (
            "There is no gap to close: its teacher ({teacher:.1f} %) is behind the student alone ({alone:.1f} %)."
        )
    else:
        template = (
            "No share of the gap is given: its teacher ({teacher:.1f} %) is not clearly better than the student "
            "alone ({alone:.1f} %)."
        )
    return text(template, teacher=100 * teacher, alone=100 * alone)


def right(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Which rows of ``logits`` (N, K) have their largest value at the label: (N,) bool."""
    hits: np.ndarray = logits.argmax(axis=1) == labels
    return hits


def _differences(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """student - alone and teacher - alone of pattern shares (R, 8): two arrays (R,)."""
    pattern = np.arange(8)
    student, alone, teacher = (pattern >> 2) & 1, (pattern >> 1) & 1, pattern & 1
    return shares @ (student - alone), shares @ (teacher - alone)
