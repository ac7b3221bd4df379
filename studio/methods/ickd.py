"""Inter-channel correlation: the student's channels shall stand to each other as the teacher's do."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Build, Cast, Method, MethodSettings, Needs, Objective, Source
from studio.methods.objectives.comparison import Comparison, Side, by_group
from studio.methods.objectives.earlier_names import known_as
from studio.methods.objectives.positions import Groups
from studio.methods.ops.precision import full_precision
from studio.methods.ops.sizes import unit_rows
from studio.networks.base import TapShape


def channel_correlation_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Squared difference of the channels' similarity matrices: 1/(C B²) Σ_b ‖G_s(b) − G_t(b)‖²_F.

    G(b) holds the inner products of all pairs of channels of a picture, F Fᵀ with F = (C, H·W), every row divided by its
    L2 norm. B stands twice in the divisor, as in the authors' code.

    Args:
        student: (B, C, H_s, W_s).
        teacher: (B, C, H_t, W_t); sizes may differ. It receives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Liu et al., "Exploring inter-channel correlation for diversity-preserved knowledge distillation", ICCV 2021.

    Example:
        >>> from torch import tensor
        >>> together, apart = tensor([[[[1.0, 0.0]], [[1.0, 0.0]]]]), tensor([[[[1.0, 0.0]], [[0.0, 1.0]]]])
        >>> round(channel_correlation_loss(together, apart).item(), 4)  # rows (√½, √½) against (1, 0): 2 − √2
        0.5858
    """
    count, channels = student.shape[:2]
    difference = _correlations(student) - _correlations(teacher.detach())
    return difference.square().sum() / (channels * count**2)


def _correlations(feature: Tensor) -> Tensor:
    flat = full_precision(feature).flatten(2)
    return unit_rows(torch.bmm(flat, flat.transpose(1, 2)))


class ChannelSettings(MethodSettings):
    """Settings of inter-channel correlation."""

    weight: float = setting(
        25.0,
        ge=0,
        le=1e4,
        description="How much having the teacher's correlations of channels counts",
        step=5,
        label="Weight",
    )


class ChannelCorrelation(Method[ChannelSettings]):
    """One stage beside the labels, at the end of the last group; a 1x1 convolution where the widths differ."""

    key = "ickd"
    title = "Inter-channel correlation"
    words = "Let channels light up together that light up together in the teacher."
    source = Source(
        "Liu et al.",
        "ICCV 2021",
        "Exploring inter-channel correlation for diversity-preserved knowledge distillation",
        year=2021,
    )
    compares = "features"
    aspects = Aspects(
        "similarity of all pairs of channels",
        "1x1 conv + BN, then the same",
        "L2",
        "end of the last group",
        missing="places",
    )
    needs = Needs(taps="out", pictures=True)
    Settings = ChannelSettings

    def joint(self, settings: ChannelSettings) -> Build | None:
        return lambda cast: _objective(cast, settings.weight)


def _objective(cast: Cast, weight: float) -> Objective:
    teacher, pairs = cast.teacher, cast.pairs[-1:]
    assert teacher is not None
    comparison = Comparison(
        Groups(pairs),
        {"channel correlation": (channel_correlation_loss, weight)},
        student=Side(by_group(pairs, lambda t, s: _embedding(cast.student.tap(s), teacher.tap(t)))),
        pool=None,
    )
    return known_as(comparison, {"connectors.": "student_side.places."})


def _embedding(student: TapShape, teacher: TapShape) -> nn.Module:
    """1x1 convolution without bias and batch norm, both as PyTorch starts them; nothing where the widths are equal.

    Source: the authors' code, which has them in any case.
    """
    if student.channels == teacher.channels:
        return nn.Identity()
    convolution = nn.Conv2d(student.channels, teacher.channels, 1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(teacher.channels))


catalog.register("method", ChannelCorrelation())
