"""MobileNets of inverted bottlenecks for small pictures: ``mobilenet-v2``; ``mobilenet-v2-0.5`` has half the channels."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"mobilenet-v2(?:-((?:0\.\d{1,2}(?<!\.0)(?<!\.00))|2))?")
_STEM, _LAST = 32, 1280
#: Expansion, channels, number and first stride of the blocks of a row of the paper's table; as Tian et al. stride them.
_ROWS = (
    (1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
)  # fmt: skip


class MobileNetV2Family(NetworkFamily):
    """A 3x3 stem of stride 2, seventeen inverted bottlenecks in four groups, a 1x1 convolution to 1,280, a classifier.

    A group is what works on maps of one size. It ends in a sum that no ReLU follows: there is no ``pre``.

    Source: Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018, table 2, with the strides
    for small pictures of the code of Tian et al.
    """

    key = "mobilenet-v2"
    title = "MobileNet v2 for small pictures"
    words = "Made for telephones: narrow between its blocks, wide within them."
    form = "mobilenet-v2-0.5 has half of the channels; from 0.01 to 0.99, or 2."
    examples = ("mobilenet-v2-0.25", "mobilenet-v2-0.5", "mobilenet-v2")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        ratio = _ratio(key)
        return f"MobileNet v2{f' × {ratio:g}' if ratio != 1 else ''}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        ratio = _ratio(key)
        below = max(1, int(_STEM * ratio))
        blocks = [Block(name="stem", kind="stem", group="stem", below=channels, width=below, stride=2)]
        group, index = 1, 0
        for expansion, full, count, first in _ROWS:
            group, index = (group + 1, 0) if first > 1 else (group, index)
            for number in range(count):
                blocks.append(
                    Block(
                        name=f"group{group}.{index}",
                        kind="inverted",
                        group=f"group{group}",
                        below=below,
                        inner=below * expansion,
                        width=(below := max(1, int(full * ratio))),
                        stride=1 if number else first,
                    )
                )
                index += 1
        last = _LAST if ratio <= 1 else int(_LAST * ratio)
        ends = (
            Block(name="group5", kind="pointwise", group="head", below=below, width=last),
            Block(name="head", kind="head", group="head", below=last, width=classes, flatten="mean"),
        )
        body = body_of((*blocks, *ends))
        return body, anatomy_of(body)


def _ratio(key: str) -> float:
    """Of the channels to the published ones."""
    found = _KEY.fullmatch(key)
    assert found is not None
    return float(found[1] or 1)


catalog.register("network", MobileNetV2Family())
