"""DIST: the student keeps the relations between the teacher's answers, not their exact values."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import softmax

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Build, Cast, Method, MethodSettings, Needs, Objective, Source
from studio.methods.objectives.comparison import Comparison, Distance, Side, Transform, compare, each
from studio.methods.objectives.positions import SCORES

#: Of the authors' code; where the product of two lengths is not above it, one of them is constant.
EPSILON = 1e-8
#: The correlation of fewer numbers than this is 1, −1 or nothing, and has no slope.
LEAST = 3


def dist_loss(student_logits: Tensor, teacher_logits: Tensor, temperature: float = 1.0) -> Tensor:
    """(1 − mean_b ρ over the classes) + (1 − mean_k ρ over the batch) of the softmax answers; ρ is Pearson's correlation.

    The correlation of a constant is 0 and gives no gradient: the second part is 1 for a batch of one.

    Args:
        student_logits: (B, K).
        teacher_logits: (B, K); receives no gradient.
        temperature: of both softmaxes.

    Returns:
        0-dim, float32 or the input's float64; between 0 and 4.

    Source: Huang et al., "Knowledge distillation from a stronger teacher", NeurIPS 2022, equations 7-9.

    Example:
        >>> from torch import tensor
        >>> answers = tensor([[1.0, 0.0], [0.0, 1.0]])
        >>> round(dist_loss(answers, answers.flip(1)).item(), 4)  # ρ = −1 over the classes and over the batch
        4.0
    """
    answers = _answers(temperature)
    return compare([student_logits], [teacher_logits], _both, student=answers, teacher=answers)


def _both(student: Tensor, teacher: Tensor) -> Tensor:
    return between_classes(student, teacher) + between_pictures(student, teacher)


def between_classes(student: Tensor, teacher: Tensor) -> Tensor:
    """1 minus the correlation over the classes, averaged over the pictures, of (B, K) probabilities."""
    return 1 - _pearson(student, teacher).mean()


def between_pictures(student: Tensor, teacher: Tensor) -> Tensor:
    """1 minus the correlation over the pictures, averaged over the classes, of (B, K) probabilities."""
    return 1 - _pearson(student.T, teacher.T).mean()


def _answers(temperature: float) -> Transform:
    return each(lambda logits: softmax(logits / temperature, 1))


def _pearson(x: Tensor, y: Tensor) -> Tensor:
    """(n,): the correlation of every row of ``x`` with that of ``y``, both (n, m)."""
    x, y = x - x.mean(1, keepdim=True), y - y.mean(1, keepdim=True)
    lengths = torch.linalg.vector_norm(x, dim=1) * torch.linalg.vector_norm(y, dim=1)
    return torch.where(lengths > EPSILON, (x * y).sum(1) / lengths.clamp_min(EPSILON), 0)


class DistSettings(MethodSettings):
    """Settings of DIST."""

    class_weight: float = setting(
        1.0,
        ge=0,
        le=100,
        description="How much ranking the classes of one picture like the teacher counts (β)",
        step=0.5,
        label="Weight between classes",
    )
    picture_weight: float = setting(
        1.0,
        ge=0,
        le=100,
        description="How much ranking the pictures for one class like the teacher counts (γ)",
        step=0.5,
        label="Weight between pictures",
    )
    temperature: float = setting(
        1.0,
        ge=1,
        le=20,
        description="Evens out the answers before they are compared",
        step=0.5,
        level="expert",
        label="Temperature",
    )


def _relations(settings: DistSettings) -> Objective:
    """Both correlations as terms of their own, each times T² as in the authors' code."""
    answers = _answers(settings.temperature)
    scale = settings.temperature**2

    def times_t_squared(distance: Distance) -> Distance:
        return lambda student, teacher: scale * distance(student, teacher)

    return Comparison(
        SCORES,
        {
            "between classes": (times_t_squared(between_classes), settings.class_weight),
            "between pictures": (times_t_squared(between_pictures), settings.picture_weight),
        },
        student=Side(transform=answers),
        teacher=Side(transform=answers),
    )


class Dist(Method[DistSettings]):
    """One stage beside the labels."""

    key = "dist"
    title = "Relations of answers"
    words = "Rank classes and pictures as the teacher does, without copying its exact scores."
    source = Source("Huang et al.", "NeurIPS 2022", "Knowledge distillation from a stronger teacher", year=2022)
    compares = "answers"
    aspects = Aspects(
        "softmax, centred and of unit length", "the same", "1 − correlation", "output", missing="mean and spread"
    )
    needs = Needs(same_classes=True)
    Settings = DistSettings

    def refusal(self, settings: DistSettings, cast: Cast) -> Text | None:
        unmet = super().refusal(settings, cast)
        if unmet is not None:
            return unmet
        classes = settings.class_weight > 0 and cast.classes >= LEAST
        pictures = settings.picture_weight > 0 and (cast.batch is None or cast.batch >= LEAST)
        if classes or pictures:
            return None
        return Text(
            "Two numbers always rank in one of two ways, so there is nothing to learn from correlations of two: it needs "
            "{least} classes or more with a weight between classes, or {least} pictures or more in a step with a weight "
            "between pictures.",
            {"least": LEAST},
        )

    def joint(self, settings: DistSettings) -> Build | None:
        return lambda _cast: _relations(settings)


catalog.register("method", Dist())
