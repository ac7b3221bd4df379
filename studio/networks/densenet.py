"""Densely connected networks: ``densenet-bc-100-12`` is 100 layers deep, and each of them adds 12 channels."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"densenet-bc-([1-9]\d{1,2})-([1-9]\d{0,2})")


class DenseNetFamily(NetworkFamily):
    """A 3x3 stem of 2k channels, three dense blocks of (d - 4) / 6 layers, halved in between, batch norm, ReLU, a classifier.

    A group is a dense block with the transition before it. ``out`` is all its channels, raw; ``pre`` is the batch norm
    that follows them, which belongs to the group as a part. (d - 4) / 6 is rounded down.

    Source: Huang et al., "Densely connected convolutional networks", CVPR 2017.
    """

    key = "densenet-bc"
    title = "DenseNet"
    words = "Every layer sees what all layers before it gave: few numbers to learn, slow to run."
    form = "densenet-bc-40-12 is a depth from 10 to 999, then the channels a layer adds, 1 to 999."
    examples = ("densenet-bc-22-12", "densenet-bc-40-12", "densenet-bc-100-12", "densenet-bc-112-33")

    def matches(self, key: str) -> bool:
        found = _KEY.fullmatch(key)
        return found is not None and int(found[1]) >= 10

    def name(self, key: str) -> str:
        return key.replace("densenet-bc", "DenseNet-BC", 1)

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        found = _KEY.fullmatch(key)
        assert found is not None
        layers, growth = (int(found[1]) - 4) // 6, int(found[2])
        below = 2 * growth
        blocks = [Block(name="stem", kind="stem", group="stem", below=channels, width=below, pre_activation=True)]
        for number in (1, 2, 3):
            group = f"group{number}"
            if number > 1:
                blocks.append(
                    Block(name=f"{group}.0", kind="transition", group=group, below=below, width=(below := below // 2))
                )
            blocks.append(
                Block(
                    name=f"{group}.{0 if number == 1 else 1}",
                    kind="dense",
                    group=group,
                    below=below,
                    width=(below := below + layers * growth),
                    inner=growth,
                    layers=layers,
                )
            )
        head = Block(
            name="head",
            kind="head",
            group="head",
            below=below,
            width=classes,
            flatten="mean",
            pre_activation=True,
        )
        body = body_of((*blocks, head))
        return body, anatomy_of(body)


catalog.register("network", DenseNetFamily())
