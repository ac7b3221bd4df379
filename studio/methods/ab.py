"""Activation boundary: copy where the teacher's neurons switch on, then learn the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import torch
from torch import Tensor, relu

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
    Stage,
)
from studio.methods.objectives.auxiliary_head import AuxiliaryHead
from studio.methods.objectives.comparison import (
    Comparison,
    Distance,
    Elementwise,
    Side,
    by_group,
    compare,
    each,
    unchanged,
)
from studio.methods.objectives.connectors import boundary_connector
from studio.methods.objectives.positions import Groups
from studio.methods.objectives.soft_targets import soft_targets
from studio.methods.ops.precision import full_precision
from studio.methods.ops.stage_rate import RateFall, fall_setting, overrides, rate_setting
from studio.methods.ops.transfer_stage import transfer_stage
from studio.methods.parts.made_of_parts import Composition
from studio.methods.parts.registry import DistancePart, PositionPart, SidePart, group_tap_pairs, register_parts

#: Of the authors' code; it makes the sums over all neurons fit a learning rate of 0.1.
SCALE = 3 / 1000
#: Of their code for a teacher of other classes.
SCALE_FOR_OTHER_CLASSES = 1 / 1000


def activation_boundary_loss(student: Tensor, teacher: Tensor, margin: float = 1.0) -> Tensor:
    """Σ ρ(t) max(0, μ − s)² + (1 − ρ(t)) max(0, μ + s)², summed over all elements; ρ(t) is 1 where t > 0, else 0.

    Args:
        student: (B, C, H, W) or (B, D), before the ReLU and behind the connector.
        teacher: same shape, before the ReLU; receives no gradient.
        margin: μ, how far beyond its boundary a neuron is pushed.

    Source: Heo et al., "Knowledge transfer via distillation of activation boundaries formed by hidden neurons",
    AAAI 2019, equation 6.

    Example:
        >>> from torch import tensor
        >>> activation_boundary_loss(tensor([[0.5, -2.0]]), tensor([[9.0, -9.0]])).item()  # ½ is missing, and nothing
        0.25
    """
    return beyond_margin(full_precision(student), teacher.detach() > 0, margin).sum()


def beyond_margin(student: Tensor, on: Tensor, margin: float) -> Tensor:
    """What each neuron lacks to stand a margin beyond its boundary, on the side it belongs to, squared.

    Args:
        student: any shape.
        on: bool, same shape: where neurons belong on.
        margin: μ.
    """
    towards = torch.where(on, student, -student)
    return (margin - towards).relu().square()


def activation_boundary_total(students: Sequence[Tensor], teachers: Sequence[Tensor], margin: float = 1.0) -> Tensor:
    """The authors' scaling of the losses of L layers: 3/1000 · 1/B · Σ_l loss_l / 2^(L−l), the last layer in full.

    Args:
        students: one a layer, bottom to top, see :func:`activation_boundary_loss`.
        teachers: as many, same shapes.
        margin: μ.

    Example:
        >>> from torch import tensor
        >>> undecided, on = tensor([[0.0, 0.0]]), tensor([[1.0, 1.0]])  # a loss of 2 in each layer
        >>> round(activation_boundary_total([undecided, undecided], [on, on]).item(), 4)  # 3/1000 (2/2 + 2)
        0.009
    """
    return compare(students, teachers, _boundary(margin, SCALE), teacher=signs, layers="later", pool=None)


def signs(features: list[Tensor]) -> list[Tensor]:
    """The transform that keeps only which neurons are on: bool, of the same shapes."""
    return [feature > 0 for feature in features]


def _boundary(margin: float, scale: float) -> Distance:
    return Elementwise(lambda student, on: beyond_margin(student, on, margin), "picture", scale)


def activation_agreement(student: Tensor, teacher: Tensor) -> Tensor:
    """Percentage of neurons that are on in both networks or off in both; (B, C, H, W) or (B, D) before the ReLU.

    Example:
        >>> from torch import tensor
        >>> activation_agreement(tensor([[1.0, -1.0, 2.0, -2.0]]), tensor([[3.0, 3.0, 3.0, -3.0]])).item()
        75.0
    """
    same = (student.detach() > 0) == (teacher.detach() > 0)
    return 100 * same.to(full_precision(student).dtype).mean()


def response_loss(student: Tensor, teacher: Tensor, p: float) -> Tensor:
    """Σ |relu(s) − relu(t)|^p, what the boundary loss is compared with: responses instead of boundaries.

    Source: Heo et al., AAAI 2019, equation 1 for p = 2. For p < 1 the slope at zero is endless; there |d|^p is
    (d² + ε²)^(p/2) − ε^p with ε = 0.001, whose slope is bounded and zero at zero.

    Args:
        student: (B, C, H, W) or (B, D), before the ReLU and behind the connector.
        teacher: same shape; receives no gradient.
        p: the power, above 0.
    """
    return _power(full_precision(student).relu(), full_precision(teacher).detach().relu(), p).sum()


def _power(student: Tensor, teacher: Tensor, p: float) -> Tensor:
    difference = student - teacher
    if p == 2:
        return difference.square()
    if p >= 1:
        return difference.abs().pow(p)
    floor: float = 1e-3**p
    return (difference.square() + 1e-6).pow(p / 2) - floor


#: The hints the deck compares with: powers of :func:`response_loss`.
_POWERS = {"l2": 2.0, "l1": 1.0, "l0.5": 0.5}


def _responses(p: float, scale: float) -> Distance:
    return Elementwise(lambda student, teacher: _power(student, teacher, p), "picture", scale)


#: The label of the setting that lets the teacher know other classes.
OTHER_CLASSES = "Teacher of other classes"


class BoundarySettings(MethodSettings):
    """Settings of activation boundary."""

    transfer_share: float = setting(
        1 / 6,
        ge=0.02,
        le=0.9,
        description="Share of the training spent on copying boundaries, before the labels",
        step=0.05,
        label="Share for copying",
    )
    transfer_rate: float | None = rate_setting()
    transfer_fall: RateFall = fall_setting("constant")
    margin: float = setting(
        1.0,
        gt=0,
        le=10,
        description="How far beyond its boundary a neuron is pushed (μ)",
        step=0.1,
        label="Margin μ",
    )
    temperature: float = setting(
        3.0,
        ge=1,
        le=20,
        description="Evens out the teacher's answers in the second stage",
        step=0.5,
        label="Temperature",
    )
    soft_weight: float = setting(
        1.0,
        ge=0,
        le=100,
        description="How much the teacher's answers count in the second stage; 0 leaves the labels alone",
        step=0.1,
        level="expert",
        label="Weight of soft targets",
    )
    weight: float = setting(
        1.0,
        ge=0,
        le=1000,
        description="How much the boundaries count; 1 is the authors' scaling",
        step=0.1,
        level="expert",
        label="Weight of boundaries",
    )
    distance: Literal["boundary", "l2", "l1", "l0.5"] = setting(
        "boundary",
        description="What is copied: on and off, or (for comparison) the neurons' responses with this distance",
        level="expert",
        label="Distance",
    )
    other_classes: bool = setting(
        False,
        description="The teacher learnt other classes: instead of its soft answers the student learns its scores, through a "
        "head that is thrown away",
        level="expert",
        label=OTHER_CLASSES,
    )
    other_classes_scale: float = setting(
        SCALE_FOR_OTHER_CLASSES,
        earlier=SCALE,
        gt=0,
        le=1,
        description="Scaling of the boundaries of a teacher of other classes; runs of version 0.1.0 go on with their 0.003",
        step=0.001,
        level="expert",
        label="Scale for other classes",
    )
    score_weight: float = setting(
        1.0,
        ge=0,
        le=100,
        description="How much the scores of a teacher of other classes count, in both stages; 1 is the authors' scaling",
        step=0.1,
        level="expert",
        label="Weight of its scores",
    )


def _boundaries(cast: Cast, settings: BoundarySettings) -> Objective:
    """The boundary loss at the pre-ReLU points of all paired groups, with a connector where widths differ."""
    teacher = cast.teacher
    assert teacher is not None
    connectors = by_group(cast.pairs, lambda t, s: boundary_connector(cast.student.tap(s), teacher.tap(t)))
    boundary = settings.distance == "boundary"
    responses = each(relu)
    scale = settings.other_classes_scale if settings.other_classes else SCALE
    distance = _boundary(settings.margin, scale) if boundary else _responses(_POWERS[settings.distance], scale)
    return Comparison(
        Groups(cast.pairs, "pre"),
        {"activation boundary" if boundary else "responses": (distance, settings.weight)},
        teacher=Side(transform=signs if boundary else responses),
        student=Side(connectors, unchanged if boundary else responses),
        layers="later",
        pool=None,
    )


def _transfer(cast: Cast, settings: BoundarySettings) -> Objective:
    """The objective of the first stage; from a teacher of other classes its scores are learnt as well."""
    boundaries = _boundaries(cast, settings)
    return AuxiliaryHead(cast, settings.score_weight, boundaries) if settings.other_classes else boundaries


class ActivationBoundary(Method[BoundarySettings]):
    """Two stages: all below the classifier copies the boundaries; then everything learns labels and soft targets.

    The first keeps its learning rate, as in the authors' code, whose drop after three quarters only makes the optimiser
    anew. That code drops the labels in the second stage; a ``task_weight`` of 0 gives that. A teacher of other classes
    has its scores learnt in both stages by a head that the second takes over from the first, in place of soft targets.
    """

    key = "ab"
    title = "Activation boundary"
    words = "Copy where the teacher's neurons switch on; then learn its soft answers."
    source = Source(
        "Heo et al.",
        "AAAI 2019",
        "Knowledge transfer via distillation of activation boundaries formed by hidden neurons",
        year=2019,
    )
    compares = "features"
    aspects = Aspects("binarisation", "1x1 conv + BN", "marginal L2", "pre-ReLU", missing="feature values")
    needs = Needs(taps="pre", same_spatial=True, same_classes=True, unless=OTHER_CLASSES)
    Settings = BoundarySettings

    def as_composed(self, settings: BoundarySettings, cast: Cast) -> Composition | None:
        del cast
        if settings.distance != "boundary" or settings.other_classes:
            return None
        soft = {"temperature": settings.temperature, "weight": settings.soft_weight, "t_squared": False}
        return Composition(
            {
                "position": "neurons",
                "teacher_side": "on_off",
                "student_side": "bridge",
                "distance": "marginal",
                "margin": settings.margin,
                "weight": SCALE * settings.weight,
                "reduction": "picture",
                "layers": "later",
                "stages": "two",
                "transfer_share": settings.transfer_share,
                "transfer_rate": settings.transfer_rate,
                "transfer_fall": settings.transfer_fall,
            },
            also=() if settings.soft_weight == 0 else ({"key": "kd", "settings": soft},),
        )

    def joint(self, settings: BoundarySettings) -> Build | None:
        return lambda cast: _transfer(cast, settings)

    def needed(self, settings: BoundarySettings) -> Needs:
        return replace(self.needs, same_classes=not settings.other_classes)

    def inactive_settings(self, settings: BoundarySettings) -> frozenset[str]:
        return frozenset() if settings.other_classes else frozenset({"other_classes_scale", "score_weight"})

    def plan(self, settings: BoundarySettings, cast: Cast) -> list[Stage]:
        share = settings.transfer_share
        return [
            transfer_stage(
                cast,
                self.joint(settings),
                share,
                optimizer=overrides(settings.transfer_rate, settings.transfer_fall),
            ),
            Stage("task", "classify", _scores(settings), share=1 - share, inherits=("head",))
            if settings.other_classes
            else Stage("task", "classify", _soft_targets(settings), share=1 - share),
        ]


def _scores(settings: BoundarySettings) -> Build:
    return lambda cast: AuxiliaryHead(cast, settings.score_weight)


def _soft_targets(settings: BoundarySettings) -> Build | None:
    if settings.soft_weight == 0:
        return None
    return lambda _cast: soft_targets(settings.temperature, settings.soft_weight, t_squared=False)


register_parts(
    PositionPart(
        "neurons",
        "Before the ReLU",
        "Neurons at the ends of all groups, before it is decided whether they are on",
        "neurons",
        Needs(taps="pre"),
        lambda cast, _settings: group_tap_pairs(cast.pairs, cast),
        lambda cast, _settings: Groups(cast.pairs, "pre"),
        symbol="l",
        order=10,
    ),
    SidePart(
        "on_off",
        "On or off",
        "Only which neurons are on",
        ("teacher",),
        ("neurons",),
        "signs",
        lambda _tap_pairs, _settings, _who: Side(transform=signs),
        symbol="ρ({x})",
        note="ρ is 1 where the teacher's neuron is on, else 0",
        order=10,
    ),
    DistancePart(
        "marginal",
        "Marginal L2",
        "What a neuron lacks to stand beyond its boundary, squared",
        (("signs", "features"),),
        lambda settings: lambda student, on: beyond_margin(student, on, settings.margin),
        "{t} · max(0, μ − {s})² + (1 − {t}) · max(0, μ + {s})²",
        note="μ is the margin",
        reads=("margin",),
        order=10,
    ),
)

catalog.register("method", ActivationBoundary())
