"""Soft targets as a term: the divergence of the softened answers, beside whatever else a method compares."""

from __future__ import annotations

from studio.methods.objectives.comparison import Comparison
from studio.methods.objectives.positions import SCORES
from studio.methods.ops.logit_losses import kd_loss

#: What the term is called, whichever method brings it.
SOFT_TARGETS = "soft targets"


def soft_targets(temperature: float, weight: float, *, t_squared: bool = True) -> Comparison:
    """The comparison of both networks' scores by :func:`kd_loss`.

    Args:
        temperature: T.
        weight: of the term.
        t_squared: whether the loss keeps its factor T².
    """
    scale = 1.0 if t_squared else 1.0 / temperature**2
    return Comparison(
        SCORES, {SOFT_TARGETS: (lambda student, teacher: scale * kd_loss(student, teacher, temperature), weight)}
    )
