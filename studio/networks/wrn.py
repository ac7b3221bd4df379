"""Wide residual networks: ``wrn-16-2`` is 16 layers deep and 2 times as wide as a CIFAR ResNet."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"wrn-([1-9]\d{0,3})-([1-9]\d?)")


class WideResNetFamily(NetworkFamily):
    """A 3x3 stem of 16 channels, three groups of n blocks of 16k, 32k, 64k, batch norm, ReLU, pooling, a classifier.

    d = 6n + 4 layers. ``out`` is the raw sum of a group; ``pre`` is the batch norm that follows it. That batch norm opens
    the next group's first block; as a part it belongs to the group whose ``pre`` it makes.

    Source: Zagoruyko and Komodakis, "Wide residual networks", BMVC 2016.
    """

    key = "wrn"
    title = "Wide residual network"
    words = "Residual network with wider layers instead of more of them."
    form = "wrn-16-2 is a depth of 6n + 4 layers from 10 to 9998, then how many times as wide, 1 to 99."
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

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        depth, widen = (int(number) for number in key.split("-")[1:])
        blocks = [Block(name="stem", kind="stem", group="stem", below=channels, width=16, pre_activation=True)]
        for number in (1, 2, 3):
            for index in range((depth - 4) // 6):
                blocks.append(
                    Block(
                        name=f"group{number}.{index}",
                        kind="basic",
                        group=f"group{number}",
                        below=blocks[-1].width,
                        width=8 * 2**number * widen,
                        stride=2 if number > 1 and index == 0 else 1,
                        pre_activation=True,
                    )
                )
        head = Block(
            name="head",
            kind="head",
            group="head",
            below=blocks[-1].width,
            width=classes,
            flatten="mean",
            pre_activation=True,
        )
        body = body_of((*blocks, head))
        return body, anatomy_of(body)


catalog.register("network", WideResNetFamily())
