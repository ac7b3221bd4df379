"""Names at lines: where each finds room without covering another name or a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Pixels between a line and its name.
GAP = 3.0
#: What it costs to cover a whole name, to cross a line, and to move away by one pixel.
COVERING, CROSSING, MOVING = 1000.0, 60.0, 0.3
#: How many places above and below are tried, each three quarters of a name further.
PLACES = 14
#: At so many places across the room the heights of lines are looked up.
COLUMNS = 256
_PLACES = np.linspace(0.0, 1.0, 9)


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
class LineName:
    """A name to be placed: its size, the line it belongs to, and where along that line.

    ``line`` is the line in pixels, x and y; ``x`` is the left edge the name would like to have.
    """

    width: float
    height: float
    x: float
    line: tuple[np.ndarray, np.ndarray]


def place(names: Sequence[LineName], lines: Sequence[tuple[np.ndarray, np.ndarray]], room: Box) -> list[Box]:
    """Place names one after the other, each where it costs least; the earlier have the first choice.

    Args:
        names: what is to be placed.
        lines: all lines in pixels, (n,) x ascending and (n,) y each.
        room: where names may stand.
    """
    placed: list[Box] = []
    columns = np.linspace(room.x, room.x + room.width, COLUMNS)
    heights = np.array([np.interp(columns, *line, left=np.nan, right=np.nan) for line in lines if len(line[0])])
    for name in names:
        x = min(max(name.x, room.x), room.x + room.width - name.width)
        tops, moved = _tops(name, x, room)
        at = np.round((x + name.width * _PLACES - room.x) / room.width * (COLUMNS - 1)).astype(int)
        there = heights[:, np.clip(at, 0, COLUMNS - 1)] if len(heights) else np.empty((0, len(at)))
        best = np.argmin(
            MOVING * moved + CROSSING * _crossing(tops, name, there) + COVERING * _covering(tops, name, x, placed)
        )
        placed.append(Box(x, float(tops[best]), name.width, name.height))
    return placed


def _crossing(tops: np.ndarray, name: LineName, there: np.ndarray) -> np.ndarray:
    """How much a name at each of ``tops`` would cross lines: the sum of the shares of their heights that lie within it.

    Args:
        there: the heights of the lines at a few places below or above the name, (lines, places); NaN beyond their ends.
    """
    inside = (there > tops[:, None, None] - 1) & (there < tops[:, None, None] + name.height + 1)
    known = np.maximum(np.isfinite(there).sum(axis=1), 1)
    return np.asarray((inside.sum(axis=2) / known).sum(axis=1))


def _covering(tops: np.ndarray, name: LineName, x: float, placed: Sequence[Box]) -> np.ndarray:
    """How much of a name at each of ``tops`` would lie over the names that are placed: the sum of :meth:`Box.overlap`."""
    lefts, uppers, widths, heights = np.array([[b.x, b.y, b.width, b.height] for b in placed]).reshape(-1, 4).T
    across = np.minimum(x + name.width, lefts + widths) - np.maximum(x, lefts)
    down = np.minimum(tops[:, None] + name.height, uppers + heights) - np.maximum(tops[:, None], uppers)
    shared = np.clip(across, 0, None) * np.clip(down, 0, None)
    return np.asarray(shared.sum(axis=1) / (name.width * name.height))


def distance(box: Box, line: tuple[np.ndarray, np.ndarray]) -> float:
    """Pixels between a box and what runs of a line above or below it; 0 where it crosses the box."""
    there = _heights(line, box.x, box.width)
    if not len(there):
        return 0.0
    return float(np.clip(np.maximum(box.y - there, there - box.y - box.height), 0, None).min())


def _tops(name: LineName, x: float, room: Box) -> tuple[np.ndarray, np.ndarray]:
    """Upper edges above and below the line, nearest first, and how far each is from the line."""
    there = _heights(name.line, x, name.width)
    moved = np.arange(PLACES) * name.height * 0.75
    tops = np.stack([there.min() - GAP - name.height - moved, there.max() + GAP + moved], axis=1).ravel()
    return np.clip(tops, room.y, max(room.y, room.y + room.height - name.height)), np.repeat(moved, 2)


def _heights(line: tuple[np.ndarray, np.ndarray], x: float, width: float) -> np.ndarray:
    """The line's y at some places between x and x + width; beyond its ends its end values; nothing for no line."""
    xs, ys = line
    if not len(xs):
        return np.empty(0)
    at = x + width * _PLACES
    inside = at[(at >= xs[0]) & (at <= xs[-1])]
    return np.asarray(np.interp(inside if len(inside) else at[:1], xs, ys))
