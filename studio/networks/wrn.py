"""Wide residual networks: ``wrn-16-2`` is 16 layers deep and 2 times as wide as a CIFAR ResNet."""

from __future__ import annotations

import re

from torch import Tensor, nn

from studio import catalog
from studio.networks.base import Anatomy, NetworkFamily, Point, Tap
from studio.networks.initial import he_initialise
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"wrn-([1-9]\d{0,3})-([1-9]\d?)")


class PreActivationBlock(nn.Module):
    """Batch norm and ReLU before each of two 3x3 convolutions; the sum is handed on as it is.

    A widening block projects its activated input; the others add the raw one.
    """

    def __init__(self, below: int, width: int, stride: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(below)
        self.relu1 = nn.ReLU()
        self.conv1 = nn.Conv2d(below, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.shortcut = nn.Conv2d(below, width, 1, stride, bias=False) if below != width else None

    def forward(self, x: Tensor) -> Tensor:
        activated = self.relu1(self.bn1(x))
        residual: Tensor = self.conv2(self.relu2(self.bn2(self.conv1(activated))))
        return residual + (x if self.shortcut is None else self.shortcut(activated))


class WideResNet(nn.Module):
    """A 3x3 stem of 16 channels, three groups of n blocks of 16k, 32k, 64k, batch norm, ReLU, pooling, a classifier.

    Source: Zagoruyko and Komodakis, "Wide residual networks", BMVC 2016.
    """

    def __init__(self, channels: int, blocks: int, widen: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, padding=1, bias=False)
        self.group1 = _group(16, 16 * widen, blocks, stride=1)
        self.group2 = _group(16 * widen, 32 * widen, blocks, stride=2)
        self.group3 = _group(32 * widen, 64 * widen, blocks, stride=2)
        self.bn = nn.BatchNorm2d(64 * widen)
        self.relu = nn.ReLU()
        self.fc = nn.Linear(64 * widen, classes)
        he_initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        x = self.group3(self.group2(self.group1(self.conv1(x))))
        logits: Tensor = self.fc(self.relu(self.bn(x)).mean((2, 3)))
        return logits


def _group(below: int, width: int, blocks: int, stride: int) -> nn.Sequential:
    rest = (PreActivationBlock(width, width, 1) for _ in range(blocks - 1))
    return nn.Sequential(PreActivationBlock(below, width, stride), *rest)


class WideResNetFamily(NetworkFamily):
    """d = 6n + 4 layers. ``out`` is the raw sum of a group; ``pre`` is the batch norm that follows it.

    That batch norm opens the next group's first block; as a part it belongs to the group whose ``pre`` it makes.
    """

    key = "wrn"
    title = "Wide residual network"
    words = "Residual network with wider layers instead of more of them."
    examples = (
        "wrn-10-1",
        "wrn-16-1",
        "wrn-16-2",
        "wrn-40-1",
        "wrn-28-2",
        "wrn-40-2",
        "wrn-16-4",
        "wrn-22-4",
        "wrn-28-10",
    )

    def matches(self, key: str) -> bool:
        found = _KEY.fullmatch(key)
        return found is not None and int(found[1]) >= 10 and int(found[1]) % 6 == 4

    def name(self, key: str) -> str:
        return key.upper()

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[nn.Module, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), smallest=8)
        depth, widen = (int(number) for number in key.split("-")[1:])
        body = WideResNet(channels, (depth - 4) // 6, widen, classes)
        # each group's name with what opens the next: the batch norm that makes its pre point, and the ReLU behind it
        border = {
            "conv1": ("group1.0.bn1", "group1.0.relu1"),
            "group1": ("group2.0.bn1", "group2.0.relu1"),
            "group2": ("group3.0.bn1", "group3.0.relu1"),
            "group3": ("bn", "relu"),
        }
        parts: dict[str, tuple[str, ...]] = {}
        taps: list[Tap] = []
        for module, (norm, relu) in border.items():
            group = "stem" if module == "conv1" else module
            parts[group] = (module, norm, relu)
            first = None if group == "stem" else Point(f"{group}.0.relu2")
            taps.append(Tap(group, out=Point(module), pre=Point(norm), norm=norm, first=first))
        parts["head"] = ("fc",)
        return body, Anatomy(parts, tuple(taps), head="fc")


catalog.register("network", WideResNetFamily())
