"""Mean and standard deviation of training data, exact and the same on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

#: One grey level: a channel or coordinate that hardly varies is not blown up.
STD_FLOOR = 1 / 255
#: Bytes measured at once: small enough for the processor's cache.
CHUNK = 1_000_000


def mean_and_std(inputs: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Of each channel of pictures, uint8 (N, C, H, W), on the scale [0, 1]; of each coordinate of points, (N, D).

    Pictures are counted in whole numbers, so that neither threads nor chunks round.
    """
    if inputs.dim() != 4:
        points = inputs.to(torch.float64)
        return _listed(points.mean(0)), _listed(points.std(0, correction=0).clamp(min=STD_FLOOR))
    count, channels = inputs.shape[:2]
    histogram = torch.zeros(channels, 256, dtype=torch.int64)
    step = max(1, CHUNK // max(1, inputs[0].numel()))
    for start in range(0, count, step):
        part = inputs[start : start + step]
        for channel in range(channels):
            histogram[channel] += torch.bincount(part[:, channel].reshape(-1), minlength=256)
    levels = torch.arange(256, dtype=torch.float64) / 255
    shares = histogram.to(torch.float64) / histogram.sum(1, keepdim=True)
    mean = shares @ levels
    std = (shares @ levels.square() - mean.square()).clamp(min=0).sqrt()
    return _listed(mean), _listed(std.clamp(min=STD_FLOOR))


def _listed(values: Tensor) -> tuple[float, ...]:
    return tuple(values.tolist())
