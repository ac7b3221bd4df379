"""Flow of solution procedure: the student copies how the teacher's features change from layer to layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import Literal

from pydantic import Field
from torch import Tensor

from studio import catalog
from studio.core.message import Text
from studio.methods.base import (
    Aspects,
    Build,
    Cast,
    Method,
    MethodSettings,
    Needs,
    Objective,
    Source,
    Stage,
    Who,
    unmet,
)
from studio.methods.objectives.comparison import Comparison, Distance, Groups, Side, View, by_group, compare, squared
from studio.methods.objectives.connectors import boundary_connector
from studio.methods.ops.precision import in_full
from studio.methods.ops.sizes import Pool, to_smaller
from studio.methods.ops.transfer_stage import transfer_stage
from studio.methods.parts.registry import PositionPart, SidePart, Spot, equal_widths, group_spots, offer, only_maps


def fsp_matrix(lower: Tensor, upper: Tensor, pool: Pool = "max") -> Tensor:
    """How often channels of two layers answer together: G_ij = 1/(h w) Σ_places lower_i upper_j, sample by sample.

    Args:
        lower: (B, C, H, W).
        upper: (B, C', H', W'); where sizes differ the larger map is adaptively pooled to the smaller, h x w.
        pool: "max", as in the paper, or "avg".

    Returns:
        (B, C, C').

    Source: Yim et al., "A gift from knowledge distillation", CVPR 2017, equation 1.
    """
    lower, upper = to_smaller(in_full(lower), in_full(upper), pool)
    return lower.flatten(2) @ upper.flatten(2).mT / (lower.shape[2] * lower.shape[3])


def fsp_loss(
    student_features: Sequence[Tensor],
    teacher_features: Sequence[Tensor],
    pool: Pool = "max",
    pairs: Sequence[tuple[int, int]] | None = None,
) -> Tensor:
    """Squared distance of the flow matrices, summed over pairs of layers, averaged over the batch: 1/B Σ ‖G_T − G_S‖².

    Args:
        student_features: one (B, C, H, W) a layer, bottom to top.
        teacher_features: as many, of the same widths; sizes may differ. They receive no gradient.
        pool: see :func:`fsp_matrix`.
        pairs: (i, j), the layers to relate; neighbours unless given.

    Source: Yim et al., CVPR 2017, equation 2, all λ = 1.
    """
    flow = flows(pool, pairs)
    return compare(student_features, teacher_features, SQUARED, student=flow, teacher=flow, pool=None)


#: Squared Frobenius norm of each picture's matrix.
SQUARED = Distance(squared, "picture")


def flows(pool: Pool = "max", pairs: Sequence[tuple[int, int]] | None = None) -> View:
    """The view that makes flow matrices of pairs of layers; of neighbours unless given."""

    def view(features: list[Tensor]) -> list[Tensor]:
        chosen = list(pairwise(range(len(features)))) if pairs is None else pairs
        return [fsp_matrix(features[i], features[j], pool) for i, j in chosen]

    return view


class FlowSettings(MethodSettings):
    """Settings of flow of solution procedure."""

    stages: Literal["two", "one"] = Field(
        "two",
        description="First copy the flow, then learn the labels; or both at once",
        json_schema_extra={"label": "Stages", "words": {"two": "first copy, then learn", "one": "both at once"}},
    )
    transfer_share: float = Field(
        0.25,
        ge=0.02,
        le=0.9,
        description="Share of the training spent on copying the flow, before the labels (two stages)",
        json_schema_extra={"step": 0.05, "label": "Share for copying"},
    )
    connectors: bool = Field(
        False,
        description="Where widths differ, compare behind a 1x1 convolution that is learnt and then thrown away",
        json_schema_extra={"label": "Bridge widths"},
    )
    weight: float = Field(
        1.0,
        ge=0,
        le=1000,
        description="How much the flow counts, divided by the size of the matrices so that it suits all widths",
        json_schema_extra={"step": 0.1, "level": "expert", "label": "Weight"},
    )
    pool: Pool = Field(
        "max",
        description="How the larger of two maps is brought to the size of the smaller",
        json_schema_extra={"level": "expert", "label": "Pooling", "words": {"max": "largest", "avg": "average"}},
    )


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
        "flow",
        Groups(tuple(anchors)),
        SQUARED,
        teacher=Side(view=flow),
        student=Side(connectors, flow),
        weight=_weight(weight, cast, anchors, pairs),
        pool=None,
    )


def _weight(weight: float, cast: Cast, anchors: Sequence[tuple[str, str]], pairs: Sequence[tuple[int, int]]) -> float:
    """A weight by the mean number of entries in a matrix."""
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


class FlowOfSolution(Method):
    """Two stages: all below the classifier copies the flow; then everything learns the labels. Or both at once."""

    key = "fsp"
    title = "Flow of solution (FSP)"
    words = "Copy how features change from one layer to the next."
    source = Source(
        "Yim et al.",
        "CVPR 2017",
        "A gift from knowledge distillation: fast optimization, network minimization and transfer learning",
    )
    aspects = Aspects(
        "correlation of two layers", "correlation of two layers", "L2", "end of group", missing="places in the picture"
    )
    needs = Needs(taps="out", pictures=True)
    Settings = FlowSettings

    def as_composed(self, settings: MethodSettings, cast: Cast) -> Mapping[str, object] | None:
        assert isinstance(settings, FlowSettings)
        return {
            "position": "anchors",
            "teacher_side": "flow",
            "student_side": "flow",
            "distance": "l2",
            "pool": settings.pool,
            "weight": _weight(settings.weight, cast, cast.anchors, list(pairwise(range(len(cast.anchors))))),
            "reduction": "picture",
            "stages": "two" if settings.stages == "two" else "joint",
            "transfer_share": settings.transfer_share,
        }

    def joint(self, settings: MethodSettings) -> Build | None:
        assert isinstance(settings, FlowSettings)
        return _neighbours(settings)

    def plan(self, settings: MethodSettings, cast: Cast) -> list[Stage]:
        assert isinstance(settings, FlowSettings)
        if settings.stages == "one":
            return super().plan(settings, cast)
        share = settings.transfer_share
        return [
            transfer_stage(cast, _neighbours(settings), share),
            Stage("task", "classify", None, share=1 - share),
        ]

    def refusal(self, settings: MethodSettings, cast: Cast) -> Text | None:
        assert isinstance(settings, FlowSettings)
        return flow_refusal(self.needs, cast, connectors=settings.connectors)


def _neighbours(settings: FlowSettings) -> Build:
    def build(cast: Cast) -> Objective:
        pairs = list(pairwise(range(len(cast.anchors))))
        return flow_matrices(cast, cast.anchors, pairs, settings.weight, settings.pool)

    return build


def _no_flow(spots: tuple[Spot, ...], who: Who) -> Text | None:
    if len(spots) < 2:
        return Text("needs at least two layers")
    return only_maps(spots, who) or equal_widths(spots)


offer(
    PositionPart(
        "anchors",
        "Stem and end of each group",
        "The first layers' output and those of all groups",
        "features",
        Needs(taps="out"),
        lambda cast, _settings: group_spots(cast.anchors, cast),
        lambda cast, _settings: Groups(cast.anchors),
        symbol="l",
        order=25,
    ),
    SidePart(
        "flow",
        "Two-layer flow",
        "How often channels of one layer and of the next answer together",
        ("teacher", "student"),
        ("features", "neurons"),
        "flow",
        lambda _spots, settings, _who: Side(view=flows(settings.pool)),
        symbol="G({x})",
        note="G is the flow matrix between a layer and the next",
        reads=("pool",),
        refuses=_no_flow,
        any_size=True,
        order=70,
    ),
)

catalog.register("method", FlowOfSolution())
