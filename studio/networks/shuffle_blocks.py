"""Blocks that shuffle their channels, so that parts that are calculated apart come to know of each other."""

from __future__ import annotations

import torch
from torch import Tensor, nn

#: Channels behind the stem. A first convolution that gets so few of them is not divided into groups.
STEM = 24


def shuffled(x: Tensor, groups: int) -> Tensor:
    """The channels of ``groups`` groups dealt out in turn: the first of each, then the second ... (B, C, H, W)."""
    dealt: Tensor = x.unflatten(1, (groups, -1)).transpose(1, 2)
    return dealt.flatten(1, 2)


class ShuffleBlock(nn.Module):
    """Grouped 1x1 convolution, shuffle, 3x3 of each channel by itself, grouped 1x1; a shortcut; the last ReLU follows.

    Where the map shrinks, the shortcut is its mean over 3x3 places and is put beside instead of added.
    (B, C, H, W) to (B, C', H', W'). Source: Zhang et al., "ShuffleNet", CVPR 2018, figure 2.
    """

    def __init__(self, below: int, inner: int, width: int, stride: int, groups: int) -> None:
        super().__init__()
        first = 1 if below == STEM else groups
        added = width - below if stride > 1 else width
        self.groups = first
        self.conv1 = nn.Conv2d(below, inner, 1, groups=first, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, padding=1, groups=inner, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(inner, added, 1, groups=groups, bias=False)
        self.bn3 = nn.BatchNorm2d(added)
        self.shortcut = nn.AvgPool2d(3, stride, padding=1) if stride > 1 else None
        self.relu3 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        mixed = shuffled(self.relu1(self.bn1(self.conv1(x))), self.groups)
        residual = self.bn3(self.conv3(self.relu2(self.bn2(self.conv2(mixed)))))
        whole = x + residual if self.shortcut is None else torch.cat([residual, self.shortcut(x)], dim=1)
        activated: Tensor = self.relu3(whole)
        return activated


class SplitBlock(nn.Module):
    """Half of the channels passes by, the other half is calculated; where the map shrinks, both are; then they shuffle.

    (B, C, H, W) to (B, C', H', W'). Source: Ma et al., "ShuffleNet V2", ECCV 2018, figure 3.
    """

    def __init__(self, below: int, width: int, stride: int) -> None:
        super().__init__()
        half = width // 2
        seen = below if stride > 1 else half
        self.passing = _looking_around(below, stride) + _mixing(below, half) if stride > 1 else None
        self.calculated = nn.Sequential(
            *_mixing(seen, half), nn.ReLU(), *_looking_around(half, stride), *_mixing(half, half)
        )
        # over both halves: what passes by has been through a ReLU already, and stays as it is
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        passing, seen = (x, x) if self.passing is not None else x.chunk(2, dim=1)
        if self.passing is not None:
            passing = self.passing(passing)
        activated: Tensor = self.relu(shuffled(torch.cat([passing, self.calculated(seen)], dim=1), 2))
        return activated


def _looking_around(width: int, stride: int) -> nn.Sequential:
    """3x3 convolution of each channel by itself, batch norm."""
    return nn.Sequential(nn.Conv2d(width, width, 3, stride, padding=1, groups=width, bias=False), nn.BatchNorm2d(width))


def _mixing(below: int, width: int) -> nn.Sequential:
    """1x1 convolution, batch norm."""
    return nn.Sequential(nn.Conv2d(below, width, 1, bias=False), nn.BatchNorm2d(width))
