"""Relational distillation: not what a picture looks like to the teacher, but how it lies among the others."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import smooth_l1_loss
from torch.utils.checkpoint import checkpoint

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Build,
    Cast,
    Method,
    MethodSettings,
    Needs,
    Source,
)
from studio.methods.objectives.comparison import Comparison, Side, each
from studio.methods.objectives.positions import POOLED
from studio.methods.ops.precision import full_precision
from studio.methods.ops.sizes import directions, unit_rows
from studio.methods.parts.generic import SUBTRACTED
from studio.methods.parts.registry import DistancePart, SidePart, register_parts

#: Points closer than this count as this far apart, and in training have no direction to one another; the authors' code
#: clamps the squared distance at 1e-12.
CLOSEST = 1e-6
#: Most elements of one tensor while angles are taken, 16 MB in float32.
ELEMENTS = 2**22


def distance_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Huber loss of all pairwise distances, each relative to their mean: 1/B² Σ_ij l(d_ij^S / μ_S − d_ij^T / μ_T).

    μ is the mean over i ≠ j; the mean over all B² pairs follows the authors' code, where the paper adds up. 0 for one
    sample.

    Args:
        student: (B, D_s).
        teacher: (B, D_t); receives no gradient.

    Source: Park et al., "Relational knowledge distillation", CVPR 2019, equations 4 to 6.

    Example:
        >>> from torch import tensor
        >>> pictures = tensor([[0.0], [1.0], [3.0]])
        >>> distance_loss(pictures, 2 * pictures).item()  # the scale does not matter
        0.0
        >>> distance_loss(pictures, pictures.flip(0)).item() > 0
        True
    """
    return smooth_l1_loss(_relative_distances(student), _relative_distances(teacher.detach()))


def angle_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Huber loss of all angles: 1/B³ Σ_jik l(cos∠_jik^S − cos∠_jik^T), the angle at j between the arms to i and k.

    An arm without length has cosine 0 with every other, and a slope of 10¹² as in the authors' code; the method trains
    with :func:`steady_angle_loss`. Angles are taken for some corners j at a time and again in the backward pass, so that
    memory does not grow with B³.

    Args:
        student: (B, D_s).
        teacher: (B, D_t); receives no gradient.

    Source: Park et al., CVPR 2019, equations 7 to 9; the mean over all B³ triplets follows the authors' code.

    Example:
        >>> from torch import tensor
        >>> pictures = tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
        >>> quarter_turn = tensor([[0.0, 1.0], [-1.0, 0.0]])
        >>> angle_loss(pictures, 3 * pictures @ quarter_turn).item()  # neither turn nor scale matters
        0.0
    """
    return _angle_loss(student, teacher, unit_rows)


def steady_angle_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """:func:`angle_loss`, but arms shorter than :data:`CLOSEST` have no direction and no slope.

    Pictures for which the same neurons are on often lie on one spot before a network has learnt to tell them apart. The
    slopes of 10¹² at their arms cancel on paper; in float32 a part of 10⁵ is left of them.

    Args:
        student: (B, D_s).
        teacher: (B, D_t); receives no gradient.
    """
    return _angle_loss(student, teacher, _arm_directions)


def _angle_loss(student: Tensor, teacher: Tensor, unit: Callable[[Tensor], Tensor]) -> Tensor:
    student, teacher = full_precision(student), full_precision(teacher).detach()
    count = len(student)
    corners = max(1, ELEMENTS // (count * max(count, student.shape[1], teacher.shape[1])))
    total = torch.zeros((), dtype=student.dtype, device=student.device)
    for begin in range(0, count, corners):
        total = total + checkpoint(
            _angle_errors,
            student,
            teacher,
            slice(begin, begin + corners),
            unit,
            use_reentrant=False,
            preserve_rng_state=False,
        )
    return total / count**3


def _relative_distances(x: Tensor) -> Tensor:
    """(B, B): distances divided by the mean of those between different samples; the diagonal is 0."""
    x = full_precision(x)
    count = len(x)
    # without matrix products: they would lose small distances between large vectors
    distances = torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist").clamp(min=CLOSEST)
    distances = distances.masked_fill(torch.eye(count, dtype=torch.bool, device=x.device), 0)
    mean = distances.sum() / max(1, count * (count - 1))
    return distances / mean.clamp(min=CLOSEST)


def _arm_directions(arms: Tensor) -> Tensor:
    return directions(arms, CLOSEST)


def _angle_errors(student: Tensor, teacher: Tensor, corners: slice, unit: Callable[[Tensor], Tensor]) -> Tensor:
    return smooth_l1_loss(_cosines(student, corners, unit), _cosines(teacher, corners, unit), reduction="sum")


def _cosines(x: Tensor, corners: slice, unit: Callable[[Tensor], Tensor]) -> Tensor:
    """(n, B, B): for each of n corners the cosines of the angles between the arms to all others."""
    arms = unit(x[None] - x[corners, None])  # (n, B, D)
    return arms @ arms.mT


class RelationalSettings(MethodSettings):
    """Settings of relational distillation."""

    distance_weight: float = setting(
        25.0,
        ge=0,
        le=1e4,
        description="How much the distances between pictures count; 0 leaves them out",
        step=5,
        label="Weight of distances",
    )
    angle_weight: float = setting(
        50.0,
        ge=0,
        le=1e4,
        description="How much the angles between pictures count; 0 leaves them out",
        step=5,
        label="Weight of angles",
    )


class RelationalDistillation(Method[RelationalSettings]):
    """One stage, relations beside the labels: distances, angles, or both."""

    key = "rkd"
    title = "Relational distillation"
    words = "Copy how pictures lie to one another: which are close, and at which angles."
    source = Source("Park et al.", "CVPR 2019", "Relational knowledge distillation", year=2019)
    compares = "relations"
    aspects = Aspects(
        "distances and angles over the batch", "distances and angles over the batch", "Huber", "pooled vector",
        missing="absolute position, scale, rotation",
    )  # fmt: skip
    needs = Needs(batch=3)
    Settings = RelationalSettings

    def refusal(self, settings: RelationalSettings, cast: Cast) -> Text | None:
        if cast.student.embedding == 1 and settings.distance_weight == 0:
            return Text(
                "Between single numbers there are no angles, and the student has one number before its classifier. Give the "
                "distances a weight, or choose a student that is wider there."
            )
        return super().refusal(settings, cast)

    def joint(self, settings: RelationalSettings) -> Build | None:
        terms = {
            "distances": (distance_loss, settings.distance_weight),
            "angles": (steady_angle_loss, settings.angle_weight),
        }
        counting = {name: term for name, term in terms.items() if term[1] > 0}
        return (lambda _cast: Comparison(POOLED, counting)) if counting else None


register_parts(
    SidePart(
        "relations",
        "Distances between pictures",
        "How far apart the pictures of a batch are, relative to their mean",
        ("teacher", "student"),
        ("vector",),
        "relations",
        lambda _tap_pairs, _settings, _who: Side(transform=each(_relative_distances)),
        symbol="d({x})",
        note="d are the distances between the pictures of a batch, relative to their mean",
        batch=3,
        order=80,
    ),
    DistancePart(
        "huber",
        "Huber",
        "Squared where small, without square where large",
        SUBTRACTED,
        lambda _settings: lambda student, teacher: smooth_l1_loss(student, teacher, reduction="none"),
        "h({t} − {s})",
        note="h is ½ d² up to d = 1, then |d| − ½",
        order=50,
    ),
)

catalog.register("method", RelationalDistillation())
