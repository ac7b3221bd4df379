"""The MobileNets of knowledge distillation by singular vectors: ``svd-mobilenet-1``, and ``svd-mobilenet-2`` of twice the layers."""

from __future__ import annotations

import re

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

_KEY = re.compile(r"svd-mobilenet-([1-9])(-s2)?")
_STEM = 32
_FIRST, _GROUPS, _LAST = 64, (128, 256, 512), 1024


class SingularMobileNetFamily(NetworkFamily):
    """A 3x3 stem of 32, a separable convolution of 64, then r of each of 128, 256, 512 and 1024, pooling, a classifier.

    The first of 128, of 256 and of 512 halves the map; that of 1024 does so with ``-s2``.

    Source: Lee, Kim and Song, "Self-supervised knowledge distillation using singular value decomposition", ECCV 2018; the
    layers are reconstructed from its reported sizes.
    """

    key = "svd-mobilenet"
    title = "MobileNet of the singular-vector poster"
    words = "Separable convolutions, once or twice of each width."
    form = "svd-mobilenet-1 has one convolution of each width; up to 9, and -s2 behind it halves the last map."
    examples = ("svd-mobilenet-1", "svd-mobilenet-2")

    def matches(self, key: str) -> bool:
        return _KEY.fullmatch(key) is not None

    def name(self, key: str) -> str:
        found = _KEY.fullmatch(key)
        assert found is not None
        return f"MobileNet × {found[1]}{', last map halved' if found[2] else ''} (SVD)"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        channels, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        found = _KEY.fullmatch(key)
        assert found is not None
        repeats, halves = int(found[1]), found[2] is not None
        blocks = [
            Block(name="stem", kind="stem", group="stem", below=channels, width=_STEM),
            Block(name="group1", kind="separable", group="group1", below=_STEM, width=_FIRST),
        ]
        group, index = 1, 0
        for width in (*_GROUPS, _LAST):
            opens = width != _LAST or halves
            group, index = (group + 1, 0) if opens else (group, index)
            for number in range(repeats):
                blocks.append(
                    Block(
                        name=f"group{group}.{index}",
                        kind="separable",
                        group=f"group{group}",
                        below=blocks[-1].width,
                        width=width,
                        stride=2 if opens and number == 0 else 1,
                    )
                )
                index += 1
        head = Block(name="head", kind="head", group="head", below=_LAST, width=classes, flatten="mean")
        body = body_of((*blocks, head))
        return body, anatomy_of(body)


catalog.register("network", SingularMobileNetFamily())
