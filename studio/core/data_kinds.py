"""The kinds of data and what can be done with each: what asks for a kind asks for a capability instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DataKind = Literal["pictures", "points", "table"]


@dataclass(frozen=True)
class Capabilities:
    """What a kind of data offers.

    Attributes:
        noun: what several of its examples are called.
        has_maps: an example has places beside each other, so that it can be drawn, cropped and mirrored.
        is_planar: an example of two numbers is a place in the plane.
        has_columns: the numbers of an example have names and kinds, and some may be missing.
    """

    noun: str
    has_maps: bool = False
    is_planar: bool = False
    has_columns: bool = False


CAPABILITIES: dict[DataKind, Capabilities] = {
    "pictures": Capabilities("pictures", has_maps=True),
    "points": Capabilities("points", is_planar=True),
    "table": Capabilities("rows", has_columns=True),
}


def capabilities(kind: str) -> Capabilities:
    """Of the kind a file or an event names; those of pictures, the first there was, where it names none that is known."""
    return next((offered for name, offered in CAPABILITIES.items() if name == kind), CAPABILITIES["pictures"])
