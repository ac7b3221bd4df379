"""Singular value decomposition: the student copies how the teacher's main directions turn from layer to layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor

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
    Stage,
    TapRef,
    Term,
    unmet,
)
from studio.methods.objectives.positions import Groups
from studio.methods.ops.clipping import ClippedToTask
from studio.methods.ops.precision import full_precision
from studio.methods.ops.sizes import directions, unit_rows
from studio.methods.ops.stage_rate import RateFall, fall_setting, overrides, rate_setting
from studio.methods.ops.transfer_stage import TRANSFER_SETTINGS, transfer_stage

#: How many vectors the student keeps beyond the teacher's k, to find each of these among them.
SPARE = 3
#: Eigenvalues of a matrix of trace 1 this close count as equal: which vector is whose is then undecided, and no slope is
#: passed on. Smaller by far than any gap of the golden arrays; without it slopes grow with one over the gap.
TIED = 1e-6
#: A feature shorter than this as a whole is not scaled up to length 1.
SHORT = 1e-12
#: A singular value this small beside the length of all is none: its vector is rounding.
EMPTY = 1e-6


def singular_loss(student_features: Sequence[Tensor], teacher_features: Sequence[Tensor], k: int = 1) -> Tensor:
    """1/B Σ (R^S − R^T)² over consecutive layers, R_ij = exp(−(v_i^upper − v_j^lower)² / 8) for each of k vectors.

    v are the leading right singular vectors of a feature seen as a matrix of places by channels. The student keeps
    min(k + 3, C, H·W) of them; each of the teacher's is compared with the one most alike, its sign turned to fit, and
    both are scaled by the teacher's singular values, brought to length 1.

    Args:
        student_features: one (B, C, H, W) a layer, bottom to top.
        teacher_features: as many, of the same widths; sizes may differ. They receive no gradient.
        k: vectors, at least 1.

    Source: Lee et al., "Self-supervised knowledge distillation using singular value decomposition", ECCV 2018; the mean
    over the batch follows the PyTorch port, where the authors' code adds up.

    Example:
        >>> from torch import tensor
        >>> lower, upper = tensor([[[[2.0, 0.0]], [[0.0, 1.0]]]]), tensor([[[[0.0, 1.0]], [[3.0, 0.0]]]])
        >>> round(singular_loss([lower, upper], [5 * lower, 5 * upper]).item(), 4)  # the same directions
        0.0
        >>> left = tensor([[[[2.0, 0.0]], [[0.0, 0.0]]]])  # at a right angle to the main direction of the upper one
        >>> singular_loss([lower, left], [lower, upper]).item() > 0
        True
    """
    vectors = [_aligned(s, t.detach(), k) for s, t in zip(student_features, teacher_features, strict=True)]
    losses = []
    for (student_lower, teacher_lower), (student_upper, teacher_upper) in pairwise(vectors):
        difference = _relation(student_lower, student_upper) - _relation(teacher_lower, teacher_upper)
        losses.append(difference.square().sum() / len(difference))
    return torch.stack(losses).sum()


def _aligned(student: Tensor, teacher: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The teacher's k vectors and for each the student's most alike, both (B, C, k)."""
    theirs, strengths = _fixed_vectors(teacher, k)
    ours = _sloping_vectors(student, k + SPARE)
    cosines = ours.detach().mT @ theirs  # (B, k + 3, k)
    best = cosines.abs().argmax(1, keepdim=True)
    sign = torch.where(cosines.gather(1, best) < 0, -1, 1)
    chosen = ours.gather(2, best.expand(-1, ours.shape[1], -1))
    scale = unit_rows(strengths)[:, None]
    return scale * sign * chosen, scale * theirs


def _relation(lower: Tensor, upper: Tensor) -> Tensor:
    """exp(−(u_i − l_j)² / 8) of vectors (B, C, k) and (B, C', k): (B, C', C, k)."""
    count = min(lower.shape[2], upper.shape[2])
    return (-(upper[:, :, None, :count] - lower[:, None, :, :count]).square() / 8).exp()


def _fixed_vectors(feature: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The leading right singular vectors of the teacher's (B, C, H, W) as (B, C, n), and their values (B, n).

    A vector's sign is free but counts, beside that of the next layer; it is the one LAPACK's decomposition gives, as in
    the published codes.
    """
    matrix = _finite(full_precision(feature).flatten(2).mT)
    with _one_thread():
        _, strengths, vectors = torch.linalg.svd(matrix, full_matrices=False)
    return vectors.mT[..., :count].to(feature.device), strengths[:, :count].to(feature.device)


def _sloping_vectors(feature: Tensor, count: int) -> Tensor:
    """The leading right singular vectors of the student's (B, C, H, W), (B, C, n) with n = min(count, C, H·W).

    They come from the eigenvectors of the smaller of MᵀM and MMᵀ, in float64, brought to trace 1: that does not change
    them and keeps the decomposition in range.
    """
    feature = full_precision(feature)
    precision = torch.float32 if feature.device.type == "mps" else torch.float64  # Apple's devices have no doubles
    matrix = feature.flatten(2).mT.to(precision)  # (B, H W, C)
    tall = matrix.shape[1] >= matrix.shape[2]
    gram = matrix.mT @ matrix if tall else matrix @ matrix.mT
    trace = gram.detach().diagonal(dim1=1, dim2=2).sum(1).clamp(min=SHORT**2)[:, None, None]
    values, vectors = _leading_eigenvectors(gram / trace, count)
    if not tall:
        vectors = directions(vectors.mT @ matrix / trace.sqrt(), EMPTY).mT
    vectors = vectors * (values > EMPTY**2)[:, None]
    return vectors.to(feature.dtype)


def _leading_eigenvectors(gram: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The largest eigenvalues (B, n) and their vectors (B, size, n) of symmetric (B, size, size), largest first.

    The slope is that of first-order perturbation, dv_i = Σ_j v_j (v_jᵀ dG v_i) / (λ_i − λ_j), in which gaps that are
    hardly any are left out: x / (x² + ε²) stands for 1 / x. The values carry no gradient.
    """
    with _one_thread():
        values, vectors = torch.linalg.eigh(_finite(gram).double())
    values, vectors = values.flip(1).to(gram), vectors.flip(2).to(gram)
    leading = vectors[..., :count]
    if gram.requires_grad:
        gaps = values[:, None, :count] - values[..., None]  # (B, size, n)
        turned = vectors @ (gaps / (gaps.square() + TIED**2) * (vectors.mT @ (gram @ leading)))
        leading = leading + (turned - turned.detach())
    return values[:, :count], leading


def _finite(matrix: Tensor) -> Tensor:
    """On the processor, for accelerators are slow at many small decompositions; and with 0 for what is not a number.

    LAPACK would fail there; the run itself says so in words.
    """
    return matrix.detach().cpu().nan_to_num(0, 0, 0)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Decomposing small matrices on several threads costs more than it brings, a hundredfold on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class SingularSettings(MethodSettings):
    """Settings of singular value distillation."""

    vectors: int = setting(
        1,
        ge=1,
        le=16,
        description="How many main directions of each layer are copied (k)",
        step=1,
        label="Directions",
    )
    stages: Literal["one", "two"] = setting(
        "one",
        description="Copy beside the labels, never harder than these pull; or first copy, then learn",
        label="Stages",
        words={"one": "both at once", "two": "first copy, then learn"},
    )
    transfer_share: float = setting(
        0.25,
        ge=0.02,
        le=0.9,
        description="Share of the training spent on copying, before the labels (two stages)",
        step=0.05,
        label="Share for copying",
    )
    transfer_rate: float | None = rate_setting()
    transfer_fall: RateFall = fall_setting()
    weight: float = setting(
        1.0,
        ge=0,
        le=1e4,
        description="How much the directions count; beside the labels their pull is limited in any case",
        step=0.1,
        level="expert",
        label="Weight",
    )


class SingularVectors(Objective):
    """The singular loss between the stem and the ends of all paired groups, neighbour by neighbour.

    No :class:`Comparison`: the student's vectors are picked out and turned by the teacher's.
    """

    def __init__(self, cast: Cast, settings: SingularSettings) -> None:
        super().__init__()
        self.groups = Groups(cast.anchors)
        self.settings = settings

    def taps(self) -> tuple[TapRef, ...]:
        return self.groups.taps()

    @property
    def needs_logits(self) -> bool:
        return False

    def forward(self, batch: Batch) -> dict[str, Term]:
        student, teacher = self.groups.features(batch, "student"), self.groups.features(batch, "teacher")
        value = singular_loss(student, teacher, self.settings.vectors)
        return {"singular vectors": Term(value, self.settings.weight)}


class SingularValueDistillation(Method[SingularSettings]):
    """One stage in which the distillation's gradient is clipped to the task's, tensor by tensor; or two stages.

    Added to another method its term is summed with the others, as theirs are.
    """

    key = "svd"
    title = "Singular vectors (SVD-KD)"
    words = "Copy how the main directions of the features turn from layer to layer."
    source = Source(
        "Lee et al.",
        "ECCV 2018",
        "Self-supervised knowledge distillation using singular value decomposition",
        year=2018,
    )
    compares = "features"
    aspects = Aspects(
        "leading right singular vectors, RBF between layers", "the same, aligned", "L2", "end of group",
        missing="places in the picture, minor directions",
    )  # fmt: skip
    needs = Needs(taps="out", pictures=True, same_channels=True)
    waits = Text(
        "In every step the features of each compared layer go to the processor, which decomposes the matrix of every "
        "picture; no vector's sign then depends on the device."
    )
    Settings = SingularSettings

    def inactive_settings(self, settings: SingularSettings) -> frozenset[str]:
        return TRANSFER_SETTINGS if settings.stages == "one" else frozenset()

    def joint(self, settings: SingularSettings) -> Build | None:
        return lambda cast: SingularVectors(cast, settings)

    def plan(self, settings: SingularSettings, cast: Cast) -> list[Stage]:
        if settings.stages == "one":
            return [Stage("task", "learn", self.joint(settings), update=ClippedToTask())]
        share = settings.transfer_share
        return [
            transfer_stage(
                cast,
                self.joint(settings),
                share,
                optimizer=overrides(settings.transfer_rate, settings.transfer_fall),
            ),
            Stage("task", "classify", None, share=1 - share),
        ]

    def refusal(self, settings: SingularSettings, cast: Cast) -> Text | None:
        del settings
        reason = unmet(self.needs, replace(cast, pairs=cast.anchors))
        if reason is None and len(cast.anchors) < 2:
            return Text("It relates layers to one another; these networks have only one in common.")
        return reason


catalog.register("method", SingularValueDistillation())
