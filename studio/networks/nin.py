"""Network in network: ``nin-wide``, and ``nin-thin`` of half its channels."""

from __future__ import annotations

from studio import catalog
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import Block
from studio.networks.body import Body, body_of
from studio.networks.input_shape import picture_shape
from studio.networks.pooling import Pooling

#: Kernel and channels of each convolution of a group; the classifier is one more of kernel 1.
_GROUPS = (((5, 192), (1, 160), (1, 96)), ((5, 192), (1, 192), (1, 192)), ((3, 192), (1, 192)))
_POOLINGS = (None, Pooling(kind="max", size=3, stride=2), Pooling(kind="mean", size=3, stride=2))
#: Share of the numbers left out before the second and third group.
_DROP = 0.5
_RATIOS = {"nin-thin": 0.5, "nin-wide": 1.0}


class NetworkInNetworkFamily(NetworkFamily):
    """Three groups of one wide convolution and small networks of 1x1 convolutions; the classifier judges every place.

    Neither batch norm nor shortcuts. A group ends before its pooling.

    Source: Lin, Chen and Yan, "Network in network", ICLR 2014; thin as in Zagoruyko and Komodakis, "Paying more attention to
    attention", ICLR 2017.
    """

    key = "nin"
    title = "Network in network"
    words = "Between its convolutions stand small networks that look at one place each."
    form = "There are nin-thin and nin-wide."
    examples = ("nin-thin", "nin-wide")

    def matches(self, key: str) -> bool:
        return key in _RATIOS

    def name(self, key: str) -> str:
        return key.replace("nin", "NIN", 1)

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        below, _, _ = picture_shape(shape, self.name(key), self.smallest_side(key))
        blocks: list[Block] = []
        for number, (convolutions, pooling) in enumerate(zip(_GROUPS, _POOLINGS, strict=True), start=1):
            for index, (kernel, full) in enumerate(convolutions):
                blocks.append(
                    Block(
                        name=f"group{number}.{index}",
                        kind="plain",
                        group=f"group{number}",
                        below=below,
                        width=(below := round(full * _RATIOS[key])),
                        kernel=kernel,
                        pooling=None if index else pooling,
                        drop=_DROP if number > 1 and index == 0 else 0.0,
                    )
                )
        blocks.append(Block(name="head", kind="head", group="head", below=below, width=classes, by_place=True))
        body = body_of(blocks)
        return body, anatomy_of(body)


catalog.register("network", NetworkInNetworkFamily())
