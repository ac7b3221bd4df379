"""Pyramidal residual networks: ``pyramidnet-110-84`` is 110 layers deep and 84 channels wider at its end than at its beginning."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"pyramidnet-([1-9]\d{0,2})(b?)-([1-9]\d{0,2})")
#: Channels of the stem; every block adds its share to them.
_STEM = 16
#: A bottleneck hands on so many times the channels of its 3x3 convolution.
_EXPANSION = 4


class PyramidNetFamily(NetworkFamily):
    """A 3x3 stem of 16 channels, three groups of n blocks, batch norm, ReLU, pooling, a classifier.

    d = 6n + 2 layers, or 9n + 2 of bottlenecks. The k-th of all N blocks has 16 + k · alpha / N channels, rounded.
    ``out`` is the raw sum of a group; ``pre`` is the batch norm that opens the block behind it, or the last one.

    Source: Han, Kim and Kim, "Deep pyramidal residual networks", CVPR 2017.
    """

    key = "pyramidnet"
    title = "PyramidNet"
    words = "Residual network that grows a little wider in every block, not at once where its map shrinks."
    form = (
        "pyramidnet-110-84 is a depth of 6n + 2 layers from 8 to 998, then the channels added, 1 to 999; pyramidnet-200b-240 "
        "of bottlenecks, a depth of 9n + 2 from 11 to 992."
    )
    examples = ("pyramidnet-20-48", "pyramidnet-56-84", "pyramidnet-110-84", "pyramidnet-200b-240")

    def matches(self, key: str) -> bool:
        found = _KEY.fullmatch(key)
        if found is None:
            return False
        layers = 9 if found[2] else 6
        return int(found[1]) >= layers + 2 and int(found[1]) % layers == 2

    def name(self, key: str) -> str:
        found = _KEY.fullmatch(key)
        assert found is not None
        return f"PyramidNet-{found[1]}-{found[3]}{' (bottleneck)' if found[2] else ''}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        found = _KEY.fullmatch(key)
        assert found is not None
        narrows, added = bool(found[2]), int(found[3])
        count = (int(found[1]) - 2) // (9 if narrows else 6)
        stem = Block(
            name="stem", kind="stem", group="stem", below=channels, width=_STEM, pre_activation=True, norm=True
        )
        blocks = [stem]
        for number in range(3 * count):
            group, index = f"group{number // count + 1}", number % count
            width = round(_STEM + added * (number + 1) / (3 * count))
            blocks.append(
                Block(
                    name=f"{group}.{index}",
                    kind="pyramid_bottleneck" if narrows else "pyramid",
                    group=group,
                    below=blocks[-1].width,
                    width=_EXPANSION * width if narrows else width,
                    inner=width if narrows else 0,
                    stride=2 if index == 0 and number > 0 else 1,
                )
            )
        below = blocks[-1].width
        head = Block(
            name="head", kind="head", group="head", below=below, width=classes, flatten="mean", pre_activation=True
        )
        body = body_of((*blocks, head))
        return body, anatomy_of(body)


catalog.register("network", PyramidNetFamily())
