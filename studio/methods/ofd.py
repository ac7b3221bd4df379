"""Comprehensive overhaul: copy what the teacher lets through before its ReLU, and no more of what it holds back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn

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
    Who,
)
from studio.methods.connectors import normed_connector
from studio.methods.precision import in_full
from studio.methods.sizes import to_smaller
from studio.networks.base import Network

#: P(x < 0) up to which the authors' code takes −3 |γ| for the margin: hardly anything is left of zero to average.
RARE = 0.001
#: Examples that measured margins are the mean of; two or three digits of a channel's mean are enough.
MEASURED = 1024


def relu_margin(bn_weight: Tensor, bn_bias: Tensor) -> Tensor:
    """The mean of a channel's negative values, E[x | x < 0], were it normal with mean β and deviation |γ|.

    β − |γ| φ(β/|γ|) / Φ(−β/|γ|); −3 |γ| where less than a thousandth is negative, min(β, 0) where γ is 0.

    Args:
        bn_weight: γ of the batch norm before the ReLU, (C,).
        bn_bias: its β, (C,).

    Returns:
        (C,), at most 0.

    Source: the code of Heo et al., "A comprehensive overhaul of feature distillation", ICCV 2019.
    """
    spread, mean = in_full(bn_weight).abs(), in_full(bn_bias)
    flat = spread == 0
    z = mean / torch.where(flat, 1, spread)
    share = torch.special.ndtr(-z)
    density = torch.exp(-z.square() / 2) / (2 * torch.pi) ** 0.5
    usual = mean - spread * density / share.clamp(min=RARE)
    margin = torch.where(share > RARE, usual, -3 * spread)
    return torch.where(flat, mean.clamp(max=0), margin)


def partial_l2(student: Tensor, teacher: Tensor) -> Tensor:
    """Σ (t − s)², summed over all elements but those where s ≤ t ≤ 0: enough held back is good enough.

    Args:
        student: (B, C, H, W) or (B, D), before the ReLU and behind the connector.
        teacher: same shape, behind the margin ReLU max(t, m); receives no gradient.

    Source: Heo et al., ICCV 2019, equation 4.
    """
    student, teacher = in_full(student), in_full(teacher).detach()
    counts = (student > teacher) | (teacher > 0)
    return torch.where(counts, teacher - student, 0).square().sum()


class OverhaulSettings(MethodSettings):
    """Settings of comprehensive overhaul."""

    weight: float = Field(
        0.001,
        ge=0,
        le=1,
        description="How much the features count; they are summed, so it is small",
        json_schema_extra={"step": 0.0005, "label": "Weight"},
    )
    margin: Literal["norm", "measured"] = Field(
        "norm",
        description="Where the teacher's margins come from; measured in any case where there is no batch norm",
        json_schema_extra={
            "level": "expert",
            "label": "Margin",
            "words": {"norm": "from batch norm", "measured": "measured"},
        },
    )


class Overhaul(Objective):
    """The partial L2 at the pre-ReLU points of all paired groups, behind a connector; each level below counts half.

    Margins are buffers: taken from the teacher's batch norms or measured before the first step.
    """

    def __init__(self, cast: Cast, settings: OverhaulSettings) -> None:
        super().__init__()
        teacher = cast.teacher
        assert teacher is not None
        self.pairs = cast.pairs
        self.settings = settings
        self.connectors = nn.ModuleDict(
            {s: normed_connector(cast.student.tap(s), teacher.tap(t)) for t, s in cast.pairs}
        )
        for t, s in cast.pairs:
            self.register_buffer(f"margin_{s}", torch.zeros(teacher.tap(t).channels))

    def taps(self) -> tuple[TapRef, ...]:
        refs = [(TapRef("teacher", t, "pre"), TapRef("student", s, "pre")) for t, s in self.pairs]
        return tuple(ref for pair in refs for ref in pair)

    @property
    def needs_logits(self) -> bool:
        return False

    def connect(self, group: str, student_pre: Tensor) -> Tensor | None:
        if group not in self.connectors:
            return None
        connected: Tensor = self.connectors[group](student_pre)
        return connected

    def prepare(self, networks: Mapping[Who, Network], batches: Callable[[], Iterator[Batch]]) -> None:
        left: list[tuple[str, str]] = []
        for t, s in self.pairs:
            norm = _batch_norm(networks["teacher"], t) if self.settings.margin == "norm" else None
            if norm is None:
                left.append((t, s))
            else:
                self.margin(s).copy_(relu_margin(norm.weight, norm.bias))
        if left:
            measured = _measured([t for t, _ in left], batches())
            for (_, s), margin in zip(left, measured, strict=True):
                self.margin(s).copy_(margin)

    def margin(self, group: str) -> Tensor:
        """(C_teacher,), by the student's group."""
        return self.get_buffer(f"margin_{group}")

    def forward(self, batch: Batch) -> dict[str, Term]:
        total = torch.zeros((), device=batch.inputs.device)
        for t, s in self.pairs:
            teacher = batch.teacher.pre(t)
            teacher = torch.maximum(teacher, _per_channel(self.margin(s), teacher))
            student = self.connectors[s](batch.student.pre(s))
            if student.dim() == 4:
                student, teacher = to_smaller(student, teacher)
            total = total / 2 + partial_l2(student, teacher)  # each level above halves the weight of those below
        return {"features": Term(total / len(batch.inputs), self.settings.weight)}


def _batch_norm(teacher: Network, group: str) -> nn.BatchNorm1d | nn.BatchNorm2d | None:
    """The batch norm that makes the group's ``pre``, None where there is none or it does not scale and shift.

    Behind the sum of a residual block it describes only one of the two summands, as in the authors' code.
    """
    name = teacher.anatomy.tap(group).norm
    module = teacher.body.get_submodule(name) if name is not None else None
    return module if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) and module.affine else None


def _measured(groups: list[str], batches: Iterator[Batch]) -> list[Tensor]:
    """For each of the teacher's groups the mean of the negative values, channel by channel; 0 where none is negative."""
    found: list[list[Tensor]] = [[] for _ in groups]
    seen = 0
    for batch in batches:
        for group, rows in zip(groups, found, strict=True):
            values = batch.teacher.pre(group).transpose(0, 1).flatten(1)  # (C, B H W)
            rows.append(torch.stack([values.clamp(max=0).sum(1), (values < 0).float().sum(1)]))
        seen += len(batch.inputs)
        if seen >= MEASURED:
            break
    totals = [torch.stack(rows).sum(0) for rows in found]
    return [total / count.clamp(min=1) for total, count in totals]


def _per_channel(margin: Tensor, like: Tensor) -> Tensor:
    return margin.view(1, -1, *(1,) * (like.dim() - 2))


class ComprehensiveOverhaul(Method):
    """One stage, the features beside the labels."""

    key = "ofd"
    title = "Comprehensive overhaul"
    words = "Copy what the teacher lets through, and hold back whatever it holds back."
    source = Source("Heo et al.", "ICCV 2019", "A comprehensive overhaul of feature distillation")
    aspects = Aspects("margin ReLU", "1x1 conv + BN", "partial L2", "pre-ReLU", missing="negative features")
    needs = Needs(taps="pre")
    Settings = OverhaulSettings

    def joint(self, settings: MethodSettings) -> Build | None:
        assert isinstance(settings, OverhaulSettings)
        return lambda cast: Overhaul(cast, settings)


catalog.register("method", ComprehensiveOverhaul())
