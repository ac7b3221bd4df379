"""How the terms of a step become gradients: those of their sum, unless the stage brings another way."""

from __future__ import annotations

from collections.abc import Mapping

from torch.optim import Optimizer

from studio.methods.base import GradientUpdate, Term, total_loss


def set_gradients(terms: Mapping[str, Term], update: GradientUpdate | None, optimiser: Optimizer, epoch: int) -> None:
    """Set the gradients of the optimiser's parameters; those of the step before are gone.

    Args:
        terms: of this step, at least one.
        update: the stage's own way, None where it has none: one backward pass of the sum.
        optimiser: of the stage.
        epoch: within the stage, from 0.
    """
    optimiser.zero_grad(set_to_none=True)
    if update is None:
        total_loss(terms.values()).backward()
    else:
        update.set_gradients(terms, optimiser, epoch)
