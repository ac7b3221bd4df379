"""The taps between the ends of the groups, and which of the teacher's stands beside which of the student's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.networks.base import Network, TapKind
from studio.networks.taps import TapPoint

#: Blocks of one group that are shown, evenly chosen where there are more: what is kept stays bounded.
MOST_BLOCKS = 4


@dataclass(frozen=True)
class InnerPlace:
    """A place of the student and its counterpart.

    Attributes:
        name: as arrays carry it: the kind of the tap, and the student's group or block.
        teacher: None where there is no teacher, or it has no such place.
    """

    name: str
    student: TapPoint
    teacher: TapPoint | None


def inner_places(
    student: Network, teacher: Network | None, pairs: tuple[tuple[str | None, str], ...]
) -> tuple[InnerPlace, ...]:
    """Of every pair of groups, bottom to top: the point before the ReLU, the first layer, the blocks before the last.

    A block stands beside the teacher's block at the same share of its group's depth.

    Args:
        pairs: (teacher group or None, student group).
    """
    found: list[InnerPlace] = []
    for theirs, ours in pairs:
        for kind in _POINTS:
            if _has(student, ours, kind):
                known = teacher is not None and theirs is not None and _has(teacher, theirs, kind)
                found.append(_place(TapPoint(ours, kind), TapPoint(theirs, kind) if known and theirs else None))
        blocks = _blocks(student, ours)
        others = [] if teacher is None or theirs is None else _blocks(teacher, theirs)
        for index in _evenly(len(blocks) - 1):
            beside = TapPoint(others[_at_share(index, len(blocks), len(others))], "block") if others else None
            found.append(_place(TapPoint(blocks[index], "block"), beside))
    return tuple(found)


_POINTS: tuple[TapKind, ...] = ("first", "pre")


def _place(student: TapPoint, teacher: TapPoint | None) -> InnerPlace:
    return InnerPlace(f"{student.kind}/{student.group}", student, teacher)


def _has(network: Network, group: str, kind: TapKind) -> bool:
    tap = network.anatomy.tap(group)
    return (tap.first if kind == "first" else tap.pre) is not None


def _blocks(network: Network, group: str) -> list[str]:
    return [block.name for block in network.blocks if block.group == group]


def _evenly(count: int) -> list[int]:
    """Up to :data:`MOST_BLOCKS` of the first ``count`` numbers, the ends among them."""
    if count <= 0:
        return []
    return sorted({round(float(i)) for i in np.linspace(0, count - 1, min(count, MOST_BLOCKS))})


def _at_share(index: int, count: int, others: int) -> int:
    """Of ``others`` the one that ends where number ``index`` of ``count`` does, or next above it."""
    return -(-(index + 1) * others // count) - 1
