"""Flow of solution procedure: the student copies how the teacher's features change from layer to layer."""

from __future__ import annotations

from collections.abc import Sequence
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
    Objective,
    Source,
    Stage,
    Who,
)
from studio.methods.objectives.comparison import Side, compare
from studio.methods.objectives.flow_matrices import SQUARED, flow_matrices, flow_refusal, flow_weight, flows
from studio.methods.objectives.positions import Groups
from studio.methods.ops.sizes import Pool
from studio.methods.ops.stage_rate import Drops, RateFall, fall_setting, overrides, rate_setting
from studio.methods.ops.transfer_stage import TRANSFER_SETTINGS, transfer_stage
from studio.methods.parts.made_of_parts import Composition
from studio.methods.parts.registry import (
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


#: Of the first stage, as published: a tenth from 11,000 and a hundredth from 16,000 of 21,000 iterations on.
DROPS = Drops((11 / 21, 16 / 21), 0.1)


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
    transfer_fall: RateFall = fall_setting()
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
        return Composition(
            {
                "position": "anchors",
                "teacher_side": "flow",
                "student_side": "flow",
                "distance": "l2",
                "pool": settings.pool,
                "weight": flow_weight(settings.weight, cast, cast.anchors, list(pairwise(range(len(cast.anchors))))),
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
        return _neighbours(settings)

    def plan(self, settings: FlowSettings, cast: Cast) -> list[Stage]:
        if settings.stages == "one":
            return super().plan(settings, cast)
        share = settings.transfer_share
        return [
            transfer_stage(
                cast,
                _neighbours(settings),
                share,
                optimizer=overrides(settings.transfer_rate, settings.transfer_fall, DROPS),
            ),
            Stage("task", "classify", None, share=1 - share),
        ]

    def refusal(self, settings: FlowSettings, cast: Cast) -> Text | None:
        return flow_refusal(self.needs, cast, connectors=settings.connectors)


def _neighbours(settings: FlowSettings) -> Build:
    def build(cast: Cast) -> Objective:
        pairs = list(pairwise(range(len(cast.anchors))))
        return flow_matrices(cast, cast.anchors, pairs, settings.weight, settings.pool)

    return build


def _no_flow(tap_pairs: tuple[TapPair, ...], who: Who) -> Text | None:
    if len(tap_pairs) < 2:
        return Text("needs at least two layers")
    return refuse_vectors(tap_pairs, who) or refuse_unequal_widths(tap_pairs)


register_parts(
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
        lambda _tap_pairs, settings, _who: Side(transform=flows(settings.pool)),
        symbol="G({x})",
        note="G is the flow matrix between a layer and the next",
        reads=("pool",),
        refuses=_no_flow,
        any_size=True,
        order=70,
    ),
)

catalog.register("method", FlowOfSolution())
