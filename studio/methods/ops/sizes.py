"""Brings features of teacher and student to one size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, adaptive_max_pool2d, normalize

from studio.methods.ops.precision import full_precision

Pool = Literal["avg", "max"]
_POOLS: dict[Pool, Callable[[Tensor, tuple[int, int]], Tensor]] = {
    "avg": adaptive_avg_pool2d,
    "max": adaptive_max_pool2d,
}


def to_smaller(first: Tensor, second: Tensor, pool: Pool = "avg") -> tuple[Tensor, Tensor]:
    """Both maps at the size of the smaller one, axis by axis: the larger is adaptively pooled.

    Args:
        first: (B, C, H, W), of the student where the other is the teacher's.
        second: (B, C', H', W').
        pool: "avg" or "max".

    Returns:
        (B, C, h, w) and (B, C', h, w) with h = min(H, H'), w = min(W, W').
    """
    size = min(first.shape[2], second.shape[2]), min(first.shape[3], second.shape[3])
    if first.shape[2:] != size:
        first = _POOLS[pool](full_precision(first), size)
    if second.shape[2:] != size:
        second = _POOLS[pool](full_precision(second), size)
    return first, second


def unit_rows(x: Tensor, eps: float = 1e-12) -> Tensor:
    """``x`` with every vector along its last axis divided by its L2 norm, or by ``eps`` where it is shorter.

    So do the authors' codes, and the slope is theirs as well: 1/eps at zero. Where a ReLU made the vector zero nothing of
    that reaches the weights; what can be zero otherwise is trained with :func:`directions`.
    """
    return normalize(x, dim=-1, eps=eps)


def directions(x: Tensor, eps: float = 1e-12) -> Tensor:
    """The same, but a vector shorter than ``eps`` has no direction: it becomes zero and receives no gradient.

    1/eps for a slope would throw the weights far away.
    """
    length = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return torch.where(length > eps, x / length.clamp_min(eps), 0)
