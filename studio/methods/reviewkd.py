"""Knowledge review: deeper levels of the student, fused level by level, answer for the teacher's shallower ones."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, batch_norm, interpolate

from studio import catalog
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
    TapRef,
    Term,
)
from studio.methods.objectives.positions import Groups
from studio.methods.ops.precision import full_precision
from studio.methods.ops.schedules import warm_up_factor

#: Pixels along a side of the coarser views of a map, each with half the weight of the one before.
PYRAMID = (4, 2, 1)
#: The most channels in which levels are fused.
WIDEST = 512


def hierarchical_context_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean squared difference of two maps and of their coarser views, weighted 1, ½, ¼, ⅛ and divided by their sum.

    The views are average-pooled to 4, 2 and 1 pixels a side; those that are not smaller than the map are left out.

    Args:
        student: (B, C, H, W).
        teacher: same shape; receives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Chen et al., "Distilling knowledge via knowledge review", CVPR 2021, section 3.3.

    Example:
        >>> from torch import zeros
        >>> black = zeros(1, 1, 2, 2)
        >>> hierarchical_context_loss(black, black + 2).item()  # 4 in the map and in its view of one pixel
        4.0
    """
    student, teacher = full_precision(student), full_precision(teacher).detach()
    smaller = [size for size in PYRAMID if size < min(student.shape[2:])]
    loss, weight, weights = (student - teacher).square().mean(), 1.0, 1.0
    for size in smaller:
        weight /= 2
        weights += weight
        coarse = adaptive_avg_pool2d(student, size) - adaptive_avg_pool2d(teacher, size)
        loss = loss + weight * coarse.square().mean()
    return loss / weights


class Fusion(nn.Module):
    """Mixes one level of the student with what was fused above it; weights are learnt for every place.

    Args:
        student: channels of the level.
        middle: channels in which levels are fused.
        teacher: channels of the teacher at this level.
        top: whether nothing lies above.

    Source: the attention-based fusion of Chen et al., CVPR 2021, section 3.3, as in their code.
    """

    def __init__(self, student: int, middle: int, teacher: int, *, top: bool) -> None:
        super().__init__()
        self.narrow = nn.Sequential(_convolution(student, middle, 1), _Norm(middle))
        self.widen = nn.Sequential(_convolution(middle, teacher, 3), _Norm(teacher))
        self.shares = None if top else nn.Sequential(nn.Conv2d(2 * middle, 2, 1), nn.Sigmoid())

    def forward(self, level: Tensor, above: Tensor | None, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
        """The level as the teacher's is compared with, at its ``size``, and what is handed to the level below."""
        fused: Tensor = self.narrow(level)
        if self.shares is not None and above is not None:
            above = interpolate(above, fused.shape[2:], mode="nearest")
            own, theirs = self.shares(torch.cat([fused, above], 1)).chunk(2, 1)
            fused = own * fused + theirs * above
        if fused.shape[2:] != size:
            fused = interpolate(fused, size, mode="nearest")
        return self.widen(fused), fused


class _Norm(nn.BatchNorm2d):
    """Batch norm that takes its running statistics where the batch has a single number a channel, and no spread."""

    def forward(self, x: Tensor) -> Tensor:
        if x.numel() > x.shape[1]:
            return super().forward(x)
        return batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)


def _convolution(below: int, width: int, kernel: int) -> nn.Conv2d:
    convolution = nn.Conv2d(below, width, kernel, padding=kernel // 2, bias=False)
    nn.init.kaiming_uniform_(convolution.weight, a=1)
    return convolution


class ReviewSettings(MethodSettings):
    """Settings of knowledge review."""

    weight: float = setting(
        5.0,
        ge=0,
        le=100,
        description="How much copying the teacher's maps from the fused levels counts",
        step=0.5,
        label="Weight",
    )
    warm_up: float = setting(
        1 / 12,
        ge=0,
        le=1,
        description="Share of the training over which the weight rises to its full size",
        step=0.05,
        level="expert",
        label="Share of rising",
    )


class Review(Objective):
    """Fuses the student's levels from the top down and compares each with the teacher's.

    Levels are the pre-ReLU points of the paired groups and, above them, the vector that goes into the classifier. No
    :class:`Comparison`: each level is made of the one above it, at the size of the teacher's.
    """

    def __init__(self, cast: Cast, settings: ReviewSettings) -> None:
        super().__init__()
        student, teacher = cast.student, cast.teacher
        assert teacher is not None
        self.settings = settings
        self.groups = Groups(cast.pairs, "pre")
        middle = min(WIDEST, student.embedding)
        self.top = Fusion(student.embedding, middle, teacher.embedding, top=True)
        self.fusions = nn.ModuleDict(
            {s: Fusion(student.tap(s).channels, middle, teacher.tap(t).channels, top=False) for t, s in cast.pairs}
        )

    def taps(self) -> tuple[TapRef, ...]:
        return self.groups.taps()

    def forward(self, batch: Batch) -> dict[str, Term]:
        answer, above = self.top(_as_map(batch.student.embedding), None, (1, 1))
        losses = [hierarchical_context_loss(answer, _as_map(batch.teacher.embedding))]
        for t, s in reversed(self.groups.pairs):
            wanted = batch.teacher.pre(t)
            answer, above = self.fusions[s](batch.student.pre(s), above, wanted.shape[2:])
            losses.append(hierarchical_context_loss(answer, wanted))
        return {"review": Term(torch.stack(losses).sum(), self._weight)}

    def _weight(self, moment: StageMoment) -> float:
        return warm_up_factor(moment.period, moment.periods, self.settings.warm_up) * self.settings.weight


def _as_map(vector: Tensor) -> Tensor:
    """(B, D, 1, 1)."""
    return vector[:, :, None, None]


class KnowledgeReview(Method[ReviewSettings]):
    """One stage beside the labels. 20 of the authors' 240 epochs are the default's twelfth of rising."""

    key = "reviewkd"
    title = "Knowledge review"
    words = "Use what the student knows at deeper levels to copy the teacher's simpler ones."
    source = Source("Chen et al.", "CVPR 2021", "Distilling knowledge via knowledge review", year=2021)
    compares = "features"
    aspects = Aspects(
        "none",
        "attention-based fusion of this level and those above",
        "L2 at several resolutions",
        "pre-ReLU, embedding",
    )
    needs = Needs(taps="pre", pictures=True)
    Settings = ReviewSettings

    def joint(self, settings: ReviewSettings) -> Build | None:
        return lambda cast: Review(cast, settings)


catalog.register("method", KnowledgeReview())
