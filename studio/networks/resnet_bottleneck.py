"""ResNets of bottleneck blocks for small pictures: ``resnet-29b`` has three groups of three blocks of three layers."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"resnet-([1-9]\d{0,3})b")
#: A block hands on so many times the channels of its 3x3 convolution.
EXPANSION = 4


class BottleneckResNetFamily(NetworkFamily):
    """A 3x3 stem of 16 channels, three groups of n bottlenecks of 16, 32, 64 (handing on 64, 128, 256), pooling, a classifier.

    d = 9n + 2 layers. ``pre`` is the residual sum before the last ReLU of a group, ``out`` follows that ReLU. Shortcuts
    project where the shape changes.

    Source: He et al., "Deep residual learning for image recognition", CVPR 2016: the blocks of figure 5 in the plan of
    section 4.2.
    """

    key = "resnet-bottleneck"
    title = "Bottleneck ResNet for small pictures"
    words = "Residual network whose blocks narrow before they look around: deeper for the same work."
    examples = ("resnet-11b", "resnet-20b", "resnet-29b", "resnet-47b", "resnet-83b", "resnet-164b")

    def matches(self, key: str) -> bool:
        found = _KEY.fullmatch(key)
        return found is not None and int(found[1]) >= 11 and int(found[1]) % 9 == 2

    def name(self, key: str) -> str:
        return key.replace("resnet-", "ResNet-", 1).replace("b", " (bottleneck)")

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        found = _KEY.fullmatch(key)
        assert found is not None
        blocks = [Block(name="stem", kind="stem", group="stem", below=channels, width=16)]
        for number, inner in enumerate((16, 32, 64), start=1):
            for index in range((int(found[1]) - 2) // 9):
                blocks.append(
                    Block(
                        name=f"group{number}.{index}",
                        kind="bottleneck",
                        group=f"group{number}",
                        below=blocks[-1].width,
                        width=EXPANSION * inner,
                        inner=inner,
                        stride=2 if number > 1 and index == 0 else 1,
                    )
                )
        head = Block(name="head", kind="head", group="head", below=blocks[-1].width, width=classes, flatten="mean")
        body = body_of((*blocks, head))
        return body, anatomy_of(body)


catalog.register("network", BottleneckResNetFamily())
