"""How much of the gap between the student alone and its teacher a distilled student closes, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from studio.core.format import NBSP, percent_range
from studio.core.message import NOTHING, Text, text
from studio.core.score_scale import ACCURACY_SCALE, ScoreScale

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

    @property
    def interval_words(self) -> str:
        """Its interval as it is written everywhere: ``95 % interval: −50 to 43 %``; empty where its ends say nothing."""
        known = math.isfinite(self.low) and math.isfinite(self.high)
        return f"95 % interval: {percent_range(self.low, self.high, 0)}{NBSP}%" if known else ""


def gap_closed(
    student: np.ndarray, alone: np.ndarray, teacher: np.ndarray, scale: ScoreScale = ACCURACY_SCALE
) -> tuple[Gap | None, Text]:
    """The share of the gap that is closed, or None and why there is none.

    Paired bootstrap over the test pictures: all three networks answered the same pictures, so pictures are drawn, not
    answers.

    Args:
        student, alone, teacher: (N,), what each test picture contributes to a score that is the mean over them: of the
            accuracy bool, whether it was answered rightly.
        scale: of that score; what is better decides whether there is a gap.

    Returns:
        The gap and an empty sentence; or None and a sentence, where the 95 % interval of teacher - alone includes 0.
    """
    if len({len(student), len(alone), len(teacher)}) != 1 or len(student) == 0:
        return None, Text("No share of the gap is given: the networks were not tested on the same pictures.")
    gained, room = _gains(student, alone, teacher, scale)
    if float(np.percentile(room[1:], 2.5)) <= 0:
        return None, _no_room(float(teacher.mean()), float(alone.mean()), scale)
    sure = room[1:] > 0  # fewer than 2.5 % of the resamples leave no room
    low, high = np.percentile(gained[1:][sure] / room[1:][sure], [2.5, 97.5])
    return Gap(float(gained[0] / room[0]), float(low), float(high)), NOTHING


def _gains(
    student: np.ndarray, alone: np.ndarray, teacher: np.ndarray, scale: ScoreScale
) -> tuple[np.ndarray, np.ndarray]:
    """How much better student and teacher are than the student alone: on all pictures, then on each resample, (1 + R,)."""
    sign = scale.gain(1.0, 0.0)
    if student.dtype == bool:
        counts = np.bincount(4 * student.astype(int) + 2 * alone.astype(int) + teacher.astype(int), minlength=8)
        n = len(student)
        draws = np.random.default_rng(SEED).multinomial(n, counts / n, size=RESAMPLES)
        gained, room = _differences(np.concatenate([counts[None], draws]) / n)
    else:
        gained, room = resampled_means(np.column_stack([student - alone, teacher - alone])).T
    return sign * gained, sign * room


def resampled_means(values: np.ndarray) -> np.ndarray:
    """Means of the rows of (N, C): of all of them, then of each resample, (1 + R, C)."""
    n = len(values)
    chance = np.random.default_rng(SEED)
    means = [values.mean(0)]
    for _ in range(RESAMPLES):
        drawn = np.bincount(chance.integers(n, size=n), minlength=n)
        means.append(drawn @ values / n)
    return np.stack(means)


def _no_room(teacher: float, alone: float, scale: ScoreScale) -> Text:
    """Why there is no gap to close between two figures."""
    if scale.are_alike(teacher, alone):
        template = "There is no gap to close: its teacher and the student alone both reach {alone}."
    elif scale.gain(teacher, alone) < 0:
        template = "There is no gap to close: its teacher ({teacher}) is behind the student alone ({alone})."
    else:
        template = "No share of the gap is given: its teacher ({teacher}) is not clearly better than the student alone ({alone})."
    return text(template, teacher=scale.told(teacher), alone=scale.told(alone))


def right(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Which rows of ``logits`` (N, K) have their largest value at the label: (N,) bool."""
    hits: np.ndarray = logits.argmax(axis=1) == labels
    return hits


def _differences(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """student - alone and teacher - alone of the shares (R, 8) of the eight patterns of right and wrong: two arrays (R,).

    A picture contributes to an accuracy one of these patterns, hence a resample is one multinomial draw over their counts.
    """
    pattern = np.arange(8)
    student, alone, teacher = (pattern >> 2) & 1, (pattern >> 1) & 1, pattern & 1
    return shares @ (student - alone), shares @ (teacher - alone)
