"""Multi-layer perceptrons: ``mlp-800-800`` is two hidden layers of 800 ReLU units each, ``mlp-800-800-dropout`` with dropout."""

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
_KEY = re.compile(r"mlp(-[1-9]\d{0,4}){1,8}(-dropout)?")
#: Share of the inputs, and of the units of a layer, that training leaves out with dropout (Srivastava et al., JMLR 2014).
_DROP_INPUTS, _DROP = 0.2, 0.5


class PerceptronFamily(NetworkFamily):
    """Points and rows of tables, or pictures flattened; every hidden layer is a group."""

    key = "mlp"
    title = "Multi-layer perceptron"
    words = "Layers in which every unit sees all of the layer below; pictures are read as one long row of numbers."
    reads = ("pictures", "points", "table")
    examples = ("mlp-8-8", "mlp-20-20", "mlp-100-100", "mlp-800-800", "mlp-1200-1200", "mlp-1200-1200-dropout")
    form = (
        "mlp-800-800 is one to eight hidden layers of 1 to 99999 units; -dropout behind it leaves some out in training."
    )

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        widths, dropout, _ = key.removeprefix("mlp-").partition("-dropout")
        return f"MLP {widths}{' with dropout' if dropout else ''}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        layers, drops, _ = key.partition("-dropout")
        widths = tuple(int(width) for width in layers.split("-")[1:])
        hidden = (
            Block(
                name=f"layers.{number}",
                kind="linear",
                group=f"group{number + 1}",
                below=below,
                width=width,
                flatten="" if number else "all",
                drop=(_DROP if number else _DROP_INPUTS) if drops else 0.0,
            )
            for number, (below, width) in enumerate(pairwise((prod(shape), *widths)))
        )
        head = Block(
            name="head", kind="head", group="head", below=widths[-1], width=classes, drop=_DROP if drops else 0.0
        )
        body = body_of((*hidden, head))
        return body, anatomy_of(body)


catalog.register("network", PerceptronFamily())
