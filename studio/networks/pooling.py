"""Ways to make a map smaller other than the usual 2x2 maxima: other windows, means, and a place drawn by chance."""

from __future__ import annotations

from typing import Annotated, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor, nn
from torch.nn.functional import pad, unfold


class Pooling(BaseModel):
    """What is taken of windows of ``size`` x ``size`` places, ``stride`` apart.

    Attributes:
        kind: the largest value, the mean, or that of a place drawn by chance.
        whole: windows that reach beyond the map are left out; otherwise they count with what they see of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["max", "mean", "stochastic"]
    size: Annotated[int, Field(ge=2, le=32)]
    stride: Annotated[int, Field(ge=1, le=32)]
    whole: bool = False

    @model_validator(mode="after")
    def _leaves_nothing_out(self) -> Pooling:
        if self.stride > self.size:
            raise ValueError("windows that are further apart than they are wide leave places out")
        return self

    def side_after(self, side: int) -> int:
        """Height or width of the map that is left of one of ``side`` places; below 1 where the window is larger."""
        if side < self.size:
            return 0
        beyond = 0 if self.whole else -(side - self.size) % self.stride
        return (side - self.size + beyond) // self.stride + 1

    def module(self) -> nn.Module:
        """The module that does it."""
        match self.kind:
            case "max":
                return nn.MaxPool2d(self.size, self.stride, ceil_mode=not self.whole)
            case "mean":
                return nn.AvgPool2d(self.size, self.stride, ceil_mode=not self.whole)
            case "stochastic":
                return StochasticPool(self)


class StochasticPool(nn.Module):
    """Of every window one value, drawn with a chance in proportion to it; when not training their mean so weighted.

    (B, C, H, W) to (B, C, H', W'), of values from 0 up. A window of zeros gives 0.

    Source: Zeiler and Fergus, "Stochastic pooling for regularization of deep convolutional neural networks", ICLR 2013,
    equations 3 to 6.
    """

    def __init__(self, pooling: Pooling) -> None:
        super().__init__()
        self.pooling = pooling

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        size, stride = self.pooling.size, self.pooling.stride
        sides = [self.pooling.side_after(side) for side in (height, width)]
        beyond = [
            max(0, (count - 1) * stride + size - side) for count, side in zip(sides, (height, width), strict=True)
        ]
        padded = pad(x, (0, beyond[1], 0, beyond[0])).flatten(0, 1).unsqueeze(1)
        # a window a row: (B C H' W', size size); zeros beyond the border have no chance
        windows = unfold(padded, size, stride=stride).transpose(1, 2).reshape(-1, size * size)
        chances = windows / windows.sum(1, keepdim=True).clamp(min=torch.finfo(windows.dtype).tiny)
        if self.training:
            # a window of zeros has no chances to draw by: any of its places gives 0
            drawn = torch.multinomial(chances.detach().float() + (windows.detach().sum(1, keepdim=True) <= 0), 1)
            pooled = windows.gather(1, drawn)
        else:
            pooled = (chances * windows).sum(1, keepdim=True)
        return pooled.reshape(batch, channels, sides[0], sides[1])
