"""Flow matrices between layers: how features change from one to the next, and the objective that compares them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from torch import Tensor

from studio.core.message import Text
from studio.methods.base import Cast, Needs, Objective, unmet
from studio.methods.objectives.comparison import Comparison, Elementwise, Side, Transform, squared
from studio.methods.objectives.connectors import boundary_connector
from studio.methods.objectives.positions import Groups, Position, Sections
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


@dataclass(frozen=True)
class FlowLayers:
    """The layers that flow goes between.

    Attributes:
        position: where they are.
        names: of each, for its connector, bottom to top.
        anchors: (teacher group, student group) of each.
        pairs: which of them are related, by index.
    """

    position: Position
    names: tuple[str, ...]
    anchors: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[int, int], ...]

    @classmethod
    def at_ends(cls, anchors: Sequence[tuple[str, str]], pairs: Iterable[tuple[int, int]] | None = None) -> FlowLayers:
        """The ends of groups; neighbours are related unless ``pairs`` are given."""
        chosen = pairwise(range(len(anchors))) if pairs is None else pairs
        return cls(Groups(tuple(anchors)), tuple(student for _, student in anchors), tuple(anchors), tuple(chosen))

    @classmethod
    def in_groups(cls, groups: tuple[tuple[str, str], ...]) -> FlowLayers:
        """The first and the last layer of every group, related with one another."""
        names = tuple(name for _, student in groups for name in (f"{student}-first", student))
        both = tuple(pair for pair in groups for _ in range(2))
        return cls(Sections(groups), names, both, tuple((i, i + 1) for i in range(0, len(both), 2)))


def flow_matrices(cast: Cast, layers: FlowLayers, weight: float, pool: Pool) -> Objective:
    """The squared distance of the flow matrices between layers, behind connectors where widths differ.

    Args:
        cast: the networks.
        layers: between which.
        weight: of the term, before it is divided by the mean number of entries in a matrix: the loss sums them all,
            and for wide networks no usual learning rate would be small enough.
        pool: see :func:`fsp_matrix`.
    """
    teacher, student = cast.teacher, cast.student
    assert teacher is not None
    connectors = {
        name: boundary_connector(student.tap(s), teacher.tap(t))
        for name, (t, s) in zip(layers.names, layers.anchors, strict=True)
    }
    flow = flows(pool, layers.pairs)
    return Comparison(
        layers.position,
        {"flow": (SQUARED, flow_weight(weight, cast, layers))},
        teacher=Side(transform=flow),
        student=Side(connectors, flow),
        pool=None,
    )


def flow_weight(weight: float, cast: Cast, layers: FlowLayers) -> float:
    """A weight divided by the mean number of entries in a matrix."""
    assert cast.teacher is not None
    widths = [cast.teacher.tap(t).channels for t, _ in layers.anchors]
    return weight / fmean(widths[i] * widths[j] for i, j in layers.pairs)


def flow_refusal(needs: Needs, cast: Cast, layers: FlowLayers | None = None, *, connectors: bool) -> Text | None:
    """Why flow matrices of this cast cannot be compared, or None.

    Args:
        needs: of the method.
        cast: the networks.
        layers: between which; the ends of groups unless given.
        connectors: whether differing widths are bridged.
    """
    reason = unmet(needs, cast)
    if reason is not None:
        return reason
    assert cast.teacher is not None
    anchors = cast.anchors if layers is None else layers.anchors
    if len(anchors) < 2:
        return Text("It relates layers to one another; these networks have only one in common.")
    for t_group, s_group in () if connectors else anchors:
        t, s = cast.teacher.tap(t_group).channels, cast.student.tap(s_group).channels
        if t != s:
            return Text(
                "At {group} the teacher has {t} channels and the student {s}; turn on “Bridge widths” or choose equal ones.",
                {"group": s_group, "t": t, "s": s},
            )
    return None
