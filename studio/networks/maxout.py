"""The maxout network that taught the FitNets: ``maxout``."""

from __future__ import annotations

from math import prod

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block, shape_after
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape
from studio.networks.pooling import Pooling

#: Channels, kernel and padding of each convolution, and the pooling behind it: with 32 x 32 they give maps of 33, 15 and 9
#: places a side, about the 725 million multiplications that are reported, and 3 x 3 places for the hidden layer.
_CONVOLUTIONS = (
    (96, 8, 4, Pooling(kind="max", size=4, stride=2)),
    (192, 8, 3, Pooling(kind="max", size=4, stride=2)),
    (192, 5, 3, Pooling(kind="max", size=3, stride=3)),
)
_PIECES, _HIDDEN, _HIDDEN_PIECES = 2, 500, 5
#: Share of the inputs, and of what reaches convolutions and layers, that training leaves out.
_DROP_INPUTS, _DROP = 0.2, 0.5


class MaxoutFamily(NetworkFamily):
    """Three maxout convolutions of two pieces, each pooled, a maxout layer of five pieces, a classifier; with dropout.

    Each is a group and ends before its pooling. There is no ReLU, so no ``pre``.

    Source: Goodfellow et al., "Maxout networks", ICML 2013; widths as in Romero et al., "FitNets", ICLR 2015.
    """

    key = "maxout"
    title = "Maxout network"
    words = "Wide and shallow, of units that give the largest of several sums; it taught the FitNets."
    form = "There is maxout alone."
    examples = ("maxout",)

    def matches(self, key: str) -> bool:
        return key == self.key

    def name(self, key: str) -> str:  # noqa: ARG002 - there is one
        return "Maxout teacher"

    def smallest_side(self, key: str) -> int:  # noqa: ARG002 - all of them need as much
        return 16

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        picture_shape(shape, self.name(key), self.smallest_side(key))
        blocks: list[Block] = []
        pooling: Pooling | None = None
        for number, (width, kernel, pad, behind) in enumerate(_CONVOLUTIONS, start=1):
            block = Block(
                name=f"group{number}",
                kind="plain",
                group=f"group{number}",
                below=shape[0],
                width=width,
                kernel=kernel,
                pad=pad,
                pieces=_PIECES,
                pooling=pooling,
                drop=_DROP if blocks else _DROP_INPUTS,
            )
            blocks.append(block)
            shape, pooling = shape_after(block, shape), behind
        assert pooling is not None
        hidden = Block(
            name="layers.0",
            kind="linear",
            group="group4",
            below=shape[0] * prod(map(pooling.side_after, shape[1:])),
            width=_HIDDEN,
            pieces=_HIDDEN_PIECES,
            pooling=pooling,
            flatten="all",
            drop=_DROP,
        )
        head = Block(name="head", kind="head", group="head", below=_HIDDEN, width=classes, drop=_DROP)
        body = body_of((*blocks, hidden, head))
        return body, anatomy_of(body)


catalog.register("network", MaxoutFamily())
