"""How the terms of a step become gradients: their sum's, or the distillation's clipped to the task's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from studio.methods.base import Term, Update
from studio.methods.ops.clipping import clipped


def set_gradients(terms: Mapping[str, Term], update: Update, optimiser: torch.optim.Optimizer, epoch: int) -> None:
    """Set the gradients of the optimiser's parameters.

    Args:
        terms: of this step, at least one.
        update: ``"sum"``, one backward pass; ``"clip_to_task"``, one for the task's terms and one for the others,
            merged tensor by tensor.
        epoch: within the stage, from 0.
    """
    optimiser.zero_grad(set_to_none=True)
    task = [term for term in terms.values() if term.kind == "task"]
    transfer = [term for term in terms.values() if term.kind != "task"]
    if update == "sum" or not task or not transfer:
        _weighted(terms.values()).backward()  # type: ignore[no-untyped-call]
    else:
        _merge(_weighted(task), _weighted(transfer), optimiser, epoch)


def _weighted(terms: Iterable[Term]) -> Tensor:
    return torch.stack([term.weight * term.value for term in terms]).sum()


def _merge(task: Tensor, transfer: Tensor, optimiser: torch.optim.Optimizer, epoch: int) -> None:
    """Two backward passes through one graph. The weight decay that the optimiser will add is the task's.

    What only one of the two reaches, as a connector of the distillation, takes that one's gradient whole.
    """
    decays = [(p, _decay(group)) for group in optimiser.param_groups for p in group["params"]]
    parameters = [p for p, _ in decays]
    ours: Sequence[Tensor | None] = torch.autograd.grad(task, parameters, retain_graph=True, allow_unused=True)
    theirs: Sequence[Tensor | None] = torch.autograd.grad(transfer, parameters, allow_unused=True)
    for (p, decay), g, d in zip(decays, ours, theirs, strict=True):
        if g is None or d is None:
            p.grad = d if g is None else g
        else:
            p.grad = g + clipped(g + decay * p.detach(), d, epoch)


def _decay(group: Mapping[str, object]) -> float:
    """What the optimiser adds to a gradient, as a multiple of the weight; decoupled decay is no part of gradients."""
    decay = group.get("weight_decay", 0.0)
    assert isinstance(decay, float | int)
    return 0.0 if group.get("decoupled_weight_decay") else float(decay)
