"""Comprehensive overhaul: copy what the teacher lets through before its ReLU, and no more of what it holds back."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Build,
    Cast,
    Method,
    MethodSettings,
    Needs,
    Objective,
    Source,
    Who,
)
from studio.methods.objectives.comparison import Comparison, Elementwise, Side, by_group
from studio.methods.objectives.connectors import normed_connector
from studio.methods.objectives.positions import Groups
from studio.methods.ops.precision import full_precision
from studio.methods.parts.made_of_parts import Composition
from studio.methods.parts.registry import DistancePart, PartSettings, SidePart, TapPair, register_parts
from studio.networks.base import Network

#: P(x < 0) up to which the authors' code takes −3 |γ| for the margin: hardly anything is left of zero to average.
RARE = 0.001


def relu_margin(bn_weight: Tensor, bn_bias: Tensor) -> Tensor:
    """The mean of a channel's negative values, E[x | x < 0], were it normal with mean β and deviation |γ|.

    β − |γ| φ(β/|γ|) / Φ(−β/|γ|); −3 |γ| where less than a thousandth is negative, min(β, 0) where γ is 0.

    Args:
        bn_weight: γ of the batch norm before the ReLU, (C,).
        bn_bias: its β, (C,).

    Returns:
        (C,), at most 0.

    Source: the code of Heo et al., "A comprehensive overhaul of feature distillation", ICCV 2019.

    Example:
        >>> from torch import tensor
        >>> relu_margin(tensor([1.0, 0.0]), tensor([0.0, -2.0]))  # −φ(0) / Φ(0), and a channel that is always −2
        tensor([-0.7979, -2.0000])
    """
    spread, mean = full_precision(bn_weight).abs(), full_precision(bn_bias)
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

    Example:
        >>> from torch import tensor
        >>> partial_l2(tensor([[-3.0, -1.0, 2.0]]), tensor([[-1.0, -2.0, 1.0]])).item()  # 0 + 1 + 1
        2.0
    """
    return forgiving_square(full_precision(student), full_precision(teacher).detach()).sum()


def forgiving_square(student: Tensor, teacher: Tensor) -> Tensor:
    """(t − s)², and 0 where s ≤ t ≤ 0; one value for each element."""
    counts = (student > teacher) | (teacher > 0)
    return torch.where(counts, teacher - student, 0).square()


class OverhaulSettings(MethodSettings):
    """Settings of comprehensive overhaul."""

    weight: float = setting(
        0.001,
        ge=0,
        le=1,
        description="How much the features count; they are summed, so it is small",
        step=0.0005,
        label="Weight",
    )
    margin: Literal["norm", "measured"] = setting(
        "norm",
        description="Where the teacher's margins come from; measured in any case where there is no batch norm",
        level="expert",
        label="Margin",
        words={"norm": "from batch norm", "measured": "measured"},
    )


class MarginRelu(nn.Module):
    """max(t, m), channel by channel: how far below zero a held-back neuron is does not matter beyond its mean.

    Args:
        channels: of the teacher's feature.
        measured: take the margins from examples even where a batch norm would give them.
    """

    margin: Tensor
    _negatives: Tensor

    def __init__(self, channels: int, *, measured: bool = False) -> None:
        super().__init__()
        self.measured = measured
        self.register_buffer("margin", torch.zeros(channels))
        # sum and number of the negative values so far
        self.register_buffer("_negatives", torch.zeros(2, channels), persistent=False)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) or (B, C), of the same shape."""
        return torch.maximum(features, self.margin.view(1, -1, *(1,) * (features.dim() - 2)))

    def calibrate_from(self, network: Network, group: str) -> bool:
        """Take the margins from the batch norm before the ReLU, where there is one."""
        norm = None if self.measured else _batch_norm(network, group)
        if norm is not None:
            self.margin.copy_(relu_margin(norm.weight, norm.bias))
        return norm is not None

    def calibrate_on(self, features: Tensor) -> None:
        """Measure them: the mean of the negative values so far; 0 where none is negative."""
        values = features.transpose(0, 1).flatten(1)  # (C, B H W)
        self._negatives += torch.stack([values.clamp(max=0).sum(1), (values < 0).float().sum(1)])
        total, count = self._negatives
        self.margin.copy_(total / count.clamp(min=1))


def _batch_norm(teacher: Network, group: str) -> nn.BatchNorm1d | nn.BatchNorm2d | None:
    """The batch norm that makes the group's ``pre``, None where there is none or it does not scale and shift.

    Behind the sum of a residual block it describes only one of the two summands, as in the authors' code.
    """
    name = teacher.anatomy.tap(group).norm
    module = teacher.body.get_submodule(name) if name is not None else None
    return module if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) and module.affine else None


def _features(cast: Cast, settings: OverhaulSettings) -> Objective:
    """The partial L2 at the pre-ReLU points of all paired groups, behind a connector; each level below counts half."""
    teacher, student = cast.teacher, cast.student
    assert teacher is not None
    measured = settings.margin == "measured"
    return Comparison(
        Groups(cast.pairs, "pre"),
        {"features": (Elementwise(forgiving_square, "picture"), settings.weight)},
        teacher=Side(by_group(cast.pairs, lambda t, _: MarginRelu(teacher.tap(t).channels, measured=measured))),
        student=Side(by_group(cast.pairs, lambda t, s: normed_connector(student.tap(s), teacher.tap(t)))),
        layers="later",
    )


class ComprehensiveOverhaul(Method[OverhaulSettings]):
    """One stage, the features beside the labels."""

    key = "ofd"
    title = "Comprehensive overhaul"
    words = "Copy what the teacher lets through, and hold back whatever it holds back."
    source = Source("Heo et al.", "ICCV 2019", "A comprehensive overhaul of feature distillation", year=2019)
    compares = "features"
    aspects = Aspects("margin ReLU", "1x1 conv + BN", "partial L2", "pre-ReLU", missing="negative features")
    needs = Needs(taps="pre")
    Settings = OverhaulSettings

    def as_composed(self, settings: OverhaulSettings, cast: Cast) -> Composition | None:
        del cast
        return Composition(
            {
                "position": "neurons",
                "teacher_side": "margin",
                "student_side": "conv_bn",
                "distance": "partial",
                "weight": settings.weight,
                "reduction": "picture",
                "layers": "later",
            }
        )

    def joint(self, settings: OverhaulSettings) -> Build | None:
        return lambda cast: _features(cast, settings)


def _margins(tap_pairs: tuple[TapPair, ...], _settings: PartSettings, _who: Who) -> Side:
    return Side({pair.name: MarginRelu(pair.teacher.channels) for pair in tap_pairs})


register_parts(
    SidePart(
        "margin",
        "Margin ReLU",
        "What is held back counts no more than its channel's mean of negative values",
        ("teacher",),
        ("neurons",),
        "features",
        _margins,
        symbol="max({x}, m)",
        note="m is the mean of the channel's negative values",
        order=40,
    ),
    DistancePart(
        "partial",
        "Partial L2",
        "Squared differences, but none where both are held back and the student more so",
        (("features", "features"),),
        lambda _settings: forgiving_square,
        "[{s} > {t} or {t} > 0] · ({t} − {s})²",
        note="the bracket is 1 where it holds, else 0",
        spaces=("neurons",),
        order=40,
    ),
)

catalog.register("method", ComprehensiveOverhaul())
