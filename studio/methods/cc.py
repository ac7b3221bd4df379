"""Correlation congruence: where student and teacher differ, neighbours in the batch shall differ in other directions."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from studio import catalog
from studio.methods.base import Aspects, Batch, Build, Cast, Method, MethodSettings, Objective, Source, Term
from studio.methods.ops.precision import full_precision

#: Numbers in the vectors that are compared, as in the authors' code.
DIMENSIONS = 128


def correlation_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean over b of Σ_d D[b, d] · D[b + 1, d] with D = |student − teacher|; 0 for one sample.

    The authors' code; their paper instead compares the kernel matrices exp(−γ ‖x_i − x_j‖²) of the two batches.

    Args:
        student: (B, D).
        teacher: same shape; receives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: the code of Peng et al., "Correlation congruence for knowledge distillation", ICCV 2019.
    """
    difference = (full_precision(student) - full_precision(teacher).detach()).abs()
    products = (difference[:-1] * difference[1:]).sum(1)
    return products.sum() / max(1, len(products))


class CorrelationSettings(MethodSettings):
    """Settings of correlation congruence."""

    weight: float = Field(
        0.02,
        ge=0,
        le=100,
        description="How much agreeing with the teacher from picture to picture counts",
        json_schema_extra={"step": 0.01, "label": "Weight"},
    )


class Correlation(Objective):
    """The loss on linear images of both embeddings; the student's is learnt, the teacher's fixed and random.

    The authors learn both. Then the two can also agree by shrinking to nothing, and the teacher's own knowledge leaves
    the term; a fixed image keeps all distances of the teacher's vectors up to a few per cent.
    """

    teacher_image: Tensor

    def __init__(self, cast: Cast, weight: float) -> None:
        super().__init__()
        assert cast.teacher is not None
        self.weight = weight
        self.student_image = nn.Linear(cast.student.embedding, DIMENSIONS)
        image = torch.randn(cast.teacher.embedding, DIMENSIONS) / cast.teacher.embedding**0.5
        self.register_buffer("teacher_image", image)

    def forward(self, batch: Batch) -> dict[str, Term]:
        student = self.student_image(batch.student.embedding)
        teacher = batch.teacher.embedding @ self.teacher_image
        return {"correlation": Term(correlation_loss(student, teacher), self.weight)}


class CorrelationCongruence(Method):
    """One stage beside the labels, on the vectors that go into the classifier."""

    key = "cc"
    title = "Correlation congruence"
    words = "Agree with the teacher on how one picture differs from the next."
    source = Source("Peng et al.", "ICCV 2019", "Correlation congruence for knowledge distillation")
    aspects = Aspects(
        "linear image of the embedding",
        "linear image of the embedding",
        "products of neighbours' differences",
        "embedding",
    )
    Settings = CorrelationSettings

    def joint(self, settings: MethodSettings) -> Build | None:
        assert isinstance(settings, CorrelationSettings)
        return lambda cast: Correlation(cast, settings.weight)


catalog.register("method", CorrelationCongruence())
