"""Stages that learn faster or slower than the run: settings of a method, and what the engine makes of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from studio.experiment import Optimizer, Schedule, Training
from studio.methods.ops.stage_rate import RateFall, overrides
from studio.methods.parts.made_of_parts import MadeOfParts
from studio.training.learning_rate import rate_factor
from studio.training.optimisers import stage_settings
from tests.methods.method_steps import cast, method

#: Methods that copy first, with what makes them do so.
COPYING: Mapping[str, Mapping[str, object]] = {
    "ab": {},
    "fitnet": {},
    "fsp": {},
    "flow": {},
    "svd": {"stages": "two"},
    "composed": {"stages": "two"},
}


def of_stage(key: str, stage: int, training: Training, **settings: object) -> tuple[Optimizer, Schedule]:
    """Optimiser and schedule of a stage of a method, counted from 0."""
    entry = method(key)
    plan = entry.plan(entry.Settings(**{**COPYING[key], **settings}), cast("resnet-14", "resnet-8"))
    return stage_settings(training, plan[stage].optimizer)


@pytest.mark.parametrize("key", COPYING)
@pytest.mark.parametrize("fall", ["constant", "cosine"])
def test_the_rate_while_copying_and_its_fall_can_be_set(key: str, fall: RateFall) -> None:
    training = Training()
    optimizer, schedule = of_stage(key, 0, training, transfer_rate=0.003, transfer_fall=fall)
    assert optimizer == training.optimizer.model_copy(update={"lr": 0.003})
    assert schedule == training.schedule.model_copy(update={"key": fall})


@pytest.mark.parametrize("key", COPYING)
def test_they_leave_the_labels_alone_and_can_be_left_to_the_run(key: str) -> None:
    training = Training()
    as_the_run = (training.optimizer, training.schedule)
    assert of_stage(key, -1, training, transfer_rate=0.003, transfer_fall="constant") == as_the_run
    assert of_stage(key, 0, training, transfer_rate=None, transfer_fall="run") == as_the_run


def test_boundaries_are_copied_at_a_constant_rate() -> None:
    training = Training()
    optimizer, schedule = of_stage("ab", 0, training)
    assert optimizer == training.optimizer
    assert schedule.key == "constant"


def test_flow_is_copied_at_the_published_drops_whatever_those_of_the_run() -> None:
    training = Training(schedule=Schedule(key="steps", at=(0.1,), factor=0.5))
    optimizer, schedule = of_stage("fsp", 0, training)
    assert optimizer == training.optimizer
    rates = [rate_factor(schedule, step, 21) for step in range(21)]
    assert rates == pytest.approx([1] * 11 + [0.1] * 5 + [0.01] * 5)


def test_nothing_is_overridden_that_is_left_to_the_run() -> None:
    assert overrides(None, "run") == {}


def test_only_flow_and_svd_are_not_made_of_parts() -> None:
    assert {key for key in COPYING if not isinstance(method(key), MadeOfParts)} <= {"flow", "svd", "composed"}


@pytest.mark.parametrize("key", [key for key in COPYING if isinstance(method(key), MadeOfParts) and key != "composed"])
def test_a_composed_method_keeps_the_rate_of_the_named_one(key: str) -> None:
    entry, who = method(key), cast("resnet-14", "resnet-8")
    assert isinstance(entry, MadeOfParts)
    settings = entry.Settings(transfer_rate=0.02)
    made = entry.as_composed(settings, who)
    assert made is not None
    composed = method("composed")
    first = composed.plan(composed.Settings(**made.settings), who)[0]
    assert first.optimizer == entry.plan(settings, who)[0].optimizer


def test_the_paraphraser_has_an_optimiser_of_its_own() -> None:
    entry, who, training = method("ft"), cast("resnet-14", "resnet-8"), Training()
    for settings, expected in (
        ({}, ("adam", 0.001, 0)),
        ({"paraphraser_optimizer": "sgd"}, ("sgd", 0.1, 5e-4)),
        ({"paraphraser_optimizer": "sgd", "paraphraser_rate": 0.01}, ("sgd", 0.01, 5e-4)),
    ):
        first, second = entry.plan(entry.Settings(**settings), who)
        optimizer, schedule = stage_settings(training, first.optimizer)
        assert (optimizer.key, optimizer.lr, optimizer.weight_decay) == expected
        assert schedule == training.schedule
        assert not second.optimizer
    unused = {"paraphraser_optimizer", "paraphraser_rate"}
    assert entry.inactive_settings(entry.Settings(paraphraser="none")) >= unused


@pytest.mark.parametrize("key", ["fsp", "svd"])
def test_with_one_stage_there_is_nothing_to_set(key: str) -> None:
    entry = method(key)
    settings = {"transfer_share", "transfer_rate", "transfer_fall"}
    assert entry.inactive_settings(entry.Settings(stages="one")) >= settings
    assert not entry.inactive_settings(entry.Settings(stages="two")) & settings
