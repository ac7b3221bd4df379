"""FitNets: thin and deep networks of maxout units, ``fitnet-1`` to ``fitnet-4``."""

from __future__ import annotations

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape

#: Channels of each convolution of the three groups (Romero et al., table 8).
_WIDTHS = {
    "fitnet-1": ((16,) * 3, (32,) * 3, (48, 48, 64)),
    "fitnet-2": ((16, 32, 32), (48, 64, 80), (96, 96, 128)),
    "fitnet-3": ((32, 48, 64, 64), (80,) * 4, (128,) * 3),
    "fitnet-4": ((32, 32, 32, 48, 48), (80,) * 6, (128,) * 6),
}
#: Linear parts of a unit, and units of the layer before the classifier.
_PIECES, _HIDDEN = 2, 500


class FitNetFamily(NetworkFamily):
    """Three groups of 3x3 maxout convolutions with 2x2 max-pooling between, the largest over all places, a maxout layer.

    A group ends before its pooling. There is no ReLU anywhere, so no ``pre``. The paper's hint goes from the second
    convolution of the maxout teacher to the end of the second group.

    Source: Romero et al., "FitNets: hints for thin deep nets", ICLR 2015.
    """

    key = "fitnet"
    title = "FitNet"
    words = "Thin and deep, made of units that give the largest of two sums; what hints were invented for."
    form = "There are fitnet-1 to fitnet-4."
    examples = tuple(_WIDTHS)

    def matches(self, key: str) -> bool:
        return key in _WIDTHS

    def name(self, key: str) -> str:
        return key.replace("fitnet-", "FitNet ", 1)

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        below, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        blocks: list[Block] = []
        for number, widths in enumerate(_WIDTHS[key], start=1):
            for index, width in enumerate(widths):
                blocks.append(
                    Block(
                        name=f"group{number}.{index}",
                        kind="plain",
                        group=f"group{number}",
                        below=below,
                        width=(below := width),
                        pieces=_PIECES,
                        pool=number > 1 and index == 0,
                    )
                )
        hidden = Block(
            name="layers.0",
            kind="linear",
            group="group4",
            below=below,
            width=_HIDDEN,
            pieces=_PIECES,
            flatten="max",
        )
        head = Block(name="head", kind="head", group="head", below=_HIDDEN, width=classes)
        body = body_of((*blocks, hidden, head))
        return body, anatomy_of(body)


catalog.register("network", FitNetFamily())
