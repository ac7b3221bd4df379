"""Small plain CNNs: ``cnn-16`` has three convolutions of 16, 32 and 64 channels; small enough for any laptop."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"cnn-([1-9]\d{0,2})")


class SmallCNNFamily(NetworkFamily):
    """Pictures from 8 x 8 pixels; a group ends before its pooling."""

    key = "cnn"
    title = "Small CNN"
    words = "Three convolutions, each twice as wide as the one before; learns in seconds."
    form = "cnn-16 is its first channels, 1 to 999."
    examples = ("cnn-4", "cnn-8", "cnn-16", "cnn-32", "cnn-64")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        return f"Small CNN {key.removeprefix('cnn-')}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        width = int(key.removeprefix("cnn-"))
        body = body_of(
            (
                Block(name="group1", kind="conv", group="group1", below=channels, width=width),
                Block(name="group2", kind="conv", group="group2", below=width, width=2 * width, pool=True),
                Block(name="group3", kind="conv", group="group3", below=2 * width, width=4 * width, pool=True),
                Block(name="head", kind="head", group="head", below=4 * width, width=classes, flatten="mean"),
            )
        )
        return body, anatomy_of(body)


catalog.register("network", SmallCNNFamily())
