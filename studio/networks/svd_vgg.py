"""The plain networks of knowledge distillation by singular vectors: ``svd-vgg-teacher``, ``-small`` and ``-stride``."""

from __future__ import annotations

from itertools import pairwise

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_WIDTHS = (64, 128, 256, 512)
#: Convolutions of each group, hidden layers, and whether convolutions shrink the map in place of pooling.
_MEMBERS = {
    "svd-vgg-stride": ((1, 1, 1, 1), 1, True),
    "svd-vgg-small": ((1, 1, 1, 1), 1, False),
    "svd-vgg-teacher": ((2, 2, 3, 3), 2, False),
}
_HIDDEN, _DROP = 1024, 0.5


class SingularVGGFamily(NetworkFamily):
    """Four groups of 3x3 convolutions without batch norm, a 2x2 max-pooling behind each, hidden layers with dropout.

    A group ends before its pooling. Where convolutions shrink the map, the first of a group has stride 2.

    Source: Lee, Kim and Song, "Self-supervised knowledge distillation using singular value decomposition", ECCV 2018; the
    numbers of layers are reconstructed from its reported sizes.
    """

    key = "svd-vgg"
    title = "VGG of the singular-vector poster"
    words = "Convolutions without batch norm, and hidden layers that hold a third of all numbers."
    form = "There are svd-vgg-stride, svd-vgg-small and svd-vgg-teacher."
    examples = tuple(_MEMBERS)

    def matches(self, key: str) -> bool:
        return key in _MEMBERS

    def name(self, key: str) -> str:
        return f"VGG {key.removeprefix('svd-vgg-')} (SVD)"

    def smallest_side(self, key: str) -> int:  # noqa: ARG002 - all of them need as much
        return 16

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, height, width = picture_shape(shape, self.name(key), self.smallest_side(key))
        counts, hidden, strides = _MEMBERS[key]
        places = [(number, index) for number, count in enumerate(counts) for index in range(count)]
        widths = [channels, *(_WIDTHS[number] for number, _ in places)]
        blocks = [
            Block(
                name=f"group{number + 1}.{index}",
                kind="plain",
                group=f"group{number + 1}",
                below=below,
                width=width,
                stride=2 if strides and index == 0 else 1,
                pool=not strides and number > 0 and index == 0,
            )
            for (number, index), (below, width) in zip(places, pairwise(widths), strict=True)
        ]
        sides = [-(-side // 16) if strides else side // 16 for side in (height, width)]
        flat = widths[-1] * sides[0] * sides[1]
        blocks.extend(
            Block(
                name=f"layers.{index}",
                kind="linear",
                group="head",
                below=_HIDDEN if index else flat,
                width=_HIDDEN,
                pool=not strides and index == 0,
                flatten="" if index else "all",
                drop=_DROP if index else 0.0,
            )
            for index in range(hidden)
        )
        blocks.append(Block(name="head", kind="head", group="head", below=_HIDDEN, width=classes, drop=_DROP))
        body = body_of(blocks)
        return body, anatomy_of(body)


catalog.register("network", SingularVGGFamily())
