"""CIFAR ResNets of He et al.: ``resnet-20`` with projection shortcuts, ``resnet-20a`` with zero-padded ones."""

from __future__ import annotations

import re

from torch import Tensor, nn

from studio import catalog
from studio.networks.base import Anatomy, NetworkFamily, Point, Tap
from studio.networks.initial import he_initialise
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"resnet-([1-9]\d{0,3})(a?)")


class ZeroPadShortcut(nn.Module):
    """Every second pixel, with channels of zeros added behind: option A of the paper, without parameters."""

    def __init__(self, added: int) -> None:
        super().__init__()
        self.added = added

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.added))


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
        self.shortcut: nn.Module = nn.Identity()
        if below != width:
            project = (nn.Conv2d(below, width, 1, stride, bias=False), nn.BatchNorm2d(width))
            self.shortcut = ZeroPadShortcut(width - below) if zero_pad else nn.Sequential(*project)
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        residual = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        activated: Tensor = self.relu2(residual + self.shortcut(x))
        return activated


class ResNet(nn.Module):
    """A 3x3 stem of 16 channels, three groups of n blocks of 16, 32 and 64, global average pooling, a classifier.

    Source: He et al., "Deep residual learning for image recognition", CVPR 2016, section 4.2.
    """

    def __init__(self, channels: int, blocks: int, classes: int, *, zero_pad: bool) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu1 = nn.ReLU()
        self.group1 = _group(16, 16, blocks, stride=1, zero_pad=zero_pad)
        self.group2 = _group(16, 32, blocks, stride=2, zero_pad=zero_pad)
        self.group3 = _group(32, 64, blocks, stride=2, zero_pad=zero_pad)
        self.fc = nn.Linear(64, classes)
        he_initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu1(self.bn1(self.conv1(x)))
        x = self.group3(self.group2(self.group1(x)))
        logits: Tensor = self.fc(x.mean((2, 3)))
        return logits


def _group(below: int, width: int, blocks: int, stride: int, *, zero_pad: bool) -> nn.Sequential:
    rest = (BasicBlock(width, width, 1, zero_pad=zero_pad) for _ in range(blocks - 1))
    return nn.Sequential(BasicBlock(below, width, stride, zero_pad=zero_pad), *rest)


class ResNetFamily(NetworkFamily):
    """d = 6n + 2 layers. ``pre`` is the residual sum before the last ReLU of a group, ``out`` follows that ReLU."""

    key = "resnet"
    title = "ResNet for small pictures"
    words = "Residual network: every block adds a correction to what passes by."
    examples = tuple(f"resnet-{depth}" for depth in (8, 14, 20, 26, 32, 44, 56, 110))

    def matches(self, key: str) -> bool:
        found = _KEY.fullmatch(key)
        return found is not None and int(found[1]) >= 8 and int(found[1]) % 6 == 2

    def name(self, key: str) -> str:
        return key.replace("resnet-", "ResNet-", 1).replace("a", " (zero-padded)")

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[nn.Module, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), smallest=8)
        found = _KEY.fullmatch(key)
        assert found is not None
        blocks = (int(found[1]) - 2) // 6
        body = ResNet(channels, blocks, classes, zero_pad=bool(found[2]))
        groups = ("group1", "group2", "group3")
        stem = Tap("stem", out=Point("relu1"), pre=Point("bn1"), norm="bn1")
        ends = {g: f"{g}.{blocks - 1}" for g in groups}
        taps = (
            Tap(g, Point(g), Point(f"{end}.relu2", "in"), norm=f"{end}.bn2", first=Point(f"{g}.0.relu1"))
            for g, end in ends.items()
        )
        parts = {"stem": ("conv1", "bn1", "relu1"), **{g: (g,) for g in groups}, "head": ("fc",)}
        return body, Anatomy(parts, (stem, *taps), head="fc")


catalog.register("network", ResNetFamily())
