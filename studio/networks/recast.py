"""Networks that a list of blocks describes, not a name: what recasting makes of a network of the catalogue.

Such a network keeps its list. It is written into its file, read from there as data, and built anew without running
anything that came with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Input, Network, NetworkFamily
from studio.networks.blocks import BadBlocks, Block, check_blocks
from studio.networks.body import body_of

#: The catalogue key of all of them.
RECAST = "recast"


class RecastFamily(NetworkFamily):
    """Made from a finished network, not chosen from a list."""

    key = RECAST
    title = "Made from the teacher"
    words = "A copy of the teacher whose blocks are exchanged, one after the other, for simpler or narrower ones."
    reads = ("pictures", "points", "table")
    keeps_blocks = True
    made_from_teacher = True

    def matches(self, key: str) -> bool:
        return key == RECAST

    def name(self, key: str) -> str:  # noqa: ARG002 - all of them have one key
        return self.title

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> NoReturn:  # noqa: ARG002 - it needs a list
        """It cannot be built from its key.

        Raises:
            StudioError: always; :func:`network_of_blocks` builds one.
        """
        raise StudioError(
            "A recast network cannot be built from its name.",
            "It is what a trained network became, block by block.",
            "Choose a network from the list, or a run whose student was recast.",
            place="network",
        )


def network_of_blocks(
    blocks: Sequence[Block], source: Input, classes: tuple[str, ...], seed: int, *, key: str = RECAST
) -> Network:
    """A freshly initialised network of these blocks on the CPU; torch's global generator is left as it was.

    Args:
        blocks: from the input to the head.
        source: shape and normalisation of its inputs.
        classes: class names in the order of the logits.
        seed: of the initial weights; equal seeds give equal weights.
        key: what it is called; its list of blocks, not its key, says what it is.

    Raises:
        BadBlocks: they do not follow each other, or do not fit these inputs and classes.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return undrawn_network(blocks, source, classes, key=key)


def undrawn_network(blocks: Sequence[Block], source: Input, classes: tuple[str, ...], *, key: str = RECAST) -> Network:
    """The same with whatever weights torch begins with where it is called: for a network whose weights are to be read.

    Raises:
        BadBlocks: see :func:`network_of_blocks`.
    """
    check_blocks(blocks, source.shape, len(classes))
    body = body_of(blocks)
    return Network(key, body, anatomy_of(body), source, classes)


def described_blocks(network: Network) -> tuple[Block, ...]:
    """The blocks of a network that a list of blocks can describe.

    Raises:
        StudioError: it is an ensemble, or made of something else.
    """
    try:
        check_blocks(network.blocks, network.source.shape, len(network.classes))
    except BadBlocks as error:
        raise StudioError(
            "{network} cannot be recast.",
            "It is not made of blocks that follow one another.",
            "Choose a single network of the list.",
            place="network",
            network=catalog.find("network", network.key).name(network.key),
        ) from error
    return network.blocks


catalog.register("network", RecastFamily())
