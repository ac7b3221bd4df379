"""Logit matching: the student copies the teacher's raw scores before the softmax."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor

from studio import catalog
from studio.methods.base import (
    Aspects,
    Batch,
    Build,
    Method,
    MethodSettings,
    Needs,
    Objective,
    Source,
    Term,
)
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
    """
    student, teacher = full_precision(student_logits), full_precision(teacher_logits).detach()
    return 0.5 * (student - teacher).square().sum(1).mean()


class LogitSettings(MethodSettings):
    """Settings of logit matching."""

    weight: float = Field(
        1.0,
        ge=0,
        le=1000,
        description="How much copying the teacher's scores counts",
        json_schema_extra={"step": 0.1, "label": "Weight"},
    )
    centred: bool = Field(
        False,
        description="Compare scores after taking off their mean over the classes; the offset says nothing about the answer",
        json_schema_extra={"level": "expert", "label": "Take off the mean"},
    )


class LogitMatching(Objective):
    """The one term of logit matching."""

    def __init__(self, settings: LogitSettings) -> None:
        super().__init__()
        self.settings = settings

    def forward(self, batch: Batch) -> dict[str, Term]:
        loss = centred_logit_loss if self.settings.centred else logit_loss
        return {"logits": Term(loss(batch.student.logits, batch.teacher.logits), self.settings.weight)}


class LogitMethod(Method):
    """One stage; labels take no part unless asked for, as in the paper."""

    key = "logits"
    title = "Logit matching"
    words = "Copy the raw scores before the softmax."
    source = Source("Ba and Caruana", "NIPS 2014", "Do deep nets really need to be deep?")
    aspects = Aspects("none", "none", "L2", "logits", missing="all hidden features")
    needs = Needs(same_classes=True)
    task_weight = 0.0
    Settings = LogitSettings

    def joint(self, settings: MethodSettings) -> Build | None:
        assert isinstance(settings, LogitSettings)
        return lambda _cast: LogitMatching(settings)


catalog.register("method", LogitMethod())
