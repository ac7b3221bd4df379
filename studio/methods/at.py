"""Attention transfer: the student learns where the teacher looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from torch import Tensor

from studio import catalog
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
    StageMoment,
    Suited,
    Who,
)
from studio.methods.objectives.comparison import (
    Comparison,
    Elementwise,
    Side,
    Transform,
    by_group,
    compare,
    each,
    squared,
)
from studio.methods.objectives.connectors import width_connector
from studio.methods.objectives.positions import Groups
from studio.methods.ops.attention_maps import MAPS, MapKind, attention_map
from studio.methods.ops.published_weights import suited_to_places
from studio.methods.ops.schedules import decay_factor, start_factor
from studio.methods.parts.made_of_parts import Composition
from studio.methods.parts.registry import (
    PartSettings,
    PositionPart,
    SidePart,
    TapPair,
    group_tap_pairs,
    refuse_vectors,
    register_parts,
)


def attention_loss(
    student_features: Sequence[Tensor], teacher_features: Sequence[Tensor], kind: MapKind = "sum", p: float = 2
) -> Tensor:
    """Mean squared difference of the attention maps over batch and places, summed over the layers; without β.

    Where sizes differ, the larger feature is adaptively average-pooled before the power is taken. The paper's distance
    is the plain norm times β/2; published weights (β = 1000) refer to this mean, as in the authors' code.

    Args:
        student_features: one (B, C, H, W) a layer.
        teacher_features: as many; channels may differ. They receive no gradient.
        kind: "sum" or "max", see :func:`attention_map`.
        p: its power.

    Example:
        >>> from torch import tensor
        >>> left, right = tensor([[[[2.0, 0.0]]]]), tensor([[[[0.0, 5.0]]]])
        >>> attention_loss([left], [right]).item(), attention_loss([left], [9 * left]).item()
        (1.0, 0.0)
    """
    maps = attention_maps(kind, p)
    return compare(student_features, teacher_features, Elementwise(squared), student=maps, teacher=maps)


def attention_maps(kind: MapKind, p: float) -> Transform:
    """The transform that makes an attention map of every feature."""
    return each(lambda feature: attention_map(feature, kind, p))


class AttentionSettings(MethodSettings):
    """Settings of attention transfer."""

    weight: float = setting(
        1000.0,
        ge=0,
        le=1e6,
        description="How much looking where the teacher looks counts (β); less on small maps, which it pulls harder",
        step=100,
        label="Weight",
    )
    kind: Literal["sum", "sum2", "max2", "full"] = setting(
        "sum2",
        description="How channels make one map of where the teacher looks; or copy all of them as they are, for comparison",
        level="expert",
        label="Map",
        words={
            "sum": "sum of sizes",
            "sum2": "sum of squares",
            "max2": "largest square",
            "full": "whole activations",
        },
    )
    full_weight: float = setting(
        1.0,
        ge=0,
        le=1e4,
        description="How much copying counts where whole activations are copied; they are not of unit length as maps are",
        step=0.1,
        level="expert",
        label="Weight of whole activations",
    )
    start: float = setting(
        0.0,
        ge=0,
        le=0.95,
        description="Share of the training that passes before anything is copied; 0.6 is the paper's for ImageNet",
        step=0.05,
        level="expert",
        label="Begin after",
    )
    decay: bool = setting(
        False,
        description="Let the weight fall to 0 over the training, so that labels and soft targets finish alone",
        level="expert",
        label="Let it fade",
    )

    def factor(self, moment: StageMoment) -> float:
        """What the weight is multiplied with in a step."""
        fade = decay_factor(moment.period, moment.periods) if self.decay else 1.0
        return start_factor(moment.period, moment.periods, self.start) * fade


def _maps(cast: Cast, settings: AttentionSettings) -> Objective:
    maps = attention_maps(*MAPS[settings.kind])
    return Comparison(
        Groups(cast.pairs),
        {"attention": (Elementwise(squared), lambda moment: settings.factor(moment) * settings.weight)},
        teacher=Side(transform=maps),
        student=Side(transform=maps),
    )


def _whole_activations(cast: Cast, settings: AttentionSettings) -> Objective:
    """Full activation transfer (F-ActT), what the paper compares attention with: plain L2 behind 1x1 convolutions."""
    teacher = cast.teacher
    assert teacher is not None
    connectors = by_group(cast.pairs, lambda t, s: width_connector(cast.student.tap(s), teacher.tap(t)))
    return Comparison(
        Groups(cast.pairs),
        {"activations": (Elementwise(squared), lambda moment: settings.factor(moment) * settings.full_weight)},
        student=Side(connectors),
    )


class AttentionTransfer(Method[AttentionSettings]):
    """One stage, attention beside the labels. With soft targets added it is the paper's AT+KD."""

    key = "at"
    title = "Attention transfer"
    words = "Copy where the teacher looks."
    also_called = "AT, F-ActT, full activation transfer (map: whole activations)"
    source = Source(
        "Zagoruyko and Komodakis",
        "ICLR 2017",
        "Paying more attention to attention: improving the performance of convolutional neural networks via attention transfer",
        year=2017,
    )
    compares = "attention"
    aspects = Aspects("attention map", "attention map", "L2", "end of group", missing="channels")
    needs = Needs(taps="out", pictures=True)
    Settings = AttentionSettings

    def as_composed(self, settings: AttentionSettings, cast: Cast) -> Composition | None:
        del cast
        when = {"position": "groups", "distance": "l2", "start": settings.start, "fade": settings.decay}
        if settings.kind == "full":
            whole = {"teacher_side": "as_is", "student_side": "conv", "weight": settings.full_weight}
            return Composition({**when, **whole})
        sides = {"teacher_side": "attention", "student_side": "attention", "map": settings.kind}
        return Composition({**when, **sides, "weight": settings.weight})

    def inactive_settings(self, settings: AttentionSettings) -> frozenset[str]:
        return frozenset({"weight" if settings.kind == "full" else "full_weight"})

    def suited(self, settings: AttentionSettings, cast: Cast) -> Mapping[str, Suited]:
        found = suited_to_places(AttentionSettings().weight, cast) if settings.kind != "full" else None
        return {"weight": found} if found else {}

    def joint(self, settings: AttentionSettings) -> Build | None:
        build = _whole_activations if settings.kind == "full" else _maps
        return lambda cast: build(cast, settings)


def _convolution(tap_pairs: tuple[TapPair, ...], _settings: PartSettings, _who: Who) -> Side:
    return Side({pair.name: width_connector(pair.student, pair.teacher) for pair in tap_pairs})


register_parts(
    PositionPart(
        "groups",
        "End of each group",
        "The outputs of all groups of layers",
        "features",
        Needs(taps="out"),
        lambda cast, _settings: group_tap_pairs(cast.pairs, cast),
        lambda cast, _settings: Groups(cast.pairs),
        symbol="l",
        order=20,
    ),
    SidePart(
        "attention",
        "Attention map",
        "Where in the picture they are strong; how many channels there are does not matter",
        ("teacher", "student"),
        ("features", "neurons"),
        "maps",
        lambda _tap_pairs, settings, _who: Side(transform=attention_maps(*MAPS[settings.map])),
        symbol="A({x})",
        note="A is the attention map, flattened and of unit length",
        reads=("map",),
        refuses=refuse_vectors,
        order=30,
    ),
    SidePart(
        "conv",
        "1 × 1 conv",
        "A learnt convolution to the teacher's width, without batch norm",
        ("student",),
        ("features", "neurons"),
        "features",
        _convolution,
        symbol="c({x})",
        note="c is the learnt 1 × 1 convolution, left out where widths are equal",
        refuses=refuse_vectors,
        order=12,
    ),
)

catalog.register("method", AttentionTransfer())
