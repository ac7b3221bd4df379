"""The walk to a teacher's decision boundary: which examples set out, and how they are pushed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import torch
from torch import Tensor
from torch.nn.functional import one_hot, softmax

from studio.methods.base import S_contra
from studio.methods.ops.precision import full_precision

#: How far beyond equality of the two scores a step aims, and the most distant values of a normalised pixel.
OVERSHOOT, BOUNDS = 1e-4, (-2.5, 2.5)

Divide = Literal["auto", "length", "square"]


@dataclass(frozen=True)
class BoundaryAttack:
    """How inputs are pushed to the teacher's decision boundary.

    Attributes:
        step: η.
        max_steps: the most pushes of one input.
        divide: what a step is divided by: the length of the slope or its square; "auto" is the square for vectors, whose
            few numbers make slopes so steep that steps by length leap over everything.
    """

    step: float = 0.3
    max_steps: int = 10
    divide: Divide = "auto"


@runtime_checkable
class AttacksBoundary(Protocol[S_contra]):
    """A method that pushes inputs to the teacher's decision boundary; the plane shows it as it is done."""

    def boundary_attack(self, settings: S_contra) -> BoundaryAttack:
        """How it pushes them with these settings."""


def boundary_samples(
    teacher: Callable[[Tensor], Tensor],
    inputs: Tensor,
    base: Tensor,
    target: Tensor,
    step: float = BoundaryAttack.step,
    max_steps: int = BoundaryAttack.max_steps,
    bounds: tuple[float, float] = BOUNDS,
    *,
    squared: bool = False,
) -> Tensor:
    """Pictures pushed from their class towards another until the teacher changes its mind, or the steps are used up.

    x ← x + η (z_b − z_k + 1e-4) g / ‖g‖₂ with g = ∂(z_k − z_b)/∂x, kept within the bounds; a picture whose largest score
    is no longer that of its base class b stays where it is. Where g is zero there is no way to go.

    Args:
        teacher: in eval mode; normalised inputs to logits (B, K). Its parameters receive no gradient.
        inputs: (B, C, H, W) or (B, D), normalised; left as they are.
        base: (B,) int64, the class the teacher finds in each.
        target: (B,) int64, the class to push towards.
        step: η.
        max_steps: at most.
        bounds: least and largest value of a normalised pixel.
        squared: divide by ‖g‖₂² as in the paper: each step then goes the share η of the way that is left, however steep
            the scores are.

    Returns:
        The pictures, same shape.

    Source: Heo et al., "Knowledge distillation with adversarial samples supporting decision boundary", AAAI 2019, with
    the step of their code unless ``squared``: divided by the norm of g, not by its square.

    Example:
        >>> from torch import tensor
        >>> picture, base, target = tensor([[1.0, 0.0]]), tensor([0]), tensor([1])
        >>> sample = boundary_samples(lambda x: x, picture, base, target, step=1.0, squared=True)
        >>> sample.round(decimals=2)  # as likely of one class as of the other
        tensor([[0.5000, 0.5000]])
    """
    samples = inputs.detach()
    for pushed in boundary_walk(teacher, inputs, base, target, step, max_steps, bounds, squared=squared):
        samples = pushed
    return samples


def boundary_walk(
    teacher: Callable[[Tensor], Tensor],
    inputs: Tensor,
    base: Tensor,
    target: Tensor,
    step: float = BoundaryAttack.step,
    max_steps: int = BoundaryAttack.max_steps,
    bounds: tuple[float, float] = BOUNDS,
    *,
    squared: bool = False,
) -> Iterator[Tensor]:
    """All pictures after each step of :func:`boundary_samples`; ends early when all have arrived. Arguments as there."""
    samples = inputs.detach().clone()
    walking = torch.arange(len(samples), device=samples.device)
    for _ in range(max_steps):
        x = samples[walking].requires_grad_()
        with torch.enable_grad():
            logits = teacher(x)
            gap = logits.gather(1, target[walking, None]) - logits.gather(1, base[walking, None])
            (slope,) = torch.autograd.grad(gap.sum(), x)
        staying = logits.detach().argmax(1) == base[walking]
        if not staying.any():
            return
        walking, x, slope, gap = walking[staying], x.detach()[staying], slope[staying], gap.detach()[staying]
        length = full_precision(slope).flatten(1).norm(dim=1)
        length = length.square() if squared else length
        # a slope of zero stays zero: there is no direction to go
        factor = step * (OVERSHOOT - gap[:, 0]) / torch.where(length > 0, length, 1)
        x = x + factor.view(-1, *[1] * (x.dim() - 1)) * slope
        samples = samples.index_copy(0, walking, x.clamp(*bounds))
        yield samples


def input_walk(
    teacher: Callable[[Tensor], Tensor],
    inputs: Tensor,
    base: Tensor,
    target: Tensor,
    statistics: tuple[Tensor, Tensor],
    attack: BoundaryAttack,
) -> Iterator[Tensor]:
    """:func:`boundary_walk` of inputs as networks take them: steps and bounds are counted in units of their spread.

    Args:
        teacher: inputs, not normalised, to logits (B, K).
        inputs: (B, C, H, W) in [0, 1] or points (B, D).
        base: (B,) int64.
        target: (B,) int64.
        statistics: mean and deviation of every channel; see :func:`channel_statistics`.
        attack: how far and how often to push.
    """
    mean, std = statistics
    walk = boundary_walk(
        lambda x: teacher(x * std + mean),
        (inputs - mean) / std,
        base,
        target,
        attack.step,
        attack.max_steps,
        squared=attack.divide == "square" or (attack.divide == "auto" and inputs.dim() == 2),
    )
    for samples in walk:
        yield samples * std + mean


def channel_statistics(inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation of every channel over a batch, each (1, C, 1, 1) or (1, D); a constant channel has deviation 1."""
    axes = [axis for axis in range(inputs.dim()) if axis != 1]
    std, mean = torch.std_mean(inputs, axes, correction=0, keepdim=True)
    return mean, torch.where(std > 0, std, 1)


def base_scores(student_logits: Tensor, teacher_logits: Tensor, labels: Tensor) -> Tensor:
    """(B,): Σ over the wrong classes of (p_t − p_s)², how differently the two see a picture; −1 where one is wrong.

    Args:
        student_logits: (B, K).
        teacher_logits: (B, K).
        labels: (B,) int64.
    """
    student, teacher = full_precision(student_logits).detach(), full_precision(teacher_logits).detach()
    wrong = 1 - one_hot(labels, student.shape[1])
    score = ((softmax(teacher, 1) - softmax(student, 1)).square() * wrong).sum(1)
    both_right = (student.argmax(1) == labels) & (teacher.argmax(1) == labels)
    return torch.where(both_right, score, -1)


def select_base_samples(student_logits: Tensor, teacher_logits: Tensor, labels: Tensor, most: int) -> Tensor:
    """Which pictures to push to the boundary: at most ``most`` that both get right, those seen most differently first.

    Returns:
        (n,) int64 with n ≤ most, places in the batch; arguments as in :func:`base_scores`.

    Example:
        >>> from torch import tensor
        >>> teacher, labels = tensor([[1.0, 0.0]]).expand(3, 2), tensor([0, 0, 0])
        >>> student = tensor([[1.0, 0.0], [0.0, 1.0], [3.0, 0.0]])  # as the teacher, wrong, surer
        >>> select_base_samples(student, teacher, labels, most=3)
        tensor([2, 0])
    """
    scores = base_scores(student_logits, teacher_logits, labels)
    best = scores.topk(min(most, len(scores)))
    return best.indices[best.values >= 0]
