"""Multi-task learning with gradients: the distillation may push no harder than the task."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.optim import Optimizer

from studio.methods.base import StageMoment, Term, total_loss


def clip_to_task(task_gradient: Tensor, distillation_gradient: Tensor, epoch: int) -> Tensor:
    """g_task + g_distillation, the latter scaled down to the length ‖g_task‖ · sigmoid(epoch) where it is longer.

    Both are gradients of one parameter tensor; what the weight decay adds belongs to the task's.

    Args:
        task_gradient: of any shape.
        distillation_gradient: of the same shape.
        epoch: from 0, where half the task's length is allowed; nearly all of it is from epoch 5 on.

    Source: Lee et al., "Self-supervised knowledge distillation using singular value decomposition", ECCV 2018,
    section 3.3.

    Example:
        >>> from torch import tensor
        >>> clip_to_task(tensor([3.0, 4.0]), tensor([30.0, 40.0]), epoch=0)  # of length 5, and 50 cut to 2.5
        tensor([4.5000, 6.0000])
    """
    return task_gradient + clipped(task_gradient, distillation_gradient, epoch)


def clipped(task_gradient: Tensor, distillation_gradient: Tensor, epoch: int) -> Tensor:
    """The second summand of :func:`clip_to_task`, the scaled distillation gradient."""
    limit: Tensor = torch.linalg.vector_norm(task_gradient) / (1 + math.exp(-epoch))
    length: Tensor = torch.linalg.vector_norm(distillation_gradient).clamp(
        min=torch.finfo(distillation_gradient.dtype).tiny
    )
    return distillation_gradient * (limit / length).clamp(max=1)


class ClippedToTask:
    """Two backward passes through one graph, of the task's terms and of the others, merged tensor by tensor.

    The weight decay that the optimiser will add is the task's. What only one of the two reaches, as a connector of the
    distillation, takes that one's gradient whole. With terms of one kind there is nothing to clip.
    """

    def set_gradients(self, terms: Mapping[str, Term], optimiser: Optimizer, moment: StageMoment) -> None:
        """Arguments as in :meth:`studio.methods.base.GradientUpdate.set_gradients`."""
        task = [term for term in terms.values() if term.kind == "task"]
        transfer = [term for term in terms.values() if term.kind != "task"]
        if not task or not transfer:
            total_loss(terms.values(), moment).backward()
            return
        decays = [(p, _decay(group)) for group in optimiser.param_groups for p in group["params"]]
        parameters = [p for p, _ in decays]
        ours: Sequence[Tensor | None] = torch.autograd.grad(
            total_loss(task, moment), parameters, retain_graph=True, allow_unused=True
        )
        theirs: Sequence[Tensor | None] = torch.autograd.grad(
            total_loss(transfer, moment), parameters, allow_unused=True
        )
        for (p, decay), g, d in zip(decays, ours, theirs, strict=True):
            if g is None or d is None:
                p.grad = d if g is None else g
            else:
                p.grad = g + clipped(g + decay * p.detach(), d, moment.epoch)


def _decay(group: Mapping[str, object]) -> float:
    """What the optimiser adds to a gradient, as a multiple of the weight; decoupled decay is no part of gradients."""
    decay = group.get("weight_decay", 0.0)
    assert isinstance(decay, float | int)
    return 0.0 if group.get("decoupled_weight_decay") else float(decay)
