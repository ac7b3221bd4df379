"""Networks are timed in turn, so that a change of load meets all alike."""

from __future__ import annotations

from studio.insight.single_answer import TIMED, times_in_turn


def test_one_answer_of_each_in_turn_so_that_a_change_of_load_meets_all() -> None:
    asked: list[str] = []

    def answer(name: str, seconds: float) -> float:
        asked.append(name)
        busy = 30.0 if len(asked) > TIMED else 1.0  # from the middle on something else has the machine
        return seconds * busy

    first, second = times_in_turn([lambda: answer("a", 0.0001), lambda: answer("b", 0.0001)])
    assert asked == ["a", "b"] * TIMED
    assert not first.is_apart(second)


def test_slow_ones_are_asked_no_longer_than_patience_lasts() -> None:
    asked: list[int] = []

    def slow() -> float:
        asked.append(1)
        return 5.0

    assert times_in_turn([slow])[0].milliseconds == 5000
    assert len(asked) == 1
