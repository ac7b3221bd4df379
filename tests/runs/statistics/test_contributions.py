"""What pictures contribute to a score, and the shares of gaps in scores of which less is better."""

from __future__ import annotations

import numpy as np
import pytest

from studio.core.score_scale import ScoreScale
from studio.runs.statistics.contributions import contributions, measured_score
from studio.runs.statistics.difference import paired_difference
from studio.runs.statistics.gap import gap_closed
from studio.training.predictions import Predictions

LABELS = np.array([0, 1, 1])
LOGITS = np.log(np.array([[0.5, 0.5], [0.25, 0.75], [0.9, 0.1]]))
TOLD = Predictions(LABELS, LOGITS, np.log(np.array([[0.5, 0.5], [0.25, 0.75], [0.6, 0.4]])))
ERROR = ScoreScale("squared error", "", "lower")


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("accuracy", [True, True, False]),
        ("error", [0, 0, 1]),
        ("log loss", [-np.log(0.5), -np.log(0.75), -np.log(0.1)]),
        ("squared error", [0.5, 0.125, 1.62]),
        ("squared error to the teacher", [0, 0, 0.18]),
    ],
)
def test_what_each_picture_contributes(score: str, expected: list[float]) -> None:
    found = contributions(score, LOGITS, TOLD)
    assert found is not None
    assert np.allclose(found, expected)


def test_a_score_that_is_no_mean_over_pictures_has_none() -> None:
    assert contributions("recall@1", LOGITS, TOLD) is None
    assert contributions("squared error to the teacher", LOGITS, Predictions(LABELS, LOGITS)) is None
    assert measured_score("recall@1", LOGITS, TOLD) is None


def test_logits_that_are_far_apart_are_no_trouble() -> None:
    logits = np.array([[1e4, -1e4], [-1e4, 1e4], [0.0, 1e4]])
    for score in ("log loss", "squared error"):
        found = contributions(score, logits, TOLD)
        assert found is not None
        assert np.isfinite(found).all()


def test_a_measured_score_has_an_interval_and_its_direction() -> None:
    labels = np.arange(400) % 2
    logits = np.random.default_rng(0).normal(size=(400, 2))
    score = measured_score("squared error", logits, Predictions(labels, logits))
    assert score is not None
    assert score.low is not None and score.high is not None  # noqa: PT018 - one fact
    assert score.low < score.value < score.high
    assert (score.better, score.n) == ("lower", 400)


def errors(mean: float, seed: int = 0) -> np.ndarray:
    return mean + 0.1 * np.random.default_rng(seed).normal(size=2000)


def test_where_less_is_better_the_gap_is_closed_from_above() -> None:
    gap, why = gap_closed(errors(0.3, 1), errors(0.5, 2), errors(0.1, 3), ERROR)
    assert not why
    assert gap is not None
    assert gap.value == pytest.approx(0.5, abs=0.02)
    assert gap.low < gap.value < gap.high


def test_a_teacher_with_more_error_leaves_no_gap() -> None:
    gap, why = gap_closed(errors(0.3, 1), errors(0.2, 2), errors(0.5, 3), ERROR)
    assert gap is None
    assert "is behind the student alone (squared error 0." in str(why)


def test_of_right_and_wrong_both_ways_to_resample_agree() -> None:
    pictures = np.arange(1000)
    student, alone, teacher = pictures < 800, pictures < 500, pictures < 900
    counted, _ = gap_closed(student, alone, teacher)
    drawn, _ = gap_closed(student.astype(float), alone.astype(float), teacher.astype(float))
    assert counted is not None
    assert drawn is not None
    assert drawn.value == pytest.approx(counted.value)
    assert (drawn.low, drawn.high) == pytest.approx((counted.low, counted.high), abs=0.02)


def test_differences_of_errors_are_paired_too() -> None:
    noise = errors(0.0, 5)
    told = paired_difference(0.3 + noise, 0.29 + noise)
    assert told is not None
    assert told.is_sure
    assert told.value == pytest.approx(0.01)
