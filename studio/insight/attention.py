"""Attention maps of a group's output, to be drawn and to be compared."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from studio.insight.fetch import fetched
from studio.methods.ops.attention_maps import MAPS, attention_map


def attention_maps(feature: Tensor) -> dict[str, Tensor]:
    """All kinds of maps of a feature (B, C, h, w), by the names of :data:`MAPS`, each (B, h*w) of unit length."""
    return {name: attention_map(feature, kind, p) for name, (kind, p) in MAPS.items()}


def drawn_maps(feature: Tensor) -> dict[str, np.ndarray]:
    """All kinds of maps as pictures, each (B, h, w) float16; none for vectors and maps of a single place."""
    if feature.dim() != 4 or feature.shape[2] * feature.shape[3] == 1:
        return {}
    shape = (feature.shape[0], feature.shape[2], feature.shape[3])
    return {name: fetched(maps.reshape(shape).half()) for name, maps in attention_maps(feature).items()}


def summed_cosine(one: Tensor, other: Tensor) -> Tensor:
    """The cosines between the rows of two sets of unit vectors (B, n), summed over the rows; 0-dim."""
    return (one * other).sum()
