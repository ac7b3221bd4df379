"""Scores are written, compared and told as what they are."""

from __future__ import annotations

import pytest

from studio.core.score import Score
from studio.core.score_scale import ACCURACY_SCALE, ScoreScale

ERROR = ScoreScale("squared error", "", "lower")
TIME = ScoreScale("answer", "ms", "lower")
RECALL = ScoreScale("recall@1", "share")


@pytest.mark.parametrize(
    ("scale", "value", "deviation", "written", "told"),
    [
        (ACCURACY_SCALE, 0.849, None, "84.9\u00a0%", "84.9 %"),
        (ACCURACY_SCALE, 0.849, 0.006, "84.9 ± 0.6\u00a0%", "84.9 %"),
        (RECALL, 0.542, None, "54.2\u00a0%", "recall@1 54.2 %"),
        (ERROR, 0.01234, None, "0.0123", "squared error 0.0123"),
        (ERROR, 0.01234, 0.0011, "0.0123 ± 0.0011", "squared error 0.0123"),
        (ERROR, 0.0, None, "0.00", "squared error 0.00"),
        (TIME, 3.2, None, "3.20\u00a0ms", "answer 3.20\u00a0ms"),
        (TIME, 1234.5, None, "1234\u00a0ms", "answer 1234\u00a0ms"),
    ],
)
def test_how_a_number_is_written(
    scale: ScoreScale, value: float, deviation: float | None, written: str, told: str
) -> None:
    assert scale.words(value, deviation) == written
    assert str(scale.told(value)) == told


def test_what_is_not_known_is_a_dash() -> None:
    assert ERROR.words(None) == ACCURACY_SCALE.words(float("nan")) == "–"


def test_intervals_and_spreads_have_the_unit_once() -> None:
    assert ACCURACY_SCALE.range_words(0.801, 0.87) == "80.1 to 87.0\u00a0%"
    assert TIME.range_words(3.0, 4.0) == "3.00 to 4.00\u00a0ms"
    assert TIME.spread_words(3.0, 0.1, 3) == "3.00 ± 0.10\u00a0ms  (n\u00a03)"
    assert TIME.spread_words(3.0, None, 1) == "3.00\u00a0ms"


def test_better_is_what_the_score_says() -> None:
    assert ACCURACY_SCALE.gain(0.9, 0.8) == pytest.approx(0.1)
    assert ERROR.gain(0.9, 0.8) == pytest.approx(-0.1)
    assert Score(value=1.0, unit="ms", better="lower").scale("answer") == TIME


def test_only_the_accuracy_needs_no_name() -> None:
    assert ACCURACY_SCALE.labelled("84.9 %") == "84.9 %"
    assert ERROR.labelled("0.0123") == "squared error 0.0123"
