"""Similarity preserving: pictures that are alike to the teacher shall be alike to the student."""

from __future__ import annotations

from torch import Tensor

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Build, Method, MethodSettings, Needs, Source
from studio.methods.objectives.comparison import Comparison
from studio.methods.objectives.positions import Groups
from studio.methods.ops.precision import full_precision
from studio.methods.ops.sizes import unit_rows


def similarity_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Squared difference of the batch's similarity matrices, averaged over the pairs: ‖G_s − G_t‖²_F / B².

    G holds the inner products of all pairs of the batch, A Aᵀ with A = (B, C·H·W), every row divided by its L2 norm.

    Args:
        student: (B, C_s, H_s, W_s) or (B, D_s).
        teacher: (B, C_t, H_t, W_t) or (B, D_t); nothing but B must be equal. It receives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Tung and Mori, "Similarity-preserving knowledge distillation", ICCV 2019, equations 1-4.

    Example:
        >>> from torch import tensor
        >>> alike, unlike = tensor([[1.0], [1.0]]), tensor([[1.0, 0.0], [0.0, 1.0]])
        >>> similarity_loss(alike, 3 * alike).item()
        0.0
        >>> round(similarity_loss(unlike, alike).item(), 4)  # rows (1, 0) against (√½, √½): (2 − √2) / 2
        0.2929
    """
    difference = _similarities(student) - _similarities(teacher.detach())
    return difference.square().mean()


def _similarities(feature: Tensor) -> Tensor:
    flat = full_precision(feature).flatten(1)
    return unit_rows(flat @ flat.T)


class SimilaritySettings(MethodSettings):
    """Settings of similarity preserving."""

    weight: float = setting(
        3000.0,
        ge=0,
        le=1e6,
        description="How much finding the same pictures alike counts",
        step=500,
        label="Weight",
    )


class SimilarityPreserving(Method[SimilaritySettings]):
    """One stage beside the labels, at the end of the last group."""

    key = "sp"
    title = "Similarity preserving"
    words = "Find those pictures alike that the teacher finds alike."
    source = Source("Tung and Mori", "ICCV 2019", "Similarity-preserving knowledge distillation", year=2019)
    compares = "relations"
    aspects = Aspects(
        "similarity of all pairs of the batch",
        "the same",
        "L2",
        "end of the last group",
        missing="what a single picture looks like",
    )
    needs = Needs(taps="out", batch=2)
    Settings = SimilaritySettings

    def joint(self, settings: SimilaritySettings) -> Build | None:
        terms = {"similarity": (similarity_loss, settings.weight)}
        return lambda cast: Comparison(Groups(cast.pairs[-1:]), terms, pool=None)


catalog.register("method", SimilarityPreserving())
