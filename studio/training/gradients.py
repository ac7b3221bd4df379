"""How the terms of a step become gradients: those of their sum, unless the stage brings another way."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor
from torch.optim import Optimizer

from studio.methods.base import GradientUpdate, StageMoment, Term


def set_gradients(
    terms: Mapping[str, Term], total: Tensor, update: GradientUpdate | None, optimiser: Optimizer, moment: StageMoment
) -> None:
    """Set the gradients of the optimiser's parameters; those of the step before are gone.

    Args:
        terms: of this step, at least one.
        total: their weighted sum, 0-dim.
        update: the stage's own way, None where it has none: one backward pass of the sum.
        optimiser: of the stage.
        moment: where the stage stands.
    """
    optimiser.zero_grad(set_to_none=True)
    if update is None:
        total.backward()
    else:
        update.set_gradients(terms, optimiser, moment)
