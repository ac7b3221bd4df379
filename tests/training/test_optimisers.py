"""Learning rates over a stage, and optimisers from settings."""

from __future__ import annotations

import pytest
import torch

from studio.experiment import Optimizer, Schedule, Training
from studio.training.learning_rate import rate_factor
from studio.training.optimisers import build_optimiser, stage_settings


def test_steps_drop_at_their_shares() -> None:
    schedule = Schedule(key="steps", at=(0.3, 0.6), factor=0.2)
    assert [rate_factor(schedule, s, 100) for s in (0, 29, 30, 60)] == pytest.approx([1, 1, 0.2, 0.04])


def test_cosine_falls_from_one_to_nearly_zero() -> None:
    rates = [rate_factor(Schedule(key="cosine"), s, 50) for s in range(50)]
    assert rates[0] == 1
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.01


def test_warm_up_rises_to_one() -> None:
    schedule = Schedule(key="constant", warmup=0.1)
    assert [rate_factor(schedule, s, 40) for s in range(5)] == pytest.approx([0.25, 0.5, 0.75, 1, 1])


@pytest.mark.parametrize("key", ["sgd", "adam", "adamw", "rmsprop"])
def test_every_optimiser_makes_a_step(key: str) -> None:
    weight = torch.nn.Parameter(torch.ones(3))
    optimiser = build_optimiser(Optimizer.model_validate({"key": key}), [weight])
    weight.sum().backward()
    optimiser.step()
    assert bool((weight < 1).all())


def test_a_stage_overrides_what_it_names_and_nothing_else() -> None:
    optimizer, schedule = stage_settings(Training(), {"schedule": {"key": "constant"}, "optimizer": {"lr": 0.3}})
    assert (optimizer.lr, optimizer.momentum, schedule.key) == (0.3, 0.9, "constant")
