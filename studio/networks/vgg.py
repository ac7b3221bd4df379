"""VGG networks for small pictures: ``vgg-16``; ``vgg-16-fc`` with a hidden layer, ``vgg-16-0.4`` at 0.4 of its widths."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"vgg-(8|11|13|16|19)(-fc)?(-0\.\d{1,2}(?<!\.0)(?<!\.00))?")
#: Convolutions of each group. 11 to 19 as published (configurations A, B, D and E), 8 as in the code of Tian et al.
_CONVOLUTIONS = {"8": (1,) * 5, "11": (1, 1, 2, 2, 2), "13": (2,) * 5, "16": (2, 2, 3, 3, 3), "19": (2, 2, 4, 4, 4)}
_WIDTHS = (64, 128, 256, 512, 512)
#: Pixels along the side of the smallest map at a group's end, as pictures of 32 x 32 have it.
_SMALLEST_MAP = 2
#: Units of the hidden layer; the ratio leaves it as it is.
_HIDDEN = 512


class VGGFamily(NetworkFamily):
    """Five groups of 3x3 convolutions with batch norm, a 2x2 max-pooling behind each, (a hidden layer,) a classifier.

    A group ends before its pooling. What is smaller than 32 x 32 is pooled less often, so that every group ends in a map
    and not in a single place; the mean over the places, of which 32 x 32 leave one, takes larger pictures as well.

    Source: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015; its
    form for small pictures as in Yu et al., "Network recasting", AAAI 2019.
    """

    key = "vgg"
    title = "VGG for small pictures"
    words = "Convolutions one after the other without shortcuts; wide, and much work for what they reach."
    form = "vgg-16 is a depth of 8, 11, 13, 16 or 19; -fc behind it adds a hidden layer, then -0.4 narrows it, from 0.01 to 0.99."
    examples = ("vgg-16-0.1", "vgg-16-0.25", "vgg-16-0.4", "vgg-8", "vgg-11", "vgg-13", "vgg-16", "vgg-16-fc", "vgg-19")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        depth, hidden, ratio = _parts(key)
        return f"VGG-{depth}{' with hidden layer' if hidden else ''}{f' × {ratio:g}' if ratio != 1 else ''}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, height, width = picture_shape(shape, self.name(key), self.smallest_side(key))
        depth, hidden, ratio = _parts(key)
        blocks: list[Block] = []
        below, side = channels, min(height, width)
        for number, (count, full) in enumerate(zip(_CONVOLUTIONS[depth], _WIDTHS, strict=True), start=1):
            for index in range(count):
                pool = number > 1 and index == 0 and side >= 2 * _SMALLEST_MAP
                side = side // 2 if pool else side
                blocks.append(
                    Block(
                        name=f"group{number}.{index}",
                        kind="conv",
                        group=f"group{number}",
                        below=below,
                        width=(below := max(1, round(full * ratio))),
                        pool=pool,
                        bias=True,
                    )
                )
        if hidden:
            blocks.append(
                Block(
                    name="layers.0",
                    kind="linear",
                    group="head",
                    below=below,
                    width=(below := _HIDDEN),
                    pool=True,
                    flatten="mean",
                    norm=True,
                )
            )
        blocks.append(
            Block(
                name="head",
                kind="head",
                group="head",
                below=below,
                width=classes,
                pool=not hidden,
                flatten="" if hidden else "mean",
            )
        )
        body = body_of(blocks)
        return body, anatomy_of(body)


def _parts(key: str) -> tuple[str, bool, float]:
    """Depth, whether there is a hidden layer, and the ratio of its widths to the published ones."""
    found = _KEY.fullmatch(key)
    assert found is not None
    return found[1], found[2] is not None, float(found[3][1:]) if found[3] else 1.0


catalog.register("network", VGGFamily())
