"""Variational information distillation: the student's maps shall tell as much as possible about the teacher's."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

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
    TapRef,
    Term,
)
from studio.methods.objectives.positions import Groups
from studio.methods.ops.precision import full_precision
from studio.methods.ops.sizes import to_smaller

#: The least variance, of the authors' code.
EPSILON = 1e-5


def variational_loss(predicted: Tensor, log_scale: Tensor, teacher: Tensor) -> Tensor:
    """Mean of ½ ((μ − t)² / σ² + log σ²) over all elements, with σ² = log(1 + exp(log_scale)) + 1e-5 per channel.

    Up to a constant, minus the logarithm of the Gaussian density of the teacher's map; falling, it raises a lower bound
    of what the two maps tell about each other.

    Args:
        predicted: μ, (B, C, H, W), made of the student's map.
        log_scale: (C,).
        teacher: t, (B, C, H, W); receives no gradient.

    Returns:
        0-dim, float32 or the input's float64; may be negative.

    Source: Ahn et al., "Variational information distillation for knowledge transfer", CVPR 2019, equation 6.

    Example:
        >>> from torch import tensor
        >>> predicted, teacher = tensor([[[[1.0]]]]), tensor([[[[3.0]]]])
        >>> unit_variance = tensor([0.5413])  # log(1 + exp(0.5413)) = 1
        >>> round(variational_loss(predicted, unit_variance, teacher).item(), 3)  # ½ (4 + 0)
        2.0
    """
    variance = (softplus(full_precision(log_scale)) + EPSILON).view(1, -1, 1, 1)
    squared = (full_precision(predicted) - full_precision(teacher).detach()).square()
    return 0.5 * (squared / variance + variance.log()).mean()


class Predictor(nn.Module):
    """Predicts the teacher's map from the student's: three 1x1 convolutions without bias, ReLU between, and σ² per channel.

    Args:
        student: channels of the student's map.
        teacher: channels of the teacher's.
        variance: σ² at the beginning.
    """

    def __init__(self, student: int, teacher: int, variance: float) -> None:
        super().__init__()
        self.mean = nn.Sequential(
            nn.Conv2d(student, teacher, 1, bias=False),
            nn.ReLU(),
            nn.Conv2d(teacher, teacher, 1, bias=False),
            nn.ReLU(),
            nn.Conv2d(teacher, teacher, 1, bias=False),
        )
        # the inverse of the softplus
        self.log_scale = nn.Parameter(torch.full((teacher,), math.log(math.expm1(variance - EPSILON))))

    def forward(self, student: Tensor, teacher: Tensor) -> Tensor:
        """The loss of the two maps, the larger pooled to the smaller."""
        student, teacher = to_smaller(student, teacher)
        return variational_loss(self.mean(student), self.log_scale, teacher)


class VariationalSettings(MethodSettings):
    """Settings of variational information distillation."""

    weight: float = setting(
        1.0,
        ge=0,
        le=1000,
        description="How much being able to foretell the teacher's maps counts",
        step=0.1,
        label="Weight",
    )
    variance: float = setting(
        5.0,
        ge=0.01,
        le=100,
        description="How far off a prediction may be at the beginning (σ²); each channel then learns its own",
        step=0.5,
        level="expert",
        label="First variance σ²",
    )


class VariationalInformation(Objective):
    """One predictor at the end of every paired group.

    No :class:`Comparison`: the variance belongs to the distance and is learnt with the student.
    """

    def __init__(self, cast: Cast, settings: VariationalSettings) -> None:
        super().__init__()
        teacher = cast.teacher
        assert teacher is not None
        self.groups = Groups(cast.pairs)
        self.weight = settings.weight
        self.predictors = nn.ModuleDict(
            {
                s: Predictor(cast.student.tap(s).channels, teacher.tap(t).channels, settings.variance)
                for t, s in cast.pairs
            }
        )

    def taps(self) -> tuple[TapRef, ...]:
        return self.groups.taps()

    @property
    def needs_logits(self) -> bool:
        return False

    def forward(self, batch: Batch) -> dict[str, Term]:
        losses = [self.predictors[s](batch.student.out(s), batch.teacher.out(t)) for t, s in self.groups.pairs]
        return {"information": Term(torch.stack(losses).sum(), self.weight)}


class VariationalDistillation(Method[VariationalSettings]):
    """One stage beside the labels, at the ends of all groups."""

    key = "vid"
    title = "Variational information"
    words = "Know as much about a picture as is needed to foretell what the teacher sees."
    source = Source("Ahn et al.", "CVPR 2019", "Variational information distillation for knowledge transfer", year=2019)
    compares = "features"
    aspects = Aspects(
        "none", "three 1x1 convolutions", "Gaussian likelihood, variance learnt per channel", "end of group"
    )
    needs = Needs(taps="out", pictures=True)
    Settings = VariationalSettings

    def joint(self, settings: VariationalSettings) -> Build | None:
        return lambda cast: VariationalInformation(cast, settings)


catalog.register("method", VariationalDistillation())
