"""A 1x1 map from a student's channels to its teacher's, fitted in closed form.

Two networks of different width have no neurons in common. The map asks how well the teacher's values can be read off
the student linearly, at each place from the channels of that place alone, without training anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from studio.insight.agreement import as_maps

#: Added to the diagonal of the covariance, as a share of its mean: keeps dead and doubled channels harmless.
RIDGE = 1e-3


@dataclass(frozen=True)
class ChannelMap:
    """``y = weight x + bias`` at every place: weight (C_out, C_in), bias (C_out,)."""

    weight: Tensor
    bias: Tensor

    def __call__(self, maps: Tensor) -> Tensor:
        """(B, C_in, h, w) or (B, C_in) -> (B, C_out, h, w), h = w = 1 for vectors."""
        return torch.nn.functional.conv2d(as_maps(maps), self.weight[:, :, None, None], self.bias)


def rows_at(maps: Tensor, places: Tensor) -> Tensor:
    """The channels at some places of every map: (B, C, h, w) and (n,) indices into h*w -> (B*n, C)."""
    return maps.flatten(2)[:, :, places].transpose(1, 2).flatten(0, 1)


class RidgeFit:
    """Least squares with a ridge on centred values, in float64, from any number of batches of rows.

    Args:
        inputs: channels of the student.
        outputs: channels of the teacher.
        device: of the map; it is also computed there, or on the processor where it knows no float64 (MPS).
    """

    def __init__(self, inputs: int, outputs: int, device: torch.device | str = "cpu") -> None:
        self._device = torch.device(device)
        self._at = torch.device("cpu") if self._device.type == "mps" else self._device
        self._rows = 0
        self._x, self._y = self._zeros(inputs), self._zeros(outputs)
        self._xx, self._xy = self._zeros(inputs, inputs), self._zeros(inputs, outputs)

    def _zeros(self, *shape: int) -> Tensor:
        return torch.zeros(*shape, dtype=torch.float64, device=self._at)

    def add(self, x: Tensor, y: Tensor) -> None:
        """Take in rows: x (n, C_in), y (n, C_out)."""
        x, y = x.to(self._at, torch.float64), y.to(self._at, torch.float64)
        self._rows += len(x)
        self._x += x.sum(0)
        self._y += y.sum(0)
        self._xx += x.T @ x
        self._xy += x.T @ y

    def solve(self) -> ChannelMap:
        """The map of least error, float32. Values that are not numbers give a map of such."""
        rows = max(1, self._rows)
        x, y = self._x / rows, self._y / rows
        covariance = self._xx / rows - torch.outer(x, x)
        ridge = RIDGE * covariance.diagonal().mean() + torch.finfo(torch.float64).eps
        covariance.diagonal().add_(ridge)
        # cholesky_ex reports failure instead of raising: a student that has blown up must not end the observation
        factor, _ = torch.linalg.cholesky_ex(covariance)
        weight = torch.cholesky_solve(self._xy / rows - torch.outer(x, y), factor).T
        return ChannelMap(weight.to(self._device, torch.float32), (y - weight @ x).to(self._device, torch.float32))
