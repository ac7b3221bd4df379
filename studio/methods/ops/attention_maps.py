"""Attention maps: where a feature is strong, whatever its channels are."""

from __future__ import annotations

from typing import Literal

from torch import Tensor
from torch.nn.functional import normalize

from studio.methods.ops.precision import full_precision

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

    Example:
        >>> from torch import tensor
        >>> feature = tensor([[[[3.0, 0.0]], [[0.0, 4.0]]]])  # one channel answers on the left, one on the right
        >>> attention_map(feature, p=1)  # 3 and 4 of length 5
        tensor([[0.6000, 0.8000]])
    """
    feature = full_precision(feature)
    if kind == "max":
        energy = feature.abs().amax(1).pow(p)
    elif p == 2:
        energy = feature.square().sum(1)
    else:
        energy = feature.abs().pow(p).sum(1)
    return normalize(energy.flatten(1), dim=1, eps=1e-12)


#: The three maps of the paper by the name their snapshots carry: how channels are joined, and the power.
MAPS: dict[str, tuple[MapKind, float]] = {"sum": ("sum", 1), "sum2": ("sum", 2), "max2": ("max", 2)}
