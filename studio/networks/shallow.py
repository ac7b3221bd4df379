"""Shallow networks that mimic deep ones: ``shallow-128c-30k`` is a convolution, a bottleneck, and 30,000 units."""

from __future__ import annotations

import re
from math import prod

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape
from studio.networks.pooling import Pooling

_KEY = re.compile(r"shallow-([1-9]\d{0,2})c-([1-9]\d?)k(-dropout)?")
_KERNEL = 5
#: 32 x 32 places become 15 x 15: so the units of the paper's table come out.
_POOLING = Pooling(kind="max", size=3, stride=2, whole=True)
#: Linear units between: one large matrix as the product of two small ones.
_BOTTLENECK = 1200
#: Share of the inputs and of the units that training leaves out where it is asked for.
_DROP_INPUTS, _DROP = 0.2, 0.5


class ShallowFamily(NetworkFamily):
    """A 5x5 convolution, 3x3 max-pooling, 1,200 linear units, thousands of ReLU units, a classifier.

    ``group1`` is the convolution, ``group2`` the two layers; it ends in the units. With dropout as the paper trained it on
    labels; as a mimic it had none.

    Source: Ba and Caruana, "Do deep nets really need to be deep?", NIPS 2014, section 2.3 and table 2.
    """

    key = "shallow"
    title = "Shallow network"
    words = "One convolution and one very wide layer, to find out whether a network has to be deep."
    form = "shallow-128c-30k has 1 to 999 channels, then 1 to 99 thousand units; -dropout behind it leaves some out in training."
    examples = ("shallow-64c-3k", "shallow-128c-3k", "shallow-64c-30k", "shallow-128c-30k", "shallow-128c-30k-dropout")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        found = _KEY.fullmatch(key)
        assert found is not None
        return f"SNN-{found[2]}k {found[1]}c{' with dropout' if found[3] else ''}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        picture_shape(shape, self.name(key), self.smallest_side(key))
        found = _KEY.fullmatch(key)
        assert found is not None
        channels, units, drops = int(found[1]), 1000 * int(found[2]), found[3] is not None
        conv = Block(
            name="group1",
            kind="plain",
            group="group1",
            below=shape[0],
            width=channels,
            kernel=_KERNEL,
            drop=_DROP_INPUTS if drops else 0.0,
        )
        narrow = Block(
            name="layers.0",
            kind="linear",
            group="group2",
            below=channels * prod(map(_POOLING.side_after, shape[1:])),
            width=_BOTTLENECK,
            raw=True,
            pooling=_POOLING,
            flatten="all",
        )
        wide = Block(name="layers.1", kind="linear", group="group2", below=_BOTTLENECK, width=units)
        head = Block(name="head", kind="head", group="head", below=units, width=classes, drop=_DROP if drops else 0.0)
        body = body_of((conv, narrow, wide, head))
        return body, anatomy_of(body)


catalog.register("network", ShallowFamily())
