"""MobileNets of separable convolutions: ``mobilenet-v1``; ``mobilenet-v1-0.5`` has half the channels."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"mobilenet-v1(?:-((?:0\.\d{1,2}(?<!\.0)(?<!\.00))|2))?")
_STEM = 32
#: Channels and number of the separable convolutions of each group; from the second on the first of a group has stride 2.
_GROUPS = ((64, 1), (128, 2), (256, 2), (512, 6), (1024, 2))
#: From this side on the stem shrinks the map as well, as published for pictures of 224; what is smaller keeps its places.
_LARGE = 64


class MobileNetFamily(NetworkFamily):
    """A 3x3 stem of 32 channels, thirteen separable convolutions in five groups, pooling, a classifier.

    ``pre`` is the batch norm of a group's last 1x1 convolution, ``out`` follows its ReLU.

    Source: Howard et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", arXiv
    1704.04861, table 1.
    """

    key = "mobilenet-v1"
    title = "MobileNet v1"
    words = "Made for telephones: each convolution is taken apart into two that cost an eighth of it."
    form = "mobilenet-v1-0.5 has half of the channels; from 0.01 to 0.99, or 2."
    examples = ("mobilenet-v1-0.25", "mobilenet-v1-0.5", "mobilenet-v1")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        ratio = _ratio(key)
        return f"MobileNet v1{f' × {ratio:g}' if ratio != 1 else ''}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, height, width = picture_shape(shape, self.name(key), self.smallest_side(key))
        ratio = _ratio(key)
        blocks = [
            Block(
                name="stem",
                kind="stem",
                group="stem",
                below=channels,
                width=max(1, round(_STEM * ratio)),
                stride=2 if min(height, width) >= _LARGE else 1,
            )
        ]
        for number, (full, count) in enumerate(_GROUPS, start=1):
            for index in range(count):
                blocks.append(
                    Block(
                        name=f"group{number}.{index}",
                        kind="separable",
                        group=f"group{number}",
                        below=blocks[-1].width,
                        width=max(1, round(full * ratio)),
                        stride=2 if number > 1 and index == 0 else 1,
                    )
                )
        head = Block(name="head", kind="head", group="head", below=blocks[-1].width, width=classes, flatten="mean")
        body = body_of((*blocks, head))
        return body, anatomy_of(body)


def _ratio(key: str) -> float:
    """Of the channels to the published ones."""
    found = _KEY.fullmatch(key)
    assert found is not None
    return float(found[1] or 1)


catalog.register("network", MobileNetFamily())
