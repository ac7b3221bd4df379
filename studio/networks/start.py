"""Weights that a network begins with instead of random ones: those of another that has the same layers, up to the classifier."""

from __future__ import annotations

import torch

from studio.core.errors import StudioError
from studio.core.message import Text, text
from studio.networks.base import Network
from studio.networks.titles import network_title

#: The most layers that a refusal names.
_NAMED = 3


def begin_with(network: Network, start: Network) -> Text | None:
    """Give ``network`` the weights and statistics of ``start``.

    Its classifier begins with those of the classes that both name, where it sees the same numbers; else it keeps its own
    start. So it does behind a cut, where it stands on another layer. What ``start`` has beyond it is left out.

    Returns:
        What a person is told of a classifier that begins anew; None where it does not.

    Raises:
        StudioError: as :func:`refuse_start`.
    """
    own, given = network.state_dict(), start.state_dict()
    free = _of_classifier(network, start)
    network.load_state_dict({**own, **{name: given[name] for name in refuse_start(network, start)}})
    return _begin_classifier(network, start, free)


def refuse_start(network: Network, start: Network) -> list[str]:
    """Refuse what ``network`` cannot begin with; values of weights are not looked at.

    Returns:
        The names of the tensors that it would take from ``start``.

    Raises:
        StudioError: a layer before the classifier is missing in ``start``, or has another size there.
    """
    own, given = network.state_dict(), start.state_dict()
    free = _of_classifier(network, start)
    # each side normalises its own data
    needed = [name for name in own if name not in free and not name.startswith("input.")]
    strange = [name for name in needed if name not in given or given[name].shape != own[name].shape]
    if strange:
        raise StudioError(
            "{network} cannot begin with these weights.",
            "They are of {start}; these layers differ: {layers}.",
            "Choose a file or a run of the same network, or let the student begin with random weights.",
            place="student.init",
            network=network_title(network.key),
            start=network_title(start.key),
            layers=", ".join(name.removeprefix("body.") for name in strange[:_NAMED])
            + (", ..." if len(strange) > _NAMED else ""),
        )
    return needed


def _of_classifier(network: Network, start: Network) -> set[str]:
    """The tensors of its classifier, which may begin anew."""
    head = f"body.{network.anatomy.head}."
    return {name for name in network.state_dict() if name.startswith(head) or _of_head_of_a_cut(network, start, name)}


def _of_head_of_a_cut(network: Network, start: Network, name: str) -> bool:
    """Whether a tensor belongs to the last block of a network that is shorter than the one its weights come from."""
    shorter = bool(network.blocks) and len(network.blocks) < len(start.blocks)
    return shorter and not name.startswith("input") and network.block_of(name) == len(network.blocks) - 1


def _begin_classifier(network: Network, start: Network, free: set[str]) -> Text | None:
    own, given = network.state_dict(), start.state_dict()
    if set(network.classes) != set(start.classes):
        return text("The classifier begins anew: the weights are of a network that names other classes.")
    if any(name not in given or given[name].shape != own[name].shape for name in free) or len(network.blocks) < len(
        start.blocks
    ):
        return text("The classifier begins anew: it stands on another layer.")
    order = torch.tensor([start.classes.index(name) for name in network.classes])
    network.load_state_dict({**own, **{name: given[name].index_select(0, order) for name in free}})
    return None
