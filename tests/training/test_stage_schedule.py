"""When stages, evaluations and snapshots fall due: a function of the plan alone."""

from __future__ import annotations

import itertools

import pytest

from studio.methods.base import Stage
from studio.training.stage_schedule import SNAPSHOTS, StageSchedule


def stages(*shares: float) -> list[Stage]:
    return [Stage(f"s{i}", f"stage {i}", None, share=share) for i, share in enumerate(shares)]


@pytest.mark.parametrize("epochs", [2, 3, 30, 120])
@pytest.mark.parametrize("shares", [(1.0,), (1 / 6, 5 / 6), (0.5, 0.25, 0.25)])
def test_bands_cover_the_whole_budget_without_gaps(epochs: int, shares: tuple[float, ...]) -> None:
    calendar = StageSchedule(epochs * 7, 7)
    bands = calendar.bands(stages(*shares))
    assert bands[0].begin == 0
    assert bands[-1].end == calendar.steps
    assert all(a.end == b.begin for a, b in itertools.pairwise(bands))
    assert all(band.end > band.begin for band in bands)


def test_a_transfer_stage_takes_its_share_in_whole_epochs() -> None:
    first, second = StageSchedule(120 * 10, 10).bands(stages(1 / 6, 5 / 6))
    assert (first.end, second.end) == (200, 1200)


def test_a_budget_in_steps_is_met_exactly() -> None:
    assert StageSchedule(250, 31).bands(stages(0.5, 0.5))[-1].end == 250


def test_evaluations_and_snapshots_are_few_and_include_the_end() -> None:
    calendar = StageSchedule(1000 * 3, 3)
    evaluated = [step for step in range(calendar.steps + 1) if calendar.evaluates(step)]
    shown = [step for step in range(calendar.steps + 1) if calendar.snapshots(step)]
    assert 90 <= len(evaluated) <= 101
    rarely = [step for step in range(calendar.steps + 1) if StageSchedule(3000, 3, 4).evaluates(step)]
    assert rarely == [750, 1500, 2250, 3000]
    assert [step for step in range(3001) if StageSchedule(3000, 3, 4).snapshots(step)] == [0, *rarely]
    assert len(shown) <= SNAPSHOTS + 2
    assert evaluated[-1] == shown[-1] == calendar.steps
    assert shown[0] == 0


def test_a_stage_may_have_its_budget_in_steps_and_the_others_share_the_rest() -> None:
    plan = [Stage("few", "few", None, steps=5), Stage("one", "one", None, epochs=1), Stage("rest", "rest", None)]
    bands = StageSchedule(100, 10).bands(plan)
    assert [(band.begin, band.end) for band in bands] == [(0, 5), (5, 15), (15, 100)]
    with pytest.raises(ValueError, match="a budget in epochs and one in steps"):
        Stage("both", "both", None, epochs=1, steps=5)
