"""The networks of ``studio list``: those listed with their sizes, and by a search all others that can be named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from studio import catalog
from studio.cli.output import table
from studio.core.errors import StudioError
from studio.core.format import count, thousands
from studio.networks.base import Input, Network, NetworkFamily
from studio.networks.measure import summarise
from studio.networks.sizes import CLASSES, PICTURES, POINTS

#: Of so many networks of other libraries a search finds, each is built to be measured; of more, published sizes are told.
_MEASURED = 12


def networks(search: str) -> list[dict[str, Any]]:
    """Networks with their parameters and multiplications for one input.

    Args:
        search: empty for those that are listed; else words that must all occur in the name, the family or what is said of
            it. Then those of other libraries are found too, and what is no more than spelt: ``wrn-22-3``.
    """
    if not search.strip():
        return [_measured(family, key) for family, key in _listed()]
    words = search.lower().split()
    found = [pair for pair in (*_listed(), *_further()) if all(word in _told(*pair) for word in words)]
    found += [pair for pair in _spelt(search.strip().lower()) if pair not in found]
    further = [key for family, key in found if key not in family.members()]
    return [
        _measured(family, key) if key in family.members() or len(further) <= _MEASURED else _published(family, key)
        for family, key in found
    ]


def _listed() -> Iterator[tuple[NetworkFamily, str]]:
    yield from ((family, key) for family in catalog.entries("network") for key in family.members())


def _further() -> Iterator[tuple[NetworkFamily, str]]:
    yield from ((family, key) for family in catalog.entries("network") for key in family.searched())


def _spelt(key: str) -> list[tuple[NetworkFamily, str]]:
    """The family that answers to a key which it does not list."""
    try:
        family: NetworkFamily = catalog.find("network", key)
    except StudioError:
        return []
    return [] if family.made_from_teacher else [(family, key)]


def _told(family: NetworkFamily, key: str) -> str:
    """What a search looks through."""
    return f"{key} {family.name(key)} {family.title} {family.words}".lower()


def _facts(family: NetworkFamily, key: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": family.name(key),
        "family": family.title,
        "words": family.words,
        "reads": list(family.reads),
        "input": list(PICTURES if "pictures" in family.reads else POINTS),
        "classes": CLASSES,
    }


def _published(family: NetworkFamily, key: str) -> dict[str, Any]:
    """A network that is not built: its parameters for as many classes as its publisher's, where these are known."""
    return _facts(family, key) | {"classes": None, "parameters": family.known_parameters(key) or None, "macs": None}


def _measured(family: NetworkFamily, key: str) -> dict[str, Any]:
    facts = _facts(family, key)
    shape = tuple(facts["input"])
    zeros, ones = (0.0,) * shape[0], (1.0,) * shape[0]
    try:
        with torch.device("meta"):  # shapes only: no weight is made
            body, anatomy = family.build(key, shape, CLASSES)
            network = Network(key, body, anatomy, Input(shape, zeros, ones), tuple(map(str, range(CLASSES))))
            summary = summarise(network, family.name(key))
    except StudioError as error:
        return facts | {"parameters": None, "macs": None, "problem": str(error)}
    return facts | {"parameters": summary.parameters, "macs": summary.macs}


def show_networks(found: list[dict[str, Any]]) -> str:
    """As a table, and below it how all others are named."""
    head = ("KEY", "PARAMETERS", "MULTIPLICATIONS", "WHAT IT IS")
    rows = [
        (each["key"], count(each["parameters"]), count(each["macs"]), each.get("problem") or each["words"])
        for each in found
    ]
    note = f"Sizes are for colour pictures of {PICTURES[1]} × {PICTURES[2]} (or points) and {CLASSES} classes."
    if any(each["classes"] is None for each in found):
        note += (
            " Of many found those of other libraries are as published: more words find fewer, and these are counted."
        )
    parts = [table(head, rows) if rows else "Nothing is called so.", note, _spellings()]
    return "\n\n".join(parts)


def _spellings() -> str:
    """How members of each family are spelt, with their limits, and how many there are of other libraries."""
    families: list[NetworkFamily] = catalog.entries("network")
    further = {family.title: len(family.searched()) for family in families if family.searched()}
    told = ", ".join(f"{thousands(number)} of {title}" for title, number in further.items())
    lines = [
        "Not only these can be named:",
        *(f"  {family.form}" for family in families if family.form),
        f"  Of other libraries there are {told}: “studio list networks --search resnet18” finds them.",
    ]
    return "\n".join(lines)
