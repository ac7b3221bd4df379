"""Names at lines: where each finds room without covering another name or a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Pixels between a line and its name.
GAP = 3.0
#: What it costs to cover a whole name, to cross a line, and to move away by one pixel.
COVERING, CROSSING, MOVING = 1000.0, 40.0, 0.6


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, y downwards."""

    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: Box) -> float:
        """The shared part of this rectangle, 0..1."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, across) * max(0.0, down) / (self.width * self.height)


@dataclass(frozen=True)
class Name:
    """A name to be placed: its size, the line it belongs to, and where along that line.

    ``line`` is the line in pixels, x and y; ``x`` is the left edge the name would like to have.
    """

    width: float
    height: float
    x: float
    line: tuple[np.ndarray, np.ndarray]


def place(names: Sequence[Name], lines: Sequence[tuple[np.ndarray, np.ndarray]], room: Box) -> list[Box]:
    """Place names one after the other, each where it costs least; the earlier have the first choice.

    Args:
        names: what is to be placed.
        lines: all lines in pixels, (n,) x ascending and (n,) y each.
        room: where names may stand.
    """
    placed: list[Box] = []
    for name in names:
        boxes = _candidates(name, room)
        costs = [_cost(box, home, placed, lines) for box, home in boxes]
        placed.append(boxes[int(np.argmin(costs))][0])
    return placed


def _candidates(name: Name, room: Box) -> list[tuple[Box, float]]:
    """Boxes above and below the line, nearest first, each with how far from the line it is."""
    x = min(max(name.x, room.x), room.x + room.width - name.width)
    there = _heights(name.line, x, name.width)
    above, below = float(there.min()) - GAP - name.height, float(there.max()) + GAP
    found = []
    for k in range(6):
        for y in (above - k * name.height * 0.75, below + k * name.height * 0.75):
            inside = min(max(y, room.y), room.y + room.height - name.height)
            found.append((Box(x, inside, name.width, name.height), k * name.height * 0.75))
    return found


def _cost(box: Box, home: float, placed: list[Box], lines: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    cost = MOVING * home + COVERING * sum(box.overlap(other) for other in placed)
    for line in lines:
        there = _heights(line, box.x, box.width)
        if len(there):
            cost += CROSSING * float(np.mean((there > box.y - 1) & (there < box.y + box.height + 1)))
    return cost


def _heights(line: tuple[np.ndarray, np.ndarray], x: float, width: float) -> np.ndarray:
    """The line's y at some places between x and x + width; beyond its ends its end values."""
    at = np.linspace(x, x + width, 9)
    xs, ys = line
    inside = at[(at >= xs[0]) & (at <= xs[-1])] if len(xs) else at[:0]
    return np.asarray(np.interp(inside if len(inside) else at[:1], xs, ys)) if len(xs) else np.empty(0)
