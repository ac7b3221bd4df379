"""Which stage takes which steps, when other stages come than were expected."""

from __future__ import annotations

import pytest

from studio.methods.base import Stage
from studio.training.stage_plan import StagePlan
from studio.training.stage_schedule import StageSchedule

#: Ten epochs of seven steps.
BUDGET = StageSchedule(70, 7)


def stage(name: str, share: float = 0.5, epochs: int | None = None) -> Stage:
    return Stage(name, name, None, share=share, epochs=epochs)


@pytest.fixture
def plan() -> StagePlan:
    """Three stages of 28, 21 and 21 steps."""
    return StagePlan.of(BUDGET, [stage("a", 0.4), stage("b", 0.3), stage("c", 0.3)])


def told(plan: StagePlan) -> list[tuple[str, int, int]]:
    return [(band.name, band.begin, band.end) for band in plan.bands]


def test_stages_that_were_expected_change_nothing(plan: StagePlan) -> None:
    changed = plan
    for place, name in enumerate("abc"):
        changed = changed.with_stage(place, stage(name))
    assert changed == plan
    assert changed.schedule == BUDGET


def test_a_stage_behind_the_last_one_makes_the_run_longer(plan: StagePlan) -> None:
    longer = plan.with_stage(3, stage("d", 0.2))
    assert told(longer) == [*told(plan), ("d", 70, 84)]
    assert (longer.schedule.steps, longer.schedule.epochs) == (84, 12)
    again = longer.with_stage(4, stage("e", epochs=1))
    assert told(again)[-1] == ("e", 84, 91)


def test_a_stage_between_moves_those_behind_it(plan: StagePlan) -> None:
    longer = plan.with_stage(1, stage("a again", epochs=2))
    assert told(longer) == [("a", 0, 28), ("a again", 28, 42), ("b", 42, 63), ("c", 63, 84)]
    assert longer.with_stage(2, stage("b")) == longer


def test_stages_that_are_passed_over_are_left_out(plan: StagePlan) -> None:
    assert told(plan.with_stage(1, stage("c"))) == [("a", 0, 28), ("c", 28, 49)]
    assert told(plan.ending_behind(2)) == told(plan)[:2]


def test_an_expected_stage_may_take_another_number_of_epochs(plan: StagePlan) -> None:
    assert told(plan.with_stage(1, stage("b", epochs=1))) == [("a", 0, 28), ("b", 28, 35), ("c", 35, 56)]


def test_the_share_of_a_further_stage_is_one_of_what_the_experiment_gives(plan: StagePlan) -> None:
    once = plan.with_stage(3, stage("d", 1.0))
    twice = once.with_stage(4, stage("e", 1.0))
    assert [band.end - band.begin for band in twice.bands[3:]] == [70, 70]


def test_a_budget_of_steps_is_shared_in_steps() -> None:
    plan = StagePlan.of(StageSchedule(25, 7), [stage("a", 1.0)])
    assert told(plan.with_stage(1, stage("b", 0.1))) == [("a", 0, 25), ("b", 25, 27)]
