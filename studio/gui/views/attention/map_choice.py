"""Which maps a person wants to see: where the networks look or what speaks for their answer, and at which taps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from studio.runs.inspect.asked_model import MapQuestion

#: The tap that every snapshot holds.
ENDS = "ends"
#: In their place where the networks are to be asked which other taps they have.
ASK = "ask"
#: Of attention at the other taps there is this kind alone.
INNER_KIND = "sum2"
_NETWORKS = ("student", "teacher")


def has_maps(arrays: Mapping[str, np.ndarray], what: MapQuestion, tap: str = ENDS) -> bool:
    """Whether a snapshot holds maps of a kind at a tap, as :func:`taps_of` names it."""
    beginnings = tuple(_beginning(what, tap, role) for role in _NETWORKS)
    return any(name.startswith(beginnings) for name in arrays)


def taps_of(arrays: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    """The taps beside the ends of the groups that a snapshot holds maps of: "first", "pre", and "block/GROUP" for each group.

    In the order in which they are offered.
    """
    inner = [name.split("/") for name in arrays if name.startswith(("inner/attention/", "inner/grad_cam/"))]
    kinds = [(parts[3], parts[4]) for parts in inner if len(parts) == 5]
    points = [kind for kind in ("first", "pre") if any(kind == found for found, _ in kinds)]
    blocks = dict.fromkeys(f"block/{name.partition('.')[0]}" for kind, name in kinds if kind == "block")
    return (*points, *blocks)


def places_of(arrays: Mapping[str, np.ndarray], what: MapQuestion, tap: str, groups: Sequence[str]) -> tuple[str, ...]:
    """The groups or blocks that have maps at a tap, bottom to top.

    Args:
        groups: of the run, in forward order.
    """
    if tap == ENDS:
        return tuple(groups)
    beginnings = tuple(_beginning(what, tap, role) for role in _NETWORKS)
    found = dict.fromkeys(name.rpartition("/")[2] for name in arrays if name.startswith(beginnings))
    return tuple(sorted(found, key=_in_order))


def array_name(what: MapQuestion, tap: str, role: str, place: str, kind: str) -> str:
    """The array that holds the maps of a network (``role`` "teacher" or "student") at a place.

    Args:
        kind: of attention at the ends of groups, how channels are joined.
    """
    if tap != ENDS:
        return f"inner/{what}/{role}/{tap.partition('/')[0]}/{place}"
    return f"attention/{role}/{place}/{kind}" if what == "attention" else f"grad_cam/{role}/{place}"


def _beginning(what: MapQuestion, tap: str, role: str) -> str:
    if tap == ENDS:
        return f"{what}/{role}/"
    kind, _, group = tap.partition("/")
    return f"inner/{what}/{role}/{kind}/{group}." if group else f"inner/{what}/{role}/{kind}/"


def _in_order(place: str) -> tuple[str, int, int]:
    group, _, block = place.partition(".")
    word = group.rstrip("0123456789")
    number = group[len(word) :]
    return word, int(number or 0), int(block) if block.isdigit() else 0
