"""Optimisers and learning-rate schedules from an experiment's settings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from studio.experiment import Optimizer, Schedule, Training


def stage_settings(training: Training, overrides: Mapping[str, object]) -> tuple[Optimizer, Schedule]:
    """Optimiser and schedule of a stage: the experiment's, with the stage's overrides.

    ``overrides`` has the keys ``optimizer`` and ``schedule``, each a mapping of fields to values.
    """
    optimizer: Any = overrides.get("optimizer", {})
    schedule: Any = overrides.get("schedule", {})
    return (
        Optimizer.model_validate({**training.optimizer.model_dump(), **optimizer}),
        Schedule.model_validate({**training.schedule.model_dump(), **schedule}),
    )


def build_optimiser(settings: Optimizer, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The optimiser over ``parameters``."""
    trained = list(parameters)
    common = {"lr": settings.lr, "weight_decay": settings.weight_decay}
    if settings.key == "sgd":
        return torch.optim.SGD(
            trained, momentum=settings.momentum, nesterov=settings.nesterov and settings.momentum > 0, **common
        )
    if settings.key == "rmsprop":
        return torch.optim.RMSprop(trained, momentum=settings.momentum, **common)
    return (torch.optim.AdamW if settings.key == "adamw" else torch.optim.Adam)(trained, **common)


def rate_at(schedule: Schedule, step: int, steps: int) -> float:
    """What the learning rate is multiplied with at ``step`` (from 0) of a stage of ``steps``.

    steps: ``factor ** (number of drops passed)``; cosine: ``(1 + cos(pi t)) / 2``; constant: 1; t = step / steps.
    During the warm-up share it rises linearly from ``1 / n`` to 1 over the n warm-up steps.
    """
    rising = math.ceil(schedule.warmup * steps)
    if step < rising:
        return (step + 1) / rising
    t = (step - rising) / max(1, steps - rising)
    if schedule.key == "cosine":
        return 0.5 * (1 + math.cos(math.pi * t))
    if schedule.key == "steps":
        return float(schedule.factor ** sum(t >= share for share in schedule.at))
    return 1.0
