"""When a run is saved: at the borders of stages always, at ends of epochs not too often, between them not too seldom."""

from __future__ import annotations

import pytest

from studio.events import CheckpointSaved
from studio.training import checkpointer
from studio.training.hooks import RunView, every
from tests.training.small_runs import Run, small


class Clock:
    """Stands for the ``time`` that is asked when a run was last saved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(checkpointer, "time", clock)
    return clock


@pytest.mark.parametrize(
    ("seconds", "saved_at"),
    [
        (0.1, [0, 12]),  # the two borders
        (1.0, [0, 6, 12]),  # after six seconds, not after three
        (2.0, [0, 3, 6, 9, 12]),
        (25.0, [0, 3, 6, 9, 12]),
        (31.0, [0, 2, 3, 5, 6, 8, 9, 11, 12]),  # two steps are more than a minute
    ],
)
def test_a_run_is_saved_neither_too_often_nor_too_seldom(
    run: Run, clock: Clock, seconds: float, saved_at: list[int]
) -> None:
    """Four epochs of three steps, each of which takes ``seconds``."""

    @every(1)
    def pass_time(_run: RunView) -> None:
        clock.now += seconds

    _, told = run(small("none", training={"epochs": 4}), hooks=[pass_time])
    assert [event.step for event in told.of(CheckpointSaved)] == saved_at


def test_the_border_between_two_stages_is_saved_from_both_sides(run: Run, clock: Clock) -> None:
    _, told = run(small("ab", training={"epochs": 4}))
    assert [(event.stage, event.step) for event in told.of(CheckpointSaved)] == [
        ("transfer", 0),
        ("transfer", 3),
        ("task", 3),
        ("task", 12),
    ]
