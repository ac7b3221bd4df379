"""Small plain CNNs: ``cnn-16`` has three convolutions of 16, 32 and 64 channels; small enough for any laptop."""

from __future__ import annotations

import re

from torch import Tensor, nn

from studio import catalog
from studio.networks.base import Anatomy, NetworkFamily, Point, Tap
from studio.networks.initial import he_initialise
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"cnn-([1-9]\d{0,2})")


class ConvGroup(nn.Module):
    """3x3 convolution, batch norm, ReLU: (B, C, H, W) to (B, C', H, W)."""

    def __init__(self, below: int, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(below, width, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        activated: Tensor = self.relu(self.bn(self.conv(x)))
        return activated


class SmallCNN(nn.Module):
    """Three groups of w, 2w and 4w channels with 2x2 max-pooling between them, global average pooling, a classifier.

    Args:
        channels: of the pictures.
        width: w.
        classes: K.
    """

    def __init__(self, channels: int, width: int, classes: int) -> None:
        super().__init__()
        self.group1 = ConvGroup(channels, width)
        self.group2 = ConvGroup(width, 2 * width)
        self.group3 = ConvGroup(2 * width, 4 * width)
        self.fc = nn.Linear(4 * width, classes)
        he_initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.max_pool2d(self.group1(x), 2)
        x = nn.functional.max_pool2d(self.group2(x), 2)
        logits: Tensor = self.fc(self.group3(x).mean((2, 3)))
        return logits


class SmallCNNFamily(NetworkFamily):
    """Pictures from 8 x 8 pixels; a group ends before its pooling."""

    key = "cnn"
    title = "Small CNN"
    words = "Three convolutions, each twice as wide as the one before; learns in seconds."
    examples = ("cnn-4", "cnn-8", "cnn-16", "cnn-32", "cnn-64")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        return f"Small CNN {key.removeprefix('cnn-')}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[nn.Module, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), smallest=8)
        body = SmallCNN(channels, int(key.removeprefix("cnn-")), classes)
        groups = ("group1", "group2", "group3")
        taps = tuple(Tap(g, out=Point(g), pre=Point(f"{g}.bn"), norm=f"{g}.bn") for g in groups)
        return body, Anatomy({**{g: (g,) for g in groups}, "head": ("fc",)}, taps, head="fc")


catalog.register("network", SmallCNNFamily())
