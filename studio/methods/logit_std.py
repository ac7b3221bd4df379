"""Standardised soft targets: every picture's scores are brought to mean 0 and spread 1 before they are softened."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import kl_div, log_softmax

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Build, Cast, Method, MethodSettings, Needs, Source
from studio.methods.objectives.comparison import Comparison
from studio.methods.objectives.positions import SCORES
from studio.methods.objectives.soft_targets import SOFT_TARGETS
from studio.methods.ops.precision import full_precision

#: Of the authors' code; scores that differ by less have no spread to divide by.
EPSILON = 1e-7
#: Of fewer the z-scores are constant: of two always √½ and −√½.
LEAST_CLASSES = 3


def standardised_kd_loss(student_logits: Tensor, teacher_logits: Tensor, temperature: float) -> Tensor:
    """Divergence of the softened z-scores, averaged over the batch, without T²: 1/B Σ_b KL(p_t ‖ p_s).

    p = softmax(z / T) with z = (logits − mean) / (std + 1e-7) over the classes of each picture, std unbiased.

    Args:
        student_logits: (B, K). Scores that are all equal stay zero and receive no gradient.
        teacher_logits: (B, K); receives no gradient.
        temperature: T > 0.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Sun et al., "Logit standardization in knowledge distillation", CVPR 2024.

    Example:
        >>> from torch import tensor
        >>> student, teacher = tensor([[1.0, 0.0]]), tensor([[0.0, 1.0]])  # z is √½ and −√½, whatever the spread
        >>> [round(standardised_kd_loss(student, n * teacher, temperature=2**0.5).item(), 4) for n in (5, 500)]
        [0.4621, 0.4621]
    """
    student = log_softmax(_z_scores(student_logits) / temperature, dim=1)
    teacher = log_softmax(_z_scores(teacher_logits.detach()) / temperature, dim=1)
    return kl_div(student, teacher, reduction="batchmean", log_target=True)


def _z_scores(logits: Tensor) -> Tensor:
    logits = full_precision(logits)
    centred = logits - logits.mean(1, keepdim=True)
    # the norm, unlike torch.std, has a slope of zero where all scores are equal
    spread = torch.linalg.vector_norm(centred, dim=1, keepdim=True) / max(1, logits.shape[1] - 1) ** 0.5
    return torch.where(spread > EPSILON, centred / (spread + EPSILON), 0)


class StandardisedSettings(MethodSettings):
    """Settings of standardised soft targets."""

    weight: float = setting(
        9.0,
        ge=0,
        le=100,
        description="How much the teacher's answers count",
        step=0.5,
        label="Weight",
    )
    temperature: float = setting(
        2.0,
        ge=1,
        le=20,
        description="Evens out the answers, after their spread was made 1",
        step=0.5,
        label="Temperature",
    )


class StandardisedTargets(Method[StandardisedSettings]):
    """One stage beside a small share of labels; the divergence counts times T²."""

    key = "logit_std"
    title = "Standardised soft targets"
    words = "Copy the shape of the teacher's answers, not how far apart its scores lie."
    source = Source("Sun et al.", "CVPR 2024", "Logit standardization in knowledge distillation", year=2024)
    compares = "answers"
    aspects = Aspects(
        "softmax of z-scores at T", "softmax of z-scores at T", "KL divergence", "output", missing="offset and spread"
    )
    needs = Needs(same_classes=True)
    task_weight = 0.1
    Settings = StandardisedSettings

    def refusal(self, settings: StandardisedSettings, cast: Cast) -> Text | None:
        if cast.classes < LEAST_CLASSES:
            return Text(
                "Of {classes} classes the standardised scores are always the same two numbers, whatever the networks think: "
                "there is nothing to copy. Choose soft targets, or data of {least} classes or more.",
                {"classes": cast.classes, "least": LEAST_CLASSES},
            )
        return super().refusal(settings, cast)

    def joint(self, settings: StandardisedSettings) -> Build | None:
        t = settings.temperature

        def times_t_squared(student: Tensor, teacher: Tensor) -> Tensor:
            return t**2 * standardised_kd_loss(student, teacher, t)

        return lambda _cast: Comparison(SCORES, {SOFT_TARGETS: (times_t_squared, settings.weight)})


catalog.register("method", StandardisedTargets())
