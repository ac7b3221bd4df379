"""Flow of solution procedure: the student copies how the teacher's features change from layer to layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from torch import Tensor

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
    Stage,
    Who,
    unmet,
)
from studio.methods.objectives.comparison import Side, compare
from studio.methods.objectives.flow_matrices import SQUARED, FlowLayers, flow_matrices, flow_refusal, flow_weight, flows
from studio.methods.objectives.positions import Groups, Sections
from studio.methods.ops.sizes import Pool
from studio.methods.ops.stage_rate import RateFall, fall_setting, overrides, rate_setting
from studio.methods.ops.transfer_stage import TRANSFER_SETTINGS, transfer_stage
from studio.methods.parts.made_of_parts import Composition
from studio.methods.parts.registry import (
    PartSettings,
    PositionPart,
    SidePart,
    TapPair,
    group_tap_pairs,
    refuse_unequal_widths,
    refuse_vectors,
    register_parts,
)


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
        pool: see :func:`studio.methods.fsp_matrix`.
        pairs: (i, j), the layers to relate; neighbours unless given.

    Source: Yim et al., CVPR 2017, equation 2, all λ = 1.

    Example:
        >>> from torch import ones
        >>> layer = ones(1, 1, 2, 2)
        >>> fsp_loss([layer, layer], [layer, 3 * layer]).item()  # (3 − 1)²
        4.0
    """
    flow = flows(pool, pairs)
    return compare(student_features, teacher_features, SQUARED, student=flow, teacher=flow, pool=None)


class FlowSettings(MethodSettings):
    """Settings of flow of solution procedure."""

    stages: Literal["two", "one"] = setting(
        "two",
        description="First copy the flow, then learn the labels; or both at once",
        label="Stages",
        words={"two": "first copy, then learn", "one": "both at once"},
    )
    transfer_share: float = setting(
        0.25,
        ge=0.02,
        le=0.9,
        description="Share of the training spent on copying the flow, before the labels (two stages)",
        step=0.05,
        label="Share for copying",
    )
    transfer_rate: float | None = rate_setting()
    transfer_fall: RateFall = fall_setting("steps")
    between: Literal["sections", "ends"] = setting(
        "sections",
        earlier="ends",
        description="Which layers are related: the first and the last of every group, as in the paper, or the ends of "
        "neighbouring groups, as is done in any case where a group has a single layer",
        level="expert",
        label="Between",
        words={"sections": "first and last layer of a group", "ends": "ends of neighbouring groups"},
    )
    connectors: bool = setting(
        False,
        description="Where widths differ, compare behind a 1x1 convolution that is learnt and then thrown away",
        label="Bridge widths",
    )
    weight: float = setting(
        1.0,
        ge=0,
        le=1000,
        description="How much the flow counts, divided by the size of the matrices so that it suits all widths",
        step=0.1,
        level="expert",
        label="Weight",
    )
    pool: Pool = setting(
        "max",
        description="How the larger of two maps is brought to the size of the smaller",
        level="expert",
        label="Pooling",
        words={"max": "largest", "avg": "average"},
    )


class FlowOfSolution(Method[FlowSettings]):
    """Two stages: all below the classifier copies the flow; then everything learns the labels. Or both at once."""

    key = "fsp"
    title = "Flow of solution (FSP)"
    words = "Copy how features change from one layer to the next."
    source = Source(
        "Yim et al.",
        "CVPR 2017",
        "A gift from knowledge distillation: fast optimization, network minimization and transfer learning",
        year=2017,
    )
    compares = "features"
    aspects = Aspects(
        "correlation of two layers", "correlation of two layers", "L2", "end of group", missing="places in the picture"
    )
    needs = Needs(taps="out", pictures=True)
    Settings = FlowSettings

    def as_composed(self, settings: FlowSettings, cast: Cast) -> Composition | None:
        layers = _layers(settings, cast)
        return Composition(
            {
                "position": "sections" if isinstance(layers.position, Sections) else "anchors",
                "teacher_side": "flow",
                "student_side": "flow",
                "distance": "l2",
                "pool": settings.pool,
                "weight": flow_weight(settings.weight, cast, layers),
                "reduction": "picture",
                "stages": "two" if settings.stages == "two" else "joint",
                "transfer_share": settings.transfer_share,
                "transfer_rate": settings.transfer_rate,
                "transfer_fall": settings.transfer_fall,
            }
        )

    def inactive_settings(self, settings: FlowSettings) -> frozenset[str]:
        return TRANSFER_SETTINGS if settings.stages == "one" else frozenset()

    def joint(self, settings: FlowSettings) -> Build | None:
        return _flow(settings)

    def plan(self, settings: FlowSettings, cast: Cast) -> list[Stage]:
        if settings.stages == "one":
            return super().plan(settings, cast)
        share = settings.transfer_share
        return [
            transfer_stage(
                cast,
                _flow(settings),
                share,
                optimizer=overrides(settings.transfer_rate, settings.transfer_fall),
            ),
            Stage("task", "classify", None, share=1 - share),
        ]

    def refusal(self, settings: FlowSettings, cast: Cast) -> Text | None:
        return flow_refusal(self.needs, cast, _layers(settings, cast), connectors=settings.connectors)


def _layers(settings: FlowSettings, cast: Cast) -> FlowLayers:
    """What the settings relate; the ends of groups where a group of either network has a single layer."""
    if settings.between == "sections" and unmet(Needs(taps="first"), cast) is None and cast.pairs:
        return FlowLayers.in_groups(cast.pairs)
    return FlowLayers.at_ends(cast.anchors)


def _flow(settings: FlowSettings) -> Build:
    return lambda cast: flow_matrices(cast, _layers(settings, cast), settings.weight, settings.pool)


def _related(tap_pairs: tuple[TapPair, ...]) -> tuple[tuple[int, int], ...]:
    """Which of the layers at a position are related: the two of a group where there are two of each, else neighbours."""
    neighbours = tuple(pairwise(range(len(tap_pairs))))
    in_groups = tuple((i, j) for i, j in neighbours if tap_pairs[i].student.group == tap_pairs[j].student.group)
    return in_groups or neighbours


def _sections(cast: Cast, _settings: PartSettings) -> tuple[TapPair, ...]:
    ends = group_tap_pairs(cast.pairs, cast)
    return tuple(pair for end in ends for pair in (replace(end, name=f"{end.name}-first"), end))


def _no_flow(tap_pairs: tuple[TapPair, ...], who: Who) -> Text | None:
    if len(tap_pairs) < 2:
        return Text("needs at least two layers")
    return refuse_vectors(tap_pairs, who) or refuse_unequal_widths(tap_pairs)


register_parts(
    PositionPart(
        "sections",
        "First and last layer of each group",
        "What the first layer of each group gives, and its end",
        "features",
        Needs(taps="first"),
        _sections,
        lambda cast, _settings: Sections(cast.pairs),
        symbol="l",
        order=26,
    ),
    PositionPart(
        "anchors",
        "Stem and end of each group",
        "The first layers' output and those of all groups",
        "features",
        Needs(taps="out"),
        lambda cast, _settings: group_tap_pairs(cast.anchors, cast),
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
        lambda tap_pairs, settings, _who: Side(transform=flows(settings.pool, _related(tap_pairs))),
        symbol="G({x})",
        note="G is the flow matrix between two layers, of a group where there are two of each, else neighbours",
        reads=("pool",),
        refuses=_no_flow,
        any_size=True,
        order=70,
    ),
)

catalog.register("method", FlowOfSolution())
