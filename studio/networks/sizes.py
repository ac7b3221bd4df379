"""The sizes of catalogue networks without building them, and those that lie between two."""

from __future__ import annotations

import math
import re
from functools import lru_cache

import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.networks.base import NetworkFamily

#: Sizes are compared for colour pictures of this size and so many classes, those for points on two coordinates.
PICTURES, POINTS, CLASSES = (3, 32, 32), (2,), 10


@lru_cache(maxsize=4096)  # more than the catalogue lists: one who looks for sizes in between asks for all of a family
def parameter_count(key: str) -> int:
    """Parameters of a catalogue network for colour pictures of 32 × 32 pixels (or points) and ten classes.

    Raises:
        StudioError: nothing answers to ``key``, or it cannot read such inputs.
    """
    family: NetworkFamily = catalog.find("network", key)
    shape = PICTURES if "pictures" in family.reads else POINTS
    with torch.random.fork_rng(devices=[]), torch.device("meta"):  # shapes only: no weight is made
        body, _ = family.build(key, shape, CLASSES)
    return sum(parameter.numel() for parameter in body.parameters())


def sizes_between(large: str, small: str, count: int) -> tuple[str, ...]:
    """Listed networks of the family of ``small`` that lie between two in size, from large to small.

    Each is the one nearest, on a logarithmic scale, to the place that divides the way evenly; of those that differ from
    ``small`` by numbers alone where there are enough of them, so that shortcuts and blocks stay what they are.

    Args:
        large: catalogue key of the larger network, of any family.
        small: of the smaller one.
        count: how many are wanted; fewer are found where the family lists fewer.
    """
    family: NetworkFamily = catalog.find("network", small)
    top, bottom = math.log(parameter_count(large)), math.log(parameter_count(small))
    listed = {key: math.log(size) for key in family.members() if (size := _listed_size(key))}
    room = {key: size for key, size in listed.items() if bottom < size < top and key not in (large, small)}
    alike = {key: size for key, size in room.items() if _spelling(key) == _spelling(small)}
    if len(alike) >= count:
        room = alike
    found: list[str] = []
    for number in range(1, count + 1):
        wanted = top + (bottom - top) * number / (count + 1)
        away = {key: abs(size - wanted) for key, size in room.items() if key not in found}
        if away:
            found.append(min(away, key=away.__getitem__))
    return tuple(sorted(found, key=lambda key: -room[key]))


def _spelling(key: str) -> str:
    """A key without its numbers."""
    return re.sub(r"\d+(\.\d+)?", "#", key)


def _listed_size(key: str) -> int:
    """Parameters of a listed network; 0 of one that cannot read the inputs sizes are compared on."""
    try:
        return parameter_count(key)
    except StudioError:
        return 0
