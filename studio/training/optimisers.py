"""The optimiser of a stage, from the experiment's settings and what the stage overrides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import nn

from studio.experiment import Optimizer, Schedule, Training


def stage_settings(training: Training, overrides: Mapping[str, Mapping[str, object]]) -> tuple[Optimizer, Schedule]:
    """Optimiser and schedule of a stage: the experiment's, with the stage's overrides.

    ``overrides`` has the keys ``optimizer`` and ``schedule``, each a mapping of fields to values.
    """
    optimizer, schedule = (overrides.get(key, {}) for key in ("optimizer", "schedule"))
    return (
        Optimizer.model_validate({**training.optimizer.model_dump(), **optimizer}),
        Schedule.model_validate({**training.schedule.model_dump(), **schedule}),
    )


def build_optimiser(settings: Optimizer, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The optimiser over ``parameters``."""
    trained, rate, decay, momentum = list(parameters), settings.lr, settings.weight_decay, settings.momentum
    if settings.key == "sgd":
        nesterov = settings.nesterov and momentum > 0
        return torch.optim.SGD(trained, rate, momentum, weight_decay=decay, nesterov=nesterov)
    if settings.key == "rmsprop":
        return torch.optim.RMSprop(trained, rate, weight_decay=decay, momentum=momentum)
    if settings.key == "adamw":
        return torch.optim.AdamW(trained, rate, weight_decay=decay)
    return torch.optim.Adam(trained, rate, weight_decay=decay)
