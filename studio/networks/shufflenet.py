"""ShuffleNets for small pictures: ``shufflenet-v1``, ``shufflenet-v2``, and either at half or twice its size."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape
from studio.networks.shuffle_blocks import STEM

_KEY = re.compile(r"shufflenet-v([12])(?:-(0\.5|1\.5|2))?")
#: Of version 1, three groups: channels at the end of each stage. Both versions have as many blocks in a stage.
_WIDTHS, _GROUPS = (240, 480, 960), 3
#: Of version 2: the same by size, and those of the 1x1 convolution before the classifier (its table 5).
_SPLIT_WIDTHS = {
    0.5: (48, 96, 192, 1024),
    1.0: (116, 232, 464, 1024),
    1.5: (176, 352, 704, 1024),
    2.0: (224, 488, 976, 2048),
}
_BLOCKS = (4, 8, 4)


class ShuffleNetFamily(NetworkFamily):
    """A 1x1 stem of 24 channels, three stages of 4, 8 and 4 blocks that each begin with stride 2, pooling, a classifier.

    ``pre`` is what goes into the last ReLU of a stage, ``out`` follows it. Version 2 has a 1x1 convolution before its head.

    Source: Zhang et al., "ShuffleNet", CVPR 2018; Ma et al., "ShuffleNet V2", ECCV 2018; the stem for small pictures as in
    the code of Tian et al.
    """

    key = "shufflenet"
    title = "ShuffleNet for small pictures"
    words = "Made for telephones: small parts that calculate apart and exchange what they found."
    form = "There are shufflenet-v1 and shufflenet-v2; behind either 0.5, 1.5 or 2 is its size."
    examples = ("shufflenet-v2-0.5", "shufflenet-v1", "shufflenet-v2")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        version, ratio = _parts(key)
        return f"ShuffleNet v{version}{f' × {ratio:g}' if ratio != 1 else ''}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        version, ratio = _parts(key)
        widths = _SPLIT_WIDTHS[ratio][:3] if version == 2 else tuple(round(width * ratio) for width in _WIDTHS)
        blocks = [Block(name="stem", kind="stem", group="stem", below=channels, width=STEM, kernel=1)]
        for number, (count, width) in enumerate(zip(_BLOCKS, widths, strict=True), start=1):
            for index in range(count):
                below = blocks[-1].width
                block = Block(
                    name=f"group{number}.{index}",
                    kind="split",
                    group=f"group{number}",
                    below=below,
                    width=width,
                    stride=1 if index else 2,
                )
                if version == 1:
                    # a quarter of what the block calculates: all of its width, or what it puts beside the shortcut
                    inner = (width if index else width - below) // 4
                    block = Block(**block.model_dump() | {"kind": "shuffle", "inner": inner, "groups": _GROUPS})
                blocks.append(block)
        below = blocks[-1].width
        if version == 2:
            last = _SPLIT_WIDTHS[ratio][3]
            blocks.append(Block(name="group4", kind="pointwise", group="head", below=below, width=last))
            below = last
        blocks.append(Block(name="head", kind="head", group="head", below=below, width=classes, flatten="mean"))
        body = body_of(blocks)
        return body, anatomy_of(body)


def _parts(key: str) -> tuple[int, float]:
    """Version and size."""
    found = _KEY.fullmatch(key)
    assert found is not None
    return int(found[1]), float(found[2] or 1)


catalog.register("network", ShuffleNetFamily())
