"""Soft targets: the student learns how sure the teacher is of every answer, not only which is right.

The loss is :func:`studio.methods.ops.logit_losses.kd_loss`.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import log_softmax

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Build,
    Cast,
    Method,
    MethodSettings,
    Needs,
    Source,
    Who,
)
from studio.methods.objectives.comparison import Side, each
from studio.methods.objectives.positions import SCORES
from studio.methods.objectives.soft_targets import soft_targets
from studio.methods.parts.made_of_parts import Composition
from studio.methods.parts.registry import (
    DistancePart,
    PartSettings,
    PositionPart,
    SidePart,
    TapPair,
    register_parts,
    vector_shape,
)


class SoftTargetSettings(MethodSettings):
    """Settings of soft targets."""

    weight: float = setting(
        0.9,
        ge=0,
        le=100,
        description="How much the teacher's answers count",
        step=0.1,
        level="expert",
        label="Weight of soft targets",
    )
    temperature: float = setting(
        4.0,
        ge=1,
        le=20,
        description="Evens out the teacher's answers, so that its second and third guess can be seen",
        step=0.5,
        label="Temperature",
    )
    t_squared: bool = setting(
        True,
        description="Multiply by the squared temperature, so that the weight means the same at every temperature",
        level="expert",
        label="Times T²",
    )


class SoftTargetMethod(Method[SoftTargetSettings]):
    """One stage: soft targets beside a small share of labels."""

    key = "kd"
    title = "Soft targets"
    words = "Learn how sure the teacher is of every answer, not only which is right."
    also_called = "knowledge distillation, dark knowledge, temperature"
    source = Source(
        "Hinton et al.", "NIPS deep learning workshop 2014", "Distilling the knowledge in a neural network", year=2014
    )
    compares = "answers"
    aspects = Aspects(
        "softmax at T", "softmax at T", "KL divergence", "output", missing="logit offset, hidden features"
    )
    needs = Needs(same_classes=True)
    task_weight = 0.1
    Settings = SoftTargetSettings

    def as_composed(self, settings: SoftTargetSettings, cast: Cast) -> Composition | None:
        del cast
        return Composition(
            {
                "position": "scores",
                "teacher_side": "softened",
                "student_side": "softened",
                "distance": "cross_entropy",
                "temperature": settings.temperature,
                "weight": settings.weight * (settings.temperature**2 if settings.t_squared else 1.0),
                "reduction": "picture",
            }
        )

    def joint(self, settings: SoftTargetSettings) -> Build | None:
        return lambda _cast: soft_targets(settings.temperature, settings.weight, t_squared=settings.t_squared)


def _scores(cast: Cast, _settings: PartSettings) -> tuple[TapPair, ...]:
    return (TapPair("logits", vector_shape("logits", cast.classes), vector_shape("logits", cast.classes)),)


def _softened(_tap_pairs: tuple[TapPair, ...], settings: PartSettings, _who: Who) -> Side:
    return Side(transform=each(lambda logits: log_softmax(logits / settings.temperature, dim=1)))


def _soft_cross_entropy(student: Tensor, teacher: Tensor) -> Tensor:
    return -teacher.exp() * student


register_parts(
    PositionPart(
        "scores",
        "Logits",
        "The scores before the softmax",
        "scores",
        Needs(same_classes=True),
        _scores,
        lambda _cast, _settings: SCORES,
        order=60,
    ),
    SidePart(
        "softened",
        "Softened answers",
        "How sure it is of every class, evened out",
        ("teacher", "student"),
        ("scores",),
        "answers",
        _softened,
        symbol="p({x})",
        note="p is the softmax at temperature T",
        reads=("temperature",),
        order=60,
    ),
    DistancePart(
        "cross_entropy",
        "Cross-entropy",
        "How badly the student's answers say the teacher's",
        (("answers", "answers"),),
        lambda _settings: _soft_cross_entropy,
        "−{t} · log {s}",
        spaces=("scores",),
        order=60,
    ),
)

catalog.register("method", SoftTargetMethod())
