"""CIFAR ResNets of He et al.: ``resnet-20`` with projection shortcuts, ``resnet-20a`` with zero-padded ones, ``resnet-8x4`` wider."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"resnet-([1-9]\d{0,3})(?:x([2-9]))?(a?)")
_STEM = 16
#: Of the wider ones, as in the code of Tian et al.
_WIDE_STEM = 32


class ResNetFamily(NetworkFamily):
    """A 3x3 stem of 16 channels, three groups of n blocks of 16, 32 and 64, pooling, a classifier: d = 6n + 2 layers.

    ``resnet-8x4`` has four times the channels behind a stem of 32.

    ``pre`` is the residual sum before the last ReLU of a group, ``out`` follows that ReLU.

    Source: He et al., "Deep residual learning for image recognition", CVPR 2016, section 4.2.
    """

    key = "resnet"
    title = "ResNet for small pictures"
    words = "Residual network: every block adds a correction to what passes by."
    form = (
        "resnet-20 is a depth of 6n + 2 layers from 8 to 9998; x2 to x9 behind it widens it, a pads its shortcuts with zeros, "
        "and b makes it of bottlenecks, a depth of 9n + 2 from 11."
    )
    examples = (
        *(f"resnet-{depth}" for depth in (8, 14, 20, 26, 32, 44, 56, 110)),
        *("resnet-20a", "resnet-8x4", "resnet-32x4"),
    )

    def matches(self, key: str) -> bool:
        found = _KEY.fullmatch(key)
        return found is not None and int(found[1]) >= 8 and int(found[1]) % 6 == 2

    def name(self, key: str) -> str:
        found = _KEY.fullmatch(key)
        assert found is not None
        return f"ResNet-{found[1]}{f'×{found[2]}' if found[2] else ''}{' (zero-padded)' if found[3] else ''}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        found = _KEY.fullmatch(key)
        assert found is not None
        count, zero_pad = (int(found[1]) - 2) // 6, bool(found[3])
        wider = int(found[2] or 1)
        stem = _WIDE_STEM if wider > 1 else _STEM
        blocks = [Block(name="stem", kind="stem", group="stem", below=channels, width=stem)]
        for number, full in enumerate((16, 32, 64), start=1):
            width = full * wider
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
                        stride=2 if number > 1 and index == 0 else 1,
                        zero_pad=zero_pad and widens,
                    )
                )
        blocks.append(Block(name="head", kind="head", group="head", below=64 * wider, width=classes, flatten="mean"))
        body = body_of(blocks)
        return body, anatomy_of(body)


catalog.register("network", ResNetFamily())
