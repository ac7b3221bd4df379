"""Soft targets: the student learns how sure the teacher is of every answer, not only which is right."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from torch import Tensor
from torch.nn.functional import kl_div, log_softmax, softmax

from studio import catalog
from studio.methods.base import (
    Aspects,
    Batch,
    Build,
    Cast,
    Method,
    MethodSettings,
    Needs,
    Objective,
    Source,
    Term,
    Who,
)
from studio.methods.objectives.comparison import End, Side, each
from studio.methods.ops.precision import in_full
from studio.methods.parts.registry import DistancePart, PartSettings, PositionPart, SidePart, Spot, offer, shaped


def kd_loss(student_logits: Tensor, teacher_logits: Tensor, temperature: float) -> Tensor:
    """T² times the divergence of the softened answers, averaged over the batch: T²/B Σ_b KL(p_t ‖ p_s).

    p = softmax(logits / T). T² keeps the gradient's size as T grows: it is T (p_s − p_t) / B.

    Args:
        student_logits: (B, K).
        teacher_logits: (B, K); receives no gradient.
        temperature: T > 0; 1 leaves the answers as they are, more evens them out.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Hinton et al., "Distilling the knowledge in a neural network", 2015.
    """
    student = log_softmax(in_full(student_logits) / temperature, dim=1)
    teacher = log_softmax(in_full(teacher_logits).detach() / temperature, dim=1)
    return temperature**2 * kl_div(student, teacher, reduction="batchmean", log_target=True)


def soft_cross_entropy(student_logits: Tensor, teacher_logits: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of the softened answers, averaged over the batch, without T²: −1/B Σ_b Σ_k p_t log p_s.

    Its gradient is that of :func:`kd_loss` divided by T²; its least value is the teacher's entropy. Arguments as there.
    """
    student = log_softmax(in_full(student_logits) / temperature, dim=1)
    teacher = softmax(in_full(teacher_logits).detach() / temperature, dim=1)
    return -(teacher * student).sum(1).mean()


class SoftTargetSettings(MethodSettings):
    """Settings of soft targets."""

    weight: float = Field(
        0.9,
        ge=0,
        le=100,
        description="How much the teacher's answers count",
        json_schema_extra={"step": 0.1, "level": "expert", "label": "Weight of soft targets"},
    )
    temperature: float = Field(
        4.0,
        ge=1,
        le=20,
        description="Evens out the teacher's answers, so that its second and third guess can be seen",
        json_schema_extra={"step": 0.5, "label": "Temperature"},
    )
    t_squared: bool = Field(
        True,
        description="Multiply by the squared temperature, so that the weight means the same at every temperature",
        json_schema_extra={"level": "expert", "label": "Times T²"},
    )


class SoftTargets(Objective):
    """The divergence of the softened answers as one term."""

    def __init__(self, temperature: float, weight: float, *, t_squared: bool = True) -> None:
        super().__init__()
        self.temperature = temperature
        self.weight = weight
        self.scale = 1.0 if t_squared else 1.0 / temperature**2

    def forward(self, batch: Batch) -> dict[str, Term]:
        value = kd_loss(batch.student.logits, batch.teacher.logits, self.temperature)
        return {"soft targets": Term(self.scale * value, self.weight)}


class SoftTargetMethod(Method):
    """One stage: soft targets beside a small share of labels."""

    key = "kd"
    title = "Soft targets"
    words = "Learn how sure the teacher is of every answer, not only which is right."
    source = Source("Hinton et al.", "NIPS workshop 2014, 2015", "Distilling the knowledge in a neural network")
    aspects = Aspects(
        "softmax at T", "softmax at T", "KL divergence", "output", missing="logit offset, hidden features"
    )
    needs = Needs(same_classes=True)
    task_weight = 0.1
    Settings = SoftTargetSettings

    def as_composed(self, settings: MethodSettings, cast: Cast) -> Mapping[str, object] | None:
        del cast
        assert isinstance(settings, SoftTargetSettings)
        return {
            "position": "scores",
            "teacher_side": "softened",
            "student_side": "softened",
            "distance": "cross_entropy",
            "temperature": settings.temperature,
            "weight": settings.weight * (settings.temperature**2 if settings.t_squared else 1.0),
            "reduction": "picture",
        }

    def joint(self, settings: MethodSettings) -> Build | None:
        assert isinstance(settings, SoftTargetSettings)
        return lambda _cast: SoftTargets(settings.temperature, settings.weight, t_squared=settings.t_squared)


def _scores(cast: Cast, _settings: PartSettings) -> tuple[Spot, ...]:
    return (Spot("logits", shaped("logits", cast.classes), shaped("logits", cast.classes)),)


def _softened(_spots: tuple[Spot, ...], settings: PartSettings, _who: Who) -> Side:
    return Side(view=each(lambda logits: log_softmax(logits / settings.temperature, dim=1)))


def _soft_cross_entropy(student: Tensor, teacher: Tensor) -> Tensor:
    return -teacher.exp() * student


offer(
    PositionPart(
        "scores",
        "Logits",
        "The scores before the softmax",
        "scores",
        Needs(same_classes=True),
        _scores,
        lambda _cast, _settings: End(lambda seen: seen.logits),
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
