"""Probabilistic knowledge transfer: how likely one picture is to have another for a neighbour."""

from __future__ import annotations

import torch
from torch import Tensor

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Build, Cast, Method, MethodSettings, Needs, Source
from studio.methods.objectives.comparison import Comparison
from studio.methods.objectives.positions import POOLED
from studio.methods.ops.precision import full_precision

#: Of the authors' code: keeps norms and logarithms away from zero.
EPSILON = 1e-7


def probabilistic_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Divergence of the neighbour probabilities, averaged over all pairs: 1/B² Σ_ij p_t(i|j) log(p_t(i|j) / p_s(i|j)).

    p(i|j) is (cos(x_i, x_j) + 1) / 2, divided by its sum over i; its rows sum to 1, the picture itself included.

    Args:
        student: (B, D_s).
        teacher: (B, D_t); D may differ. It receives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Passalis and Tefas, "Learning deep representations with probabilistic knowledge transfer", ECCV 2018.

    Example:
        >>> from torch import tensor
        >>> student, teacher = tensor([[1.0, 0.0], [1.0, 0.0]]), tensor([[1.0, 0.0], [0.0, 1.0]])
        >>> round(probabilistic_loss(student, teacher).item(), 4)  # ½ and ½ against ⅔ and ⅓: ½ (⅔ log 4/3 + ⅓ log ⅔)
        0.0283
    """
    p_student, p_teacher = _neighbours(student), _neighbours(teacher.detach())
    return (p_teacher * ((p_teacher + EPSILON) / (p_student + EPSILON)).log()).mean()


def _neighbours(embedding: Tensor) -> Tensor:
    embedding = full_precision(embedding)
    length = torch.linalg.vector_norm(embedding, dim=1, keepdim=True)
    direction = embedding / (length + EPSILON)
    likeness = (direction @ direction.T + 1) / 2
    probabilities: Tensor = likeness / likeness.sum(1, keepdim=True)
    return probabilities


class ProbabilisticSettings(MethodSettings):
    """Settings of probabilistic knowledge transfer."""

    weight: float = setting(
        30000.0,
        ge=0,
        le=1e7,
        description="How much having the same neighbours counts",
        step=5000,
        label="Weight",
    )


class ProbabilisticTransfer(Method[ProbabilisticSettings]):
    """One stage beside the labels, on the vectors that go into the classifier."""

    key = "pkt"
    title = "Probabilistic transfer"
    words = "Give every picture the neighbours it has in the teacher's eyes."
    source = Source(
        "Passalis and Tefas",
        "ECCV 2018",
        "Learning deep representations with probabilistic knowledge transfer",
        year=2018,
    )
    compares = "relations"
    aspects = Aspects(
        "neighbour probabilities within the batch",
        "the same",
        "KL divergence",
        "embedding",
        missing="length and direction of the vectors",
    )
    needs = Needs(batch=2)
    Settings = ProbabilisticSettings

    def refusal(self, settings: ProbabilisticSettings, cast: Cast) -> Text | None:
        if cast.student.embedding == 1:
            return Text(
                "It compares directions; the student has one number before its classifier, which has none. Choose a student "
                "that is wider there."
            )
        return super().refusal(settings, cast)

    def joint(self, settings: ProbabilisticSettings) -> Build | None:
        return lambda _cast: Comparison(POOLED, {"neighbours": (probabilistic_loss, settings.weight)})


catalog.register("method", ProbabilisticTransfer())
