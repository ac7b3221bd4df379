"""The headline number: its value, how sure it is, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest

from studio.runs.statistics.gap import Gap, gap_closed, right
from studio.runs.statistics.intervals import wilson


def drawn(share: float, n: int = 1000, seed: int = 0) -> np.ndarray:
    """Whether each of ``n`` pictures is answered rightly, at random."""
    return np.random.default_rng(seed).random(n) < share


def test_it_is_the_share_of_the_way_from_alone_to_teacher() -> None:
    pictures = np.arange(1000)
    gap, words = gap_closed(pictures < 800, pictures < 500, pictures < 900)
    assert gap is not None
    assert gap.value == pytest.approx(0.75)
    assert gap.low < gap.value < gap.high
    assert not words


def test_it_may_be_more_than_all_or_less_than_nothing() -> None:
    pictures = np.arange(1000)
    more, _ = gap_closed(pictures < 950, pictures < 500, pictures < 900)
    less, _ = gap_closed(pictures < 450, pictures < 500, pictures < 900)
    assert more is not None
    assert less is not None
    assert more.value > 1
    assert less.value < 0


def test_its_interval_is_that_of_drawing_pictures_again() -> None:
    """Against the loop one would write: draw rows, take three means, divide."""
    student, alone, teacher = drawn(0.8, seed=1), drawn(0.6, seed=2), drawn(0.9, seed=3)
    rng = np.random.default_rng(0)
    ratios = []
    for _ in range(4000):
        rows = rng.integers(0, 1000, 1000)
        room = teacher[rows].mean() - alone[rows].mean()
        ratios.append((student[rows].mean() - alone[rows].mean()) / room)
    low, high = np.percentile(ratios, [2.5, 97.5])
    gap, _ = gap_closed(student, alone, teacher)
    assert gap is not None
    assert gap.low == pytest.approx(low, abs=0.02)
    assert gap.high == pytest.approx(high, abs=0.02)


def test_it_is_the_same_whenever_it_is_computed() -> None:
    three = drawn(0.8, seed=1), drawn(0.6, seed=2), drawn(0.9, seed=3)
    assert gap_closed(*three) == gap_closed(*three)


@pytest.mark.parametrize(
    ("teacher", "why"),
    [
        (510, "its teacher (51.0 %) is not clearly better than the student alone (50.0 %)"),
        (500, "its teacher and the student alone both reach 50.0 %"),
        (300, "its teacher (30.0 %) is behind the student alone (50.0 %)"),
    ],
)
def test_there_is_none_where_the_teacher_is_not_clearly_better(teacher: int, why: str) -> None:
    pictures = np.arange(1000)
    gap, words = gap_closed(pictures < 550, pictures < 500, pictures >= 1000 - teacher)
    assert gap is None
    assert why in str(words)


def test_pairing_makes_a_small_sure_difference_count() -> None:
    """The teacher is right wherever the student alone is, and on thirty pictures more: unpaired, that is chance."""
    pictures = np.arange(1000)
    gap, _ = gap_closed(pictures < 615, pictures < 600, pictures < 630)
    assert gap is not None
    assert gap.value == pytest.approx(0.5)


def test_there_is_none_where_the_pictures_differ() -> None:
    gap, words = gap_closed(drawn(0.8), drawn(0.5, n=999), drawn(0.9))
    assert gap is None
    assert "same pictures" in str(words)


def test_the_largest_logit_is_the_answer() -> None:
    logits = np.array([[0.1, 0.9], [0.8, 0.2], [0.4, 0.6]])
    assert right(logits, np.array([1, 0, 0])).tolist() == [True, True, False]


def test_a_gap_unpacks_as_three_numbers() -> None:
    value, low, high = Gap(0.7, 0.6, 0.8)
    assert (value, low, high) == (0.7, 0.6, 0.8)


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [(0.5, 100, 0.4038, 0.5962), (1.0, 10, 0.7225, 1.0), (0.0, 10, 0.0, 0.2775), (0.9, 359, 0.8647, 0.9269)],
)
def test_wilsons_interval(share: float, n: int, low: float, high: float) -> None:
    assert wilson(share, n) == pytest.approx((low, high), abs=2e-4)
