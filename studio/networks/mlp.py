"""Multi-layer perceptrons: ``mlp-800-800`` is two hidden layers of 800 ReLU units each."""

from __future__ import annotations

import re
from itertools import pairwise
from math import prod

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of

#: One to eight hidden layers of 1 to 99,999 units.
_KEY = re.compile(r"mlp(-[1-9]\d{0,4}){1,8}")


class PerceptronFamily(NetworkFamily):
    """Points and rows of tables, or pictures flattened; every hidden layer is a group."""

    key = "mlp"
    title = "Multi-layer perceptron"
    words = "Layers in which every unit sees all of the layer below; pictures are read as one long row of numbers."
    reads = ("pictures", "points", "table")
    examples = ("mlp-8-8", "mlp-20-20", "mlp-100-100", "mlp-800-800", "mlp-1200-1200")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        return key.replace("mlp-", "MLP ", 1)

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        widths = tuple(int(width) for width in key.split("-")[1:])
        hidden = (
            Block(
                name=f"layers.{number}",
                kind="linear",
                group=f"group{number + 1}",
                below=below,
                width=width,
                flatten="" if number else "all",
            )
            for number, (below, width) in enumerate(pairwise((prod(shape), *widths)))
        )
        head = Block(name="head", kind="head", group="head", below=widths[-1], width=classes)
        body = body_of((*hidden, head))
        return body, anatomy_of(body)


catalog.register("network", PerceptronFamily())
