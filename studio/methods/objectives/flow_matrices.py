"""Flow matrices between layers: how features change from one to the next, and the objective that compares them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from torch import Tensor

from studio.core.message import Text
from studio.methods.base import Cast, Needs, Objective, unmet
from studio.methods.objectives.comparison import Comparison, Elementwise, Side, Transform, by_group, squared
from studio.methods.objectives.connectors import boundary_connector
from studio.methods.objectives.positions import Groups
from studio.methods.ops.precision import full_precision
from studio.methods.ops.sizes import Pool, to_smaller


def fsp_matrix(lower: Tensor, upper: Tensor, pool: Pool = "max") -> Tensor:
    """How often channels of two layers answer together: G_ij = 1/(h w) Σ_places lower_i upper_j, sample by sample.

    Args:
        lower: (B, C, H, W).
        upper: (B, C', H', W'); where sizes differ the larger map is adaptively pooled to the smaller, h x w.
        pool: "max", as in the paper, or "avg".

    Returns:
        (B, C, C').

    Source: Yim et al., "A gift from knowledge distillation", CVPR 2017, equation 1.

    Example:
        >>> from torch import tensor
        >>> fsp_matrix(tensor([[[[1.0, 2.0]]]]), tensor([[[[3.0, 4.0]]]]))  # (1 · 3 + 2 · 4) / 2 places
        tensor([[[5.5000]]])
    """
    lower, upper = to_smaller(full_precision(lower), full_precision(upper), pool)
    return lower.flatten(2) @ upper.flatten(2).mT / (lower.shape[2] * lower.shape[3])


#: Squared Frobenius norm of each picture's matrix.
SQUARED = Elementwise(squared, "picture")


def flows(pool: Pool = "max", pairs: Sequence[tuple[int, int]] | None = None) -> Transform:
    """Makes flow matrices of pairs of layers; of neighbours unless given."""

    def transform(features: list[Tensor]) -> list[Tensor]:
        chosen = list(pairwise(range(len(features)))) if pairs is None else pairs
        return [fsp_matrix(features[i], features[j], pool) for i, j in chosen]

    return transform


def flow_matrices(
    cast: Cast, anchors: Sequence[tuple[str, str]], pairs: Sequence[tuple[int, int]], weight: float, pool: Pool
) -> Objective:
    """The squared distance of the flow matrices between anchors, behind connectors where widths differ.

    Args:
        cast: the networks.
        anchors: (teacher group, student group), bottom to top.
        pairs: which anchors to relate, by index.
        weight: of the term, before it is divided by the mean number of entries in a matrix: the loss sums them all,
            and for wide networks no usual learning rate would be small enough.
        pool: see :func:`fsp_matrix`.
    """
    teacher, student = cast.teacher, cast.student
    assert teacher is not None
    connectors = by_group(anchors, lambda t, s: boundary_connector(student.tap(s), teacher.tap(t)))
    flow = flows(pool, pairs)
    return Comparison(
        Groups(tuple(anchors)),
        {"flow": (SQUARED, flow_weight(weight, cast, anchors, pairs))},
        teacher=Side(transform=flow),
        student=Side(connectors, flow),
        pool=None,
    )


def flow_weight(
    weight: float, cast: Cast, anchors: Sequence[tuple[str, str]], pairs: Sequence[tuple[int, int]]
) -> float:
    """A weight divided by the mean number of entries in a matrix."""
    assert cast.teacher is not None
    widths = [cast.teacher.tap(t).channels for t, _ in anchors]
    return weight / fmean(widths[i] * widths[j] for i, j in pairs)


def flow_refusal(needs: Needs, cast: Cast, *, connectors: bool) -> Text | None:
    """Why flow matrices of this cast cannot be compared, or None."""
    reason = unmet(needs, cast)
    if reason is not None:
        return reason
    assert cast.teacher is not None
    if len(cast.anchors) < 2:
        return Text("It relates layers to one another; these networks have only one in common.")
    for t_group, s_group in () if connectors else cast.anchors:
        t, s = cast.teacher.tap(t_group).channels, cast.student.tap(s_group).channels
        if t != s:
            return Text(
                "At {group} {teacher} has {t} channels and {student} {s}; turn on “Bridge widths” or choose equal ones.",
                {"group": s_group, "teacher": cast.teacher.title, "t": t, "student": cast.student.title, "s": s},
            )
    return None
