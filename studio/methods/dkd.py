"""Decoupled soft targets: how sure the teacher is of the right class, and how it ranks the others, weighted apart."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import kl_div, log_softmax

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
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
    StageMoment,
    Term,
)
from studio.methods.ops.precision import full_precision
from studio.methods.ops.schedules import warm_up_factor


def decoupled_kd_loss(
    student_logits: Tensor,
    teacher_logits: Tensor,
    labels: Tensor,
    alpha: float = 1.0,
    beta: float = 8.0,
    temperature: float = 4.0,
) -> Tensor:
    """α TCKD + β NCKD: the two parts of the soft targets, :func:`target_class_loss` and :func:`other_classes_loss`.

    The usual soft targets are TCKD + (1 − p_t) NCKD with p_t the teacher's probability of the right class: what the
    others look like counts least where the teacher is surest, and this is undone here.

    Args:
        student_logits: (B, K), K ≥ 2.
        teacher_logits: (B, K); receives no gradient.
        labels: (B,) int64.
        alpha: weight of the right class.
        beta: weight of the others.
        temperature: T > 0.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Zhao et al., "Decoupled knowledge distillation", CVPR 2022.

    Example:
        >>> from torch import tensor
        >>> student, teacher = tensor([[99.0, 3.0, 1.0]]).log(), tensor([[5.0, 1.0, 1.0]]).log()
        >>> loss = decoupled_kd_loss(student, teacher, tensor([0]), alpha=0, beta=1, temperature=1)
        >>> round(loss.item(), 4)  # of the others alone, 3 : 1 against 1 : 1: ½ log(½ / ¾) + ½ log(½ / ¼)
        0.1438
    """
    target = target_class_loss(student_logits, teacher_logits, labels, temperature)
    return alpha * target + beta * other_classes_loss(student_logits, teacher_logits, labels, temperature)


def target_class_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """T²/B Σ_b KL over two cases: the right class or any other. Arguments as in :func:`decoupled_kd_loss`."""
    return _divergence(
        _right_or_other(student, labels, temperature),
        _right_or_other(teacher.detach(), labels, temperature),
        temperature,
    )


def other_classes_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """T²/B Σ_b KL over the wrong classes alone, as if the right one did not exist."""
    return _divergence(
        log_softmax(_others(student, labels) / temperature, dim=1),
        log_softmax(_others(teacher.detach(), labels) / temperature, dim=1),
        temperature,
    )


def _divergence(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    return temperature**2 * kl_div(student, teacher, reduction="batchmean", log_target=True)


def _right_or_other(logits: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """(B, 2): log-probabilities of the right class and of all others together; never the logarithm of a rounded zero."""
    logits = full_precision(logits) / temperature
    right = logits.gather(1, labels[:, None])
    other = _others(logits, labels).logsumexp(1, keepdim=True)
    return log_softmax(torch.cat([right, other], dim=1), dim=1)


def _others(logits: Tensor, labels: Tensor) -> Tensor:
    """(B, K − 1): the scores of the wrong classes."""
    count, classes = logits.shape
    places = torch.arange(classes - 1, device=logits.device).expand(count, -1)
    return full_precision(logits).gather(1, places + (places >= labels[:, None]))


class DecoupledSettings(MethodSettings):
    """Settings of decoupled soft targets."""

    alpha: float = setting(
        1.0,
        ge=0,
        le=100,
        description="How much being as sure of the right class as the teacher counts (α)",
        step=0.5,
        label="Weight of the right class",
    )
    beta: float = setting(
        8.0,
        ge=0,
        le=100,
        description="How much ranking the other classes like the teacher counts (β)",
        step=0.5,
        label="Weight of the others",
    )
    temperature: float = setting(
        4.0,
        ge=1,
        le=20,
        description="Evens out the answers, so that the smaller ones can be seen",
        step=0.5,
        label="Temperature",
    )
    warm_up: float = setting(
        1 / 12,
        ge=0,
        le=1,
        description="Share of the training over which both weights rise to their full size",
        step=0.05,
        level="expert",
        label="Share of rising",
    )

    def rise(self, moment: StageMoment) -> float:
        """What both weights are multiplied with in a step."""
        return warm_up_factor(moment.period, moment.periods, self.warm_up)


class DecoupledTargets(Objective):
    """The two parts as terms of their own; both weights rise over the first epochs.

    No :class:`Comparison`: the labels say what belongs to which part.
    """

    def __init__(self, settings: DecoupledSettings) -> None:
        super().__init__()
        self.settings = settings

    def forward(self, batch: Batch) -> dict[str, Term]:
        s = self.settings
        assert batch.labels is not None
        given = batch.student.logits, batch.teacher.logits, batch.labels, s.temperature
        return {
            "right class": Term(target_class_loss(*given), lambda moment: s.rise(moment) * s.alpha),
            "other classes": Term(other_classes_loss(*given), lambda moment: s.rise(moment) * s.beta),
        }


class DecoupledDistillation(Method[DecoupledSettings]):
    """One stage beside the labels. 20 of the authors' 240 epochs are the default's twelfth of rising."""

    key = "dkd"
    title = "Decoupled soft targets"
    words = "Learn how the teacher ranks the wrong answers, even where it is sure of the right one."
    source = Source("Zhao et al.", "CVPR 2022", "Decoupled knowledge distillation", year=2022)
    compares = "answers"
    aspects = Aspects(
        "softmax at T, right class and others apart",
        "the same",
        "KL divergence",
        "output",
        missing="logit offset, hidden features",
    )
    needs = Needs(same_classes=True)
    Settings = DecoupledSettings

    def refusal(self, settings: DecoupledSettings, cast: Cast) -> Text | None:
        if cast.classes == 2 and settings.alpha == 0:
            return Text(
                "Of two classes only one is not the right one, so there are no others to rank. Give the right class a weight."
            )
        return super().refusal(settings, cast)

    def joint(self, settings: DecoupledSettings) -> Build | None:
        return lambda _cast: DecoupledTargets(settings)


catalog.register("method", DecoupledDistillation())
