"""The ResNeXts of knowledge distillation by singular vectors: ``resnext-2`` has two groups of 64 channels in every block."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"resnext-([1-9]|[12]\d|3[0-2])")
_STEM = 64
#: Channels that each block hands on, and those of one group of its 3x3 convolution.
_WIDTHS, _GROUP = (64, 128, 256), 64


class ResNeXtFamily(NetworkFamily):
    """A 3x3 stem of 64 channels, three grouped bottlenecks of 64, 128 and 256, pooling, a classifier.

    Shortcuts average and pad with zeros. ``pre`` is the residual sum before a block's last ReLU.

    Source: Xie et al., "Aggregated residual transformations for deep neural networks", CVPR 2017; in this size Lee, Kim and
    Song, "Self-supervised knowledge distillation using singular value decomposition", ECCV 2018, reconstructed from its
    reported sizes.
    """

    key = "resnext"
    title = "ResNeXt for small pictures"
    words = "Residual network whose blocks calculate several small things side by side."
    form = "resnext-2 has two groups in every block; from 1 to 32."
    examples = ("resnext-1", "resnext-2", "resnext-4", "resnext-8")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        return f"ResNeXt {key.removeprefix('resnext-')} × {_GROUP}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        groups = int(key.removeprefix("resnext-"))
        blocks = [Block(name="stem", kind="stem", group="stem", below=channels, width=_STEM)]
        for number, width in enumerate(_WIDTHS, start=1):
            blocks.append(
                Block(
                    name=f"group{number}",
                    kind="grouped",
                    group=f"group{number}",
                    below=blocks[-1].width,
                    inner=groups * _GROUP,
                    width=width,
                    groups=groups,
                    stride=2 if number > 1 else 1,
                )
            )
        head = Block(name="head", kind="head", group="head", below=blocks[-1].width, width=classes, flatten="mean")
        body = body_of((*blocks, head))
        return body, anatomy_of(body)


catalog.register("network", ResNeXtFamily())
