"""Residual blocks: a correction, and a shortcut around it."""

from __future__ import annotations

from torch import Tensor, nn


class ZeroPadShortcut(nn.Module):
    """Every pixel, or every second one, with channels of zeros added behind: option A of the paper, without parameters."""

    def __init__(self, added: int, stride: int) -> None:
        super().__init__()
        self.added = added
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.added))


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut around them; the last ReLU follows the sum.

    Args:
        below: channels coming in.
        width: channels going out.
        stride: of the first convolution; 2 where the map shrinks.
        zero_pad: a widening shortcut pads with zeros instead of projecting.
    """

    def __init__(self, below: int, width: int, stride: int, *, zero_pad: bool) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(below, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.shortcut = _shortcut(below, width, stride, zero_pad=zero_pad)
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        residual = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        activated: Tensor = self.relu2(residual + self.shortcut(x))
        return activated


class Bottleneck(nn.Module):
    """1x1 convolution down to the inner width, 3x3, 1x1 up to the full one, and a shortcut around them.

    Args:
        below: channels coming in.
        inner: of the 3x3 convolution, a quarter of ``width`` as published.
        width: channels going out.
        stride: of the 3x3 convolution; 2 where the map shrinks.
        zero_pad: a widening shortcut pads with zeros instead of projecting.
    """

    def __init__(self, below: int, inner: int, width: int, stride: int, *, zero_pad: bool = False) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(below, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(inner, width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.shortcut = _shortcut(below, width, stride, zero_pad=zero_pad)
        self.relu3 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        squeezed = self.relu1(self.bn1(self.conv1(x)))
        residual = self.bn3(self.conv3(self.relu2(self.bn2(self.conv2(squeezed)))))
        activated: Tensor = self.relu3(residual + self.shortcut(x))
        return activated


class PreActivationBlock(nn.Module):
    """Batch norm and ReLU before each of two 3x3 convolutions; the sum is handed on as it is.

    A block that changes the width projects its activated input; the others add the raw one.
    """

    def __init__(self, below: int, width: int, stride: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(below)
        self.relu1 = nn.ReLU()
        self.conv1 = nn.Conv2d(below, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.shortcut = nn.Conv2d(below, width, 1, stride, bias=False) if below != width or stride > 1 else None

    def forward(self, x: Tensor) -> Tensor:
        activated = self.relu1(self.bn1(x))
        residual: Tensor = self.conv2(self.relu2(self.bn2(self.conv1(activated))))
        return residual + (x if self.shortcut is None else self.shortcut(activated))


def _shortcut(below: int, width: int, stride: int, *, zero_pad: bool) -> nn.Module:
    """Nothing where the shape stays; else zeros, or a 1x1 convolution with batch norm."""
    if below == width and stride == 1:
        return nn.Identity()
    # made even where zeros take its place: a seed has always drawn these numbers too, and means the same weights for it
    projection = nn.Sequential(nn.Conv2d(below, width, 1, stride, bias=False), nn.BatchNorm2d(width))
    return ZeroPadShortcut(width - below, stride) if zero_pad else projection
