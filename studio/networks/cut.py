"""A network without its upper blocks, known by name: ``cut:7:resnet-20`` is the stem and the lowest seven blocks of it.

The head is made anew for what the last of them hands on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio import catalog
from studio.core.errors import StudioError
from studio.networks.anatomy import anatomy_of, hands_on_raw
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import BadBlocks, Block, check_blocks
from studio.networks.body import Body, body_of

CUT = "cut"
#: Where in an experiment it is asked for.
CUT_PLACE = "student.cut"
_KEY = re.compile(rf"{CUT}:([1-9]\d{{0,2}}):(.+)")


def cut_key(kept: int, network: str) -> str:
    """The key of ``network`` with only its lowest ``kept`` blocks."""
    return f"{CUT}:{kept}:{network}"


def countable(blocks: Sequence[Block]) -> tuple[int, ...]:
    """The indices of the blocks that are counted: those between the stem and what belongs to the head."""
    return tuple(index for index, block in enumerate(blocks) if block.group not in ("stem", "head"))


def cut_blocks(blocks: Sequence[Block], kept: int, classes: int) -> tuple[Block, ...]:
    """The list up to the ``kept``-th block that is counted, and a head for it.

    Raises:
        ValueError: there are not more than that.
    """
    counted = countable(blocks)
    if not 1 <= kept < len(counted):
        raise ValueError(f"of {len(counted)} blocks {kept} are to be kept")
    below = blocks[: counted[kept - 1] + 1]
    last = below[-1]
    head = Block(
        name="head",
        kind="head",
        group="head",
        below=last.width,
        width=classes,
        flatten="" if last.kind == "linear" else "mean",
        # a raw sum is finished by a batch norm and a ReLU, as the whole network does it at its end
        pre_activation=hands_on_raw(last) and blocks[-1].pre_activation,
        drop=blocks[-1].drop,
    )
    return (*below, head)


class CutFamily(NetworkFamily):
    """Networks named by how many of their blocks are kept."""

    key = CUT
    title = "Lower part of a network"
    words = "The lower blocks of a network with a head of their own: what is above them is left out."
    form = "cut:7:resnet-20 keeps the lowest seven blocks of resnet-20."

    def matches(self, key: str) -> bool:
        found = _KEY.fullmatch(key)
        if found is None:
            return False
        try:
            return not catalog.find("network", found[2]).made_from_teacher
        except StudioError:
            return False

    def name(self, key: str) -> str:
        kept, network = _parts(key)
        blocks = f"{kept} blocks" if kept > 1 else "1 block"
        return f"{catalog.find('network', network).name(network)} cut to {blocks}"

    def refuse_input(self, key: str, shape: tuple[int, ...]) -> None:
        _, network = _parts(key)
        catalog.find("network", network).refuse_input(network, shape)

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        kept, network = _parts(key)
        family: NetworkFamily = catalog.find("network", network)
        whole, _ = family.build(network, shape, classes)
        blocks = whole.blocks if isinstance(whole, Body) else ()
        try:
            check_blocks(blocks, shape, classes)
        except BadBlocks as error:
            raise StudioError(
                "{network} cannot be cut.",
                "It is not made of blocks that follow one another.",
                "Leave student.cut out, or choose another network of the list.",
                place=CUT_PLACE,
                network=family.name(network),
            ) from error
        most = len(countable(blocks)) - 1
        if kept > most:
            raise StudioError(
                "{network} cannot be cut to {kept} blocks.",
                "It has {blocks} blocks between its stem and its head."
                if most > 0
                else "It has only one block between its stem and its head.",
                "Keep 1 to {most} of them, or leave student.cut out." if most > 0 else "Leave student.cut out.",
                place=CUT_PLACE,
                network=family.name(network),
                kept=kept,
                blocks=most + 1,
                most=most,
            )
        body = body_of(cut_blocks(blocks, kept, classes))
        return body, anatomy_of(body)


def _parts(key: str) -> tuple[int, str]:
    found = _KEY.fullmatch(key)
    assert found is not None
    return int(found[1]), found[2]


catalog.register("network", CutFamily())
