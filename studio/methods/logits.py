"""Logit matching: the student copies the teacher's raw scores before the softmax."""

from __future__ import annotations

from torch import Tensor

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Build,
    Method,
    MethodSettings,
    Needs,
    Source,
)
from studio.methods.objectives.comparison import Comparison
from studio.methods.objectives.positions import SCORES
from studio.methods.ops.logit_losses import centred_logit_loss
from studio.methods.ops.precision import full_precision


def logit_loss(student_logits: Tensor, teacher_logits: Tensor) -> Tensor:
    """Half the squared distance of the logits, averaged over the batch: 1/(2B) Σ_b ‖s_b − t_b‖².

    Args:
        student_logits: (B, K).
        teacher_logits: (B, K); receives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Ba and Caruana, "Do deep nets really need to be deep?", NIPS 2014.

    Example:
        >>> from torch import tensor
        >>> logit_loss(tensor([[1.0, 2.0]]), tensor([[0.0, 0.0]])).item()  # ½ (1 + 4)
        2.5
    """
    student, teacher = full_precision(student_logits), full_precision(teacher_logits).detach()
    return 0.5 * (student - teacher).square().sum(1).mean()


class LogitSettings(MethodSettings):
    """Settings of logit matching."""

    weight: float = setting(
        1.0,
        ge=0,
        le=1000,
        description="How much copying the teacher's scores counts",
        step=0.1,
        label="Weight",
    )
    centred: bool = setting(
        False,
        description="Compare scores after taking off their mean over the classes; the offset says nothing about the answer",
        level="expert",
        label="Take off the mean",
    )


class LogitMethod(Method[LogitSettings]):
    """One stage; labels take no part unless asked for, as in the paper."""

    key = "logits"
    title = "Logit matching"
    words = "Copy the raw scores before the softmax."
    also_called = "mimic learning, L2 on logits"
    source = Source("Ba and Caruana", "NIPS 2014", "Do deep nets really need to be deep?", year=2014)
    compares = "answers"
    aspects = Aspects("none", "none", "L2", "logits", missing="all hidden features")
    needs = Needs(same_classes=True)
    task_weight = 0.0
    Settings = LogitSettings

    def joint(self, settings: LogitSettings) -> Build | None:
        loss = centred_logit_loss if settings.centred else logit_loss
        return lambda _cast: Comparison(SCORES, {"logits": (loss, settings.weight)})


catalog.register("method", LogitMethod())
