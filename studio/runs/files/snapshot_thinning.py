"""Which snapshots to give up when there are too many: those whose loss leaves the smallest gap in time."""

from __future__ import annotations

from collections.abc import Sequence

#: The most snapshots a run keeps.
MOST = 120


def most_dispensable(steps: Sequence[int]) -> int:
    """The index to drop: never the first or the last; the one whose neighbours then stand closest, the oldest of equals.

    Repeated whenever one is too many, this thins a growing row evenly: all gaps but the newest stay within a factor of three.

    Args:
        steps: at least three, ascending.

    Example:
        >>> most_dispensable([0, 10, 20, 25, 40])
        2
    """
    return min(range(1, len(steps) - 1), key=lambda i: steps[i + 1] - steps[i - 1])
