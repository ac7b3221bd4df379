"""Blocks for telephones: convolutions taken apart into one that looks around and one that mixes channels."""

from __future__ import annotations

from torch import Tensor, nn


class SeparableBlock(nn.Module):
    """3x3 convolution of each channel by itself, batch norm, ReLU, 1x1 convolution, batch norm, ReLU.

    (B, C, H, W) to (B, C', H', W'). Source: Howard et al., "MobileNets", arXiv 1704.04861, figure 3.
    """

    def __init__(self, below: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(below, below, 3, stride, padding=1, groups=below, bias=False)
        self.bn1 = nn.BatchNorm2d(below)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(below, width, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        around = self.relu1(self.bn1(self.conv1(x)))
        activated: Tensor = self.relu2(self.bn2(self.conv2(around)))
        return activated


class InvertedBlock(nn.Module):
    """1x1 convolution up to the inner width, 3x3 of each channel by itself, 1x1 down; a shortcut where the shape stays.

    No ReLU follows: the narrow ends are linear. (B, C, H, W) to (B, C', H', W').

    Source: Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018; ReLU in place of ReLU6 and
    both 1x1 convolutions in every block, as in the code of Tian et al.
    """

    def __init__(self, below: int, inner: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(below, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, padding=1, groups=inner, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(inner, width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.adds = stride == 1 and below == width

    def forward(self, x: Tensor) -> Tensor:
        around = self.relu2(self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x))))))
        narrow: Tensor = self.bn3(self.conv3(around))
        return x + narrow if self.adds else narrow
