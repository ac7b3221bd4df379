"""The form that recasting gives a network, known by name before anything is trained: ``recast:conv-0.4:vgg-16``.

So a recast network can be described, counted and trained alone. ``recast:conv-0.4@3:vgg-16`` is the form with the first
three of its blocks exchanged; what is recast may be such a form itself.
"""

from __future__ import annotations

import re

from studio import catalog
from studio.core.errors import StudioError
from studio.networks.anatomy import anatomy_of
from studio.networks.base import Anatomy, NetworkFamily
from studio.networks.blocks import BadBlocks, Block, check_blocks
from studio.networks.body import Body, body_of
from studio.networks.exchange import exchange_blocks
from studio.networks.recast import RECAST
from studio.networks.recast_plan import PLAN_PATTERN, RecastPlan

_KEY = re.compile(rf"{RECAST}:({PLAN_PATTERN})(?:@([1-9]\d{{0,2}}))?:(.+)")


def form_key(plan: RecastPlan, network: str, exchanged: int | None = None) -> str:
    """The key of the form that ``plan`` gives the network ``network``.

    Args:
        plan: which blocks become what.
        network: key of the network that is recast.
        exchanged: how many of its blocks have been exchanged, from below; None for all.

    Returns:
        The key of the network itself where none is exchanged yet, or where it is known by its list of blocks alone.
    """
    if network == RECAST or exchanged == 0:
        return network
    return f"{RECAST}:{plan}{'' if exchanged is None else f'@{exchanged}'}:{network}"


def form_blocks(plan: RecastPlan, blocks: tuple[Block, ...], exchanged: int | None = None) -> tuple[Block, ...]:
    """The blocks of that form.

    Raises:
        StudioError: the plan does not fit these blocks.
    """
    targets = list(plan.targets(blocks).items())
    return exchange_blocks(blocks, dict(targets[:exchanged]))


class RecastFormFamily(NetworkFamily):
    """Networks named by what was recast, and into what."""

    key = "recast_form"
    title = "Form of a recast network"
    words = "What a network is like when its blocks have been exchanged, with weights of its own."
    keeps_blocks = True

    def matches(self, key: str) -> bool:
        found = _KEY.fullmatch(key)
        if found is None:
            return False
        try:
            catalog.find("network", found[3])
        except StudioError:
            return False
        return True

    def name(self, key: str) -> str:
        plan, exchanged, network = _parts(key)
        part = f" ({exchanged} of its blocks)" if exchanged is not None else ""
        return f"{catalog.find('network', network).name(network)} → {plan.words}{part}"

    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[Body, Anatomy]:
        plan, exchanged, network = _parts(key)
        family: NetworkFamily = catalog.find("network", network)
        whole, _ = family.build(network, shape, classes)
        blocks = whole.blocks if isinstance(whole, Body) else ()
        try:
            check_blocks(blocks, shape, classes)
        except BadBlocks as error:
            raise StudioError(
                "{network} cannot be recast.",
                "It is not made of blocks that follow one another.",
                "Choose a single network of the list.",
                place="network",
                network=family.name(network),
            ) from error
        body = body_of(form_blocks(plan, blocks, exchanged))
        return body, anatomy_of(body)


def _parts(key: str) -> tuple[RecastPlan, int | None, str]:
    found = _KEY.fullmatch(key)
    assert found is not None
    return RecastPlan.parse(found[1]), int(found[2]) if found[2] else None, found[3]


catalog.register("network", RecastFormFamily())
