"""Multi-task learning with gradients: the distillation may push no harder than the task."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def clip_to_task(task_gradient: Tensor, distillation_gradient: Tensor, epoch: int) -> Tensor:
    """g_task + g_distillation, the latter scaled down to the length ‖g_task‖ · sigmoid(epoch) where it is longer.

    Both are gradients of one parameter tensor; what the weight decay adds belongs to the task's.

    Args:
        task_gradient: of any shape.
        distillation_gradient: of the same shape.
        epoch: from 0, where half the task's length is allowed; nearly all of it is from epoch 5 on.

    Source: Lee et al., "Self-supervised knowledge distillation using singular value decomposition", ECCV 2018,
    section 3.3.
    """
    return task_gradient + clipped(task_gradient, distillation_gradient, epoch)


def clipped(task_gradient: Tensor, distillation_gradient: Tensor, epoch: int) -> Tensor:
    """The second summand of :func:`clip_to_task`, the scaled distillation gradient."""
    limit: Tensor = torch.linalg.vector_norm(task_gradient) / (1 + math.exp(-epoch))
    length: Tensor = torch.linalg.vector_norm(distillation_gradient).clamp(
        min=torch.finfo(distillation_gradient.dtype).tiny
    )
    return distillation_gradient * (limit / length).clamp(max=1)
