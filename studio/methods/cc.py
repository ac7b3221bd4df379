"""Correlation congruence: where student and teacher differ, neighbours in the batch shall differ in other directions."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Build, Cast, Method, MethodSettings, Needs, Objective, Source
from studio.methods.objectives.comparison import Comparison, Side
from studio.methods.objectives.earlier_names import known_as
from studio.methods.objectives.positions import POOLED
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

    Example:
        >>> from torch import tensor
        >>> correlation_loss(tensor([[1.0, 0.0], [2.0, 1.0]]), tensor([[0.0, 0.0], [0.0, 0.0]])).item()  # 1 · 2 + 0 · 1
        2.0
    """
    difference = (full_precision(student) - full_precision(teacher).detach()).abs()
    products = (difference[:-1] * difference[1:]).sum(1)
    return products.sum() / max(1, len(products))


class CorrelationSettings(MethodSettings):
    """Settings of correlation congruence."""

    weight: float = setting(
        0.02,
        ge=0,
        le=100,
        description="How much agreeing with the teacher from picture to picture counts",
        step=0.01,
        label="Weight",
    )


class RandomImage(nn.Module):
    """A linear image of vectors that is fixed and random: it keeps all their distances up to a few per cent.

    Args:
        dimensions: of the vectors.
    """

    weight: Tensor

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.register_buffer("weight", torch.randn(dimensions, DIMENSIONS) / dimensions**0.5)

    def forward(self, vectors: Tensor) -> Tensor:
        """(B, D) to (B, 128)."""
        return vectors @ self.weight


def _correlation(cast: Cast, weight: float) -> Objective:
    """The loss on linear images of both embeddings; the student's is learnt, the teacher's fixed and random.

    The authors learn both. Then the two can also agree by shrinking to nothing, and the teacher's own knowledge leaves
    the term.
    """
    assert cast.teacher is not None
    student = nn.Linear(cast.student.embedding, DIMENSIONS)
    comparison = Comparison(
        POOLED,
        {"correlation": (correlation_loss, weight)},
        student=Side({"image": student}),
        teacher=Side({"image": RandomImage(cast.teacher.embedding)}),
    )
    earlier = {"student_image.": "student_side.places.image.", "teacher_image": "teacher_side.places.image.weight"}
    return known_as(comparison, earlier)


class CorrelationCongruence(Method[CorrelationSettings]):
    """One stage beside the labels, on the vectors that go into the classifier."""

    key = "cc"
    title = "Correlation congruence"
    words = "Agree with the teacher on how one picture differs from the next."
    source = Source("Peng et al.", "ICCV 2019", "Correlation congruence for knowledge distillation", year=2019)
    compares = "relations"
    aspects = Aspects(
        "linear image of the embedding",
        "linear image of the embedding",
        "products of neighbours' differences",
        "embedding",
    )
    needs = Needs(batch=2)
    Settings = CorrelationSettings

    def joint(self, settings: CorrelationSettings) -> Build | None:
        return lambda cast: _correlation(cast, settings.weight)


catalog.register("method", CorrelationCongruence())
