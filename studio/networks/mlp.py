"""Multi-layer perceptrons: ``mlp-800-800`` is two hidden layers of 800 ReLU units each."""

from __future__ import annotations

import re
from itertools import pairwise
from math import prod

from torch import Tensor, nn

from studio import catalog
from studio.networks.base import Anatomy, NetworkFamily, Point, Tap

#: One to eight hidden layers of 1 to 99,999 units.
_KEY = re.compile(r"mlp(-[1-9]\d{0,4}){1,8}")


class Perceptron(nn.Module):
    """Linear layers with a ReLU behind each but the last: (B, C, H, W) or (B, D) to logits (B, K).

    Args:
        inputs: numbers in one flattened input.
        widths: units of the hidden layers, bottom to top.
        classes: K.
    """

    def __init__(self, inputs: int, widths: tuple[int, ...], classes: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(below, above) for below, above in pairwise((inputs, *widths))])
        self.relus = nn.ModuleList([nn.ReLU() for _ in widths])
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        x = x.flatten(1)
        for layer, relu in zip(self.layers, self.relus, strict=True):
            x = relu(layer(x))
        logits: Tensor = self.fc(x)
        return logits


class PerceptronFamily(NetworkFamily):
    """Points, or pictures flattened; every hidden layer is a group."""

    key = "mlp"
    title = "Multi-layer perceptron"
    words = "Layers in which every unit sees all of the layer below; pictures are read as one long row of numbers."
    reads = ("pictures", "points")
    examples = ("mlp-8-8", "mlp-20-20", "mlp-100-100", "mlp-800-800", "mlp-1200-1200")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        return key.replace("mlp-", "MLP ", 1)

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[nn.Module, Anatomy]:
        widths = tuple(int(width) for width in key.split("-")[1:])
        parts: dict[str, tuple[str, ...]] = {}
        taps: list[Tap] = []
        for i in range(len(widths)):
            group = f"group{i + 1}"
            parts[group] = (f"layers.{i}", f"relus.{i}")
            taps.append(Tap(group, out=Point(f"relus.{i}"), pre=Point(f"layers.{i}")))
        parts["head"] = ("fc",)
        return Perceptron(prod(shape), widths, classes), Anatomy(parts, tuple(taps), head="fc")


catalog.register("network", PerceptronFamily())
