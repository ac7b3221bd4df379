"""Convolution and pooling in turn, in the words of the table that names them: ``convnet-64c-p-64c-p-64c-p-16lc``.

``64c`` is a 5x5 convolution of 64 channels, ``p`` max-pooling, ``s`` stochastic pooling, ``16lc`` a locally connected layer of
16 channels, ``1000fc`` a fully connected one. A classifier ends them all.
"""

from __future__ import annotations

import re
from math import prod

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block, shape_after
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape
from studio.networks.pooling import Pooling

_KEY = re.compile(r"convnet((?:-[1-9]\d{0,3}c-[ps]){1,4})(-[1-9]\d{0,2}lc)?(-[1-9]\d{0,3}fc)?")
_KERNEL, _LOCAL_KERNEL = 5, 3
_POOLINGS = {
    "p": Pooling(kind="max", size=3, stride=2, whole=True),
    "s": Pooling(kind="stochastic", size=3, stride=2, whole=True),
}
#: Share of a layer's units that training leaves out before the layer behind the last pooling.
_DROP = 0.5
#: The smallest picture of one pooling; each further one needs twice as much.
_SMALLEST = 4


class ConvNetFamily(NetworkFamily):
    """Up to four convolutions of 5x5 with ReLU, each pooled over 3x3 places two apart, (local,) (full,) classifier.

    Every layer is a group and ends before its pooling. Dropout works on the last layer before the classifier where there is
    one behind the convolutions, else on what the classifier gets.

    Source: Ba and Caruana, "Do deep nets really need to be deep?", NIPS 2014, table 2, which names them so; locally
    connected as in Hinton et al., arXiv 1207.0580, stochastic pooling as in Zeiler and Fergus, ICLR 2013.
    """

    key = "convnet"
    title = "Convolution and pooling"
    words = "Convolutions with pooling between, as they were before batch norm and shortcuts."
    form = (
        "convnet-64c-p-128c-s-16lc-1000fc is one to four convolutions (64c), each with max (p) or stochastic (s) pooling, "
        "then a locally connected and a fully connected layer if you like."
    )
    examples = (
        "convnet-16c-p-32c-p",
        "convnet-64c-p-64c-p-64c-p-16lc",
        "convnet-64c-s-64c-s-128c-s",
        "convnet-128c-s-128c-s-128c-s-1000fc",
    )

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        return f"CNN {key.removeprefix('convnet-')}"

    def smallest_side(self, key: str) -> int:
        return (_SMALLEST << len(_layers(key)) // 2) - 1

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        found = _KEY.fullmatch(key)
        assert found is not None
        layers = _layers(key)
        picture_shape(shape, self.name(key), self.smallest_side(key))
        blocks: list[Block] = []
        pooling: Pooling | None = None
        for width, letter in zip(layers[::2], layers[1::2], strict=True):
            group = f"group{len(blocks) + 1}"
            blocks.append(
                Block(
                    name=group,
                    kind="plain",
                    group=group,
                    below=shape[0],
                    width=int(width.removesuffix("c")),
                    kernel=_KERNEL,
                    pooling=pooling,
                )
            )
            shape, pooling = shape_after(blocks[-1], shape), _POOLINGS[letter]
        assert pooling is not None
        if found[2]:
            group = f"group{len(blocks) + 1}"
            blocks.append(
                Block(
                    name=group,
                    kind="local",
                    group=group,
                    below=shape[0],
                    width=int(found[2][1:-2]),
                    kernel=_LOCAL_KERNEL,
                    places=prod(map(pooling.side_after, shape[1:])),
                    pooling=pooling,
                )
            )
            shape, pooling = shape_after(blocks[-1], shape), None
        shape = (shape[0], *(pooling.side_after(side) if pooling else side for side in shape[1:]))
        if found[3]:
            blocks.append(
                Block(
                    name="layers.0",
                    kind="linear",
                    group=f"group{len(blocks) + 1}",
                    below=prod(shape),
                    width=int(found[3][1:-2]),
                    pooling=pooling,
                    flatten="all",
                )
            )
            shape, pooling = (blocks[-1].width,), None
        head = Block(
            name="head",
            kind="head",
            group="head",
            below=prod(shape),
            width=classes,
            pooling=pooling,
            flatten="all" if len(shape) == 3 else "",
            drop=_DROP,
        )
        body = body_of((*blocks, head))
        return body, anatomy_of(body)


def _layers(key: str) -> list[str]:
    """The convolutions and their pooling in turn: 64c, p, 128c, s."""
    found = _KEY.fullmatch(key)
    assert found is not None
    return found[1].split("-")[1:]


catalog.register("network", ConvNetFamily())
