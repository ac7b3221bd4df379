"""The precision losses are computed in."""

from __future__ import annotations

import torch
from torch import Tensor


def full_precision(x: Tensor) -> Tensor:
    """``x`` in float32, or as it is where it is float64: sums of squares do not fit half precision."""
    return x if x.dtype == torch.float64 else x.float()
