"""Brings features of teacher and student to one size."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from studio.methods.precision import in_full


def to_smaller(student: Tensor, teacher: Tensor) -> tuple[Tensor, Tensor]:
    """Both maps at the size of the smaller one, axis by axis: the larger is adaptively average-pooled.

    Args:
        student: (B, C_s, H_s, W_s).
        teacher: (B, C_t, H_t, W_t).

    Returns:
        (B, C_s, h, w) and (B, C_t, h, w) with h = min(H_s, H_t), w = min(W_s, W_t).
    """
    size = min(student.shape[2], teacher.shape[2]), min(student.shape[3], teacher.shape[3])
    if student.shape[2:] != size:
        student = adaptive_avg_pool2d(in_full(student), size)
    if teacher.shape[2:] != size:
        teacher = adaptive_avg_pool2d(in_full(teacher), size)
    return student, teacher


def unit_rows(x: Tensor, eps: float = 1e-12) -> Tensor:
    """``x`` with every vector along its last axis divided by its L2 norm.

    A vector shorter than ``eps`` becomes zero and receives no gradient: it has no direction, and 1/eps for a slope
    would throw the weights far away.
    """
    norm = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return torch.where(norm > eps, x / norm.clamp_min(eps), 0)
