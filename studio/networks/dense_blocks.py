"""Dense blocks: every layer sees what all layers before it gave."""

from __future__ import annotations

import torch
from torch import Tensor, nn

#: A layer's 1x1 convolution narrows to so many times its growth (the B of DenseNet-BC).
BOTTLENECK = 4


class DenseLayer(nn.Module):
    """Batch norm, ReLU, 1x1 convolution to 4k channels, batch norm, ReLU, 3x3 convolution to k: (B, C, ...) to (B, k, ...)."""

    def __init__(self, below: int, growth: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(below)
        self.relu1 = nn.ReLU()
        self.conv1 = nn.Conv2d(below, BOTTLENECK * growth, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(BOTTLENECK * growth)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(BOTTLENECK * growth, growth, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.conv2(self.relu2(self.bn2(self.conv1(self.relu1(self.bn1(x))))))
        return added


class DenseBlock(nn.Sequential):
    """Layers of which each adds ``growth`` channels to what it got: (B, C, H, W) to (B, C + layers · growth, H, W)."""

    def __init__(self, below: int, growth: int, layers: int) -> None:
        super().__init__(*(DenseLayer(below + number * growth, growth) for number in range(layers)))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self:
            x = torch.cat([x, layer(x)], dim=1)
        return x


class Transition(nn.Module):
    """Batch norm, ReLU, 1x1 convolution, 2x2 mean-pooling: fewer channels on half the map."""

    def __init__(self, below: int, width: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(below)
        self.relu = nn.ReLU()
        self.conv = nn.Conv2d(below, width, 1, bias=False)
        self.pool = nn.AvgPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        smaller: Tensor = self.pool(self.conv(self.relu(self.bn(x))))
        return smaller
