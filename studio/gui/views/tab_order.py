"""The order of the tabs, those that are not shown just now among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def whole_order(kept: Iterable[int], count: int) -> list[int]:
    """All numbers below ``count`` in the order that was kept; a new one stands behind the one it follows by number.

    Example:
        >>> whole_order([2, 0, 3], 5)  # 1 is new, and 4
        [2, 0, 1, 3, 4]
    """
    order = [number for number in dict.fromkeys(kept) if 0 <= number < count]
    for number in range(count):
        if number not in order:
            order.insert(order.index(number - 1) + 1 if number else 0, number)
    return order


def moved_beside(order: Sequence[int], shown: Sequence[int], place: int) -> list[int]:
    """The whole order once one of the shown was moved: it stands beside its new neighbour, all others stay.

    Args:
        order: before.
        shown: those that have a tab, as they stand now.
        place: where among them the one that was moved is.

    Example:
        >>> moved_beside([0, 1, 2, 3], [3, 0, 2], 0)  # 1 has no tab
        [3, 0, 1, 2]
    """
    moved = shown[place]
    found = [number for number in order if number != moved]
    if place:
        found.insert(found.index(shown[place - 1]) + 1, moved)
    elif len(shown) > 1:
        found.insert(found.index(shown[1]), moved)
    else:
        return list(order)
    return found
