"""Attention transfer: the student learns where the teacher looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from torch import Tensor
from torch.nn.functional import normalize

from studio import catalog
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
from studio.methods.precision import in_full
from studio.methods.sizes import to_smaller

MapKind = Literal["sum", "max"]


def attention_map(feature: Tensor, kind: MapKind = "sum", p: float = 2) -> Tensor:
    """Where a feature is strong: Σ_c |A_c|^p or max_c |A_c|^p, flattened and of unit length, sample by sample.

    Args:
        feature: (B, C, H, W).
        kind: "sum" or "max" over the channels.
        p: at least 1.

    Returns:
        (B, H·W); zero where the feature is zero.

    Source: Zagoruyko and Komodakis, "Paying more attention to attention", ICLR 2017, section 3.1.
    """
    feature = in_full(feature)
    if kind == "max":
        energy = feature.abs().amax(1).pow(p)
    elif p == 2:
        energy = feature.square().sum(1)
    else:
        energy = feature.abs().pow(p).sum(1)
    return normalize(energy.flatten(1), dim=1, eps=1e-12)


def attention_loss(
    student_features: Sequence[Tensor], teacher_features: Sequence[Tensor], kind: MapKind = "sum", p: float = 2
) -> Tensor:
    """Mean squared difference of the attention maps over batch and places, summed over the layers; without β.

    Where sizes differ, the larger feature is adaptively average-pooled before the power is taken. The paper's distance
    is the plain norm times β/2; published weights (β = 1000) refer to this mean, as in the authors' code.

    Args:
        student_features: one (B, C, H, W) a layer.
        teacher_features: as many; channels may differ. They receive no gradient.
        kind: "sum" or "max", see :func:`attention_map`.
        p: its power.
    """
    losses = []
    for student, teacher in zip(student_features, teacher_features, strict=True):
        student, teacher = to_smaller(student, teacher.detach())
        losses.append((attention_map(student, kind, p) - attention_map(teacher, kind, p)).square().mean())
    return sum(losses[1:], losses[0])


#: The three maps of the paper by the name their snapshots carry: how channels are joined, and the power.
MAPS: dict[str, tuple[MapKind, float]] = {"sum": ("sum", 1), "sum2": ("sum", 2), "max2": ("max", 2)}


class AttentionSettings(MethodSettings):
    """Settings of attention transfer."""

    weight: float = Field(
        1000.0,
        ge=0,
        le=1e6,
        description="How much looking where the teacher looks counts (β)",
        json_schema_extra={"step": 100, "label": "Weight"},
    )
    kind: Literal["sum", "sum2", "max2"] = Field(
        "sum2",
        description="How channels make one map: sum of absolute values, sum of squares, or largest square",
        json_schema_extra={"level": "expert", "label": "Map"},
    )
    decay: bool = Field(
        False,
        description="Let the weight fall to 0 over the training, so that labels and soft targets finish alone",
        json_schema_extra={"level": "expert", "label": "Let it fade"},
    )


class Attention(Objective):
    """The attention loss at the ends of all paired groups that have maps."""

    def __init__(self, cast: Cast, settings: AttentionSettings) -> None:
        super().__init__()
        self.pairs = cast.pairs
        self.settings = settings

    def taps(self) -> tuple[TapRef, ...]:
        refs = [(TapRef("teacher", t, "out"), TapRef("student", s, "out")) for t, s in self.pairs]
        return tuple(ref for pair in refs for ref in pair)

    @property
    def needs_logits(self) -> bool:
        return False

    def forward(self, batch: Batch) -> dict[str, Term]:
        student = [batch.student.out(group) for _, group in self.pairs]
        teacher = [batch.teacher.out(group) for group, _ in self.pairs]
        kind, p = MAPS[self.settings.kind]
        fade = 1 - batch.epoch / batch.epochs if self.settings.decay else 1.0
        return {"attention": Term(attention_loss(student, teacher, kind, p), fade * self.settings.weight)}


class AttentionTransfer(Method):
    """One stage, attention beside the labels. With soft targets added it is the paper's AT+KD."""

    key = "at"
    title = "Attention transfer"
    words = "Copy where the teacher looks."
    source = Source(
        "Zagoruyko and Komodakis",
        "ICLR 2017",
        "Paying more attention to attention: improving the performance of convolutional neural networks via attention transfer",
    )
    aspects = Aspects("attention map", "attention map", "L2", "end of group", missing="channels")
    needs = Needs(taps="out", pictures=True)
    Settings = AttentionSettings

    def joint(self, settings: MethodSettings) -> Build | None:
        assert isinstance(settings, AttentionSettings)
        return lambda cast: Attention(cast, settings)


catalog.register("method", AttentionTransfer())
