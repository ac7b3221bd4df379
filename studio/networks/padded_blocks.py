"""Residual blocks whose shortcut has nothing to learn: it averages where the map shrinks and adds channels of zeros."""

from __future__ import annotations

from torch import Tensor, nn


class MeanShortcut(nn.Module):
    """What passes by, averaged over 2x2 places where the map shrinks, with channels of zeros added behind."""

    def __init__(self, added: int, stride: int) -> None:
        super().__init__()
        self.added = added
        self.pool = nn.AvgPool2d(2, 2, ceil_mode=True) if stride > 1 else None

    def forward(self, x: Tensor) -> Tensor:
        passing = x if self.pool is None else self.pool(x)
        return nn.functional.pad(passing, (0, 0, 0, 0, 0, self.added)) if self.added else passing


class GroupedBottleneck(nn.Module):
    """1x1 convolution to the inner width, 3x3 in groups, 1x1 to the full width; the last ReLU follows the sum.

    Args:
        below: channels coming in.
        inner: of the 3x3 convolution, over all groups.
        width: channels going out, at least ``below``.
        stride: of the 3x3 convolution.
        groups: of the 3x3 convolution.

    Source: Xie et al., "Aggregated residual transformations for deep neural networks", CVPR 2017, figure 3 (c).
    """

    def __init__(self, below: int, inner: int, width: int, stride: int, groups: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(below, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, padding=1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(inner, width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.shortcut = MeanShortcut(width - below, stride)
        self.relu3 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        inner = self.relu2(self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x))))))
        activated: Tensor = self.relu3(self.bn3(self.conv3(inner)) + self.shortcut(x))
        return activated


class PyramidBlock(nn.Module):
    """Batch norm, 3x3 convolution, batch norm, ReLU, 3x3 convolution, batch norm; the sum is handed on as it is.

    Source: Han, Kim and Kim, "Deep pyramidal residual networks", CVPR 2017, figure 6 (d).
    """

    def __init__(self, below: int, width: int, stride: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(below)
        self.conv1 = nn.Conv2d(below, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.shortcut = MeanShortcut(width - below, stride)

    def forward(self, x: Tensor) -> Tensor:
        residual: Tensor = self.bn3(self.conv2(self.relu1(self.bn2(self.conv1(self.bn1(x))))))
        shortcut: Tensor = self.shortcut(x)
        return residual + shortcut


class PyramidBottleneck(nn.Module):
    """The same of three convolutions: 1x1 to the inner width, 3x3, 1x1 to the full one."""

    def __init__(self, below: int, inner: int, width: int, stride: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(below)
        self.conv1 = nn.Conv2d(below, inner, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(inner)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(inner, width, 1, bias=False)
        self.bn4 = nn.BatchNorm2d(width)
        self.shortcut = MeanShortcut(width - below, stride)

    def forward(self, x: Tensor) -> Tensor:
        inner = self.relu1(self.bn2(self.conv1(self.bn1(x))))
        residual: Tensor = self.bn4(self.conv3(self.relu2(self.bn3(self.conv2(inner)))))
        shortcut: Tensor = self.shortcut(x)
        return residual + shortcut
