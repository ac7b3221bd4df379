"""How long an answer takes, and when one of two is quicker."""

from __future__ import annotations

import pytest

from studio.core.answer_time import AnswerTime


def test_one_slow_answer_of_several_changes_nothing() -> None:
    assert AnswerTime.of([0.001, 0.001, 0.001, 0.001, 5.0]) == AnswerTime(1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        (AnswerTime(0.73, 0.7, 0.8), False),
        (AnswerTime(2.0, 1.9, 2.1), True),
        (AnswerTime(2.0, 0.6, 9.0), False),
        (AnswerTime(0.2, 0.1, 0.3), True),
        (AnswerTime(0.8, 0.79, 0.81), False),
    ],
)
def test_a_time_is_apart_where_neither_ranges_meet_nor_medians_are_close(other: AnswerTime, apart: bool) -> None:
    time = AnswerTime(0.65, 0.6, 0.72)
    assert time.is_apart(other) is apart
    assert other.is_apart(time) is apart


def test_nothing_is_said_of_a_time_on_a_busy_machine() -> None:
    quick, slow, alike = AnswerTime(0.7, 0.6, 0.8), AnswerTime(2.0, 1.9, 2.1), AnswerTime(0.72, 0.65, 0.9)
    assert slow.standing([quick, alike]) == "apart"
    assert quick.standing([slow, alike]) == "alike"
    assert AnswerTime(20.0, 0.7, 60.0).standing([quick]) == "busy", "a quarter took more than twice as long"
    drowned = AnswerTime(8.0, 0.7, 12.0)
    assert drowned.standing([quick]) == quick.standing([drowned]) == "busy", "it scatters more than they differ"
    assert quick.standing([AnswerTime(20.0, 0.7, 60.0)]) == "apart", "beside one that was not measured"
