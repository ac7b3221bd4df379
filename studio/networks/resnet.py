"""CIFAR ResNets of He et al.: ``resnet-20`` with projection shortcuts, ``resnet-20a`` with zero-padded ones."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"resnet-([1-9]\d{0,3})(a?)")


class ResNetFamily(NetworkFamily):
    """A 3x3 stem of 16 channels, three groups of n blocks of 16, 32 and 64, pooling, a classifier: d = 6n + 2 layers.

    ``pre`` is the residual sum before the last ReLU of a group, ``out`` follows that ReLU.

    Source: He et al., "Deep residual learning for image recognition", CVPR 2016, section 4.2.
    """

    key = "resnet"
    title = "ResNet for small pictures"
    words = "Residual network: every block adds a correction to what passes by."
    examples = tuple(f"resnet-{depth}" for depth in (8, 14, 20, 26, 32, 44, 56, 110))

    def matches(self, key: str) -> bool:
        found = _KEY.fullmatch(key)
        return found is not None and int(found[1]) >= 8 and int(found[1]) % 6 == 2

    def name(self, key: str) -> str:
        return key.replace("resnet-", "ResNet-", 1).replace("a", " (zero-padded)")

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), smallest=8)
        found = _KEY.fullmatch(key)
        assert found is not None
        count, zero_pad = (int(found[1]) - 2) // 6, bool(found[2])
        blocks = [Block(name="stem", kind="stem", group="stem", below=channels, width=16)]
        for number, width in enumerate((16, 32, 64), start=1):
            for index in range(count):
                below = blocks[-1].width
                widens = below != width
                blocks.append(
                    Block(
                        name=f"group{number}.{index}",
                        kind="basic",
                        group=f"group{number}",
                        below=below,
                        width=width,
                        stride=2 if widens else 1,
                        zero_pad=zero_pad and widens,
                    )
                )
        blocks.append(Block(name="head", kind="head", group="head", below=64, width=classes, flatten="mean"))
        body = body_of(blocks)
        return body, anatomy_of(body)


catalog.register("network", ResNetFamily())
