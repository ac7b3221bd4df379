"""The learning rate at every step of a stage."""

from __future__ import annotations

import math

from studio.experiment import Schedule


def rate_factor(schedule: Schedule, step: int, steps: int) -> float:
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
