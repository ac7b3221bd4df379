"""The outlines of ten shapes as functions of place: negative inside, zero on the edge, about the distance outside.

Each takes x and y (same shape, y upwards, the shape about the origin) and all cover about the area of the unit circle,
so that size does not tell the classes apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Silhouette = Callable[[Floats, Floats], Floats]


def circle(x: Floats, y: Floats) -> Floats:
    """Radius 1."""
    edge: Floats = np.hypot(x, y) - 1
    return edge


def ring(x: Floats, y: Floats) -> Floats:
    """A circle with a hole of 0.55 of its radius."""
    edge: Floats = np.abs(np.hypot(x, y) - 0.93) - 0.27
    return edge


def crescent(x: Floats, y: Floats) -> Floats:
    """A circle from which another, a little aside, is cut."""
    edge: Floats = np.maximum(np.hypot(x, y) - 1.2, 0.95 - np.hypot(x - 0.65, y))
    return edge


def heart(x: Floats, y: Floats) -> Floats:
    """A square on its corner with half circles on its upper sides."""
    x, y, half = np.abs(x), y + 0.18, 0.95
    square = (x + np.abs(y) - half) / math.sqrt(2)
    edge: Floats = np.minimum(square, np.hypot(x - half / 2, y - half / 2) - half / math.sqrt(2))
    return edge


def cross(x: Floats, y: Floats) -> Floats:
    """Two bars at right angles."""
    x, y = np.abs(x), np.abs(y)
    long, short = np.maximum(x, y), np.minimum(x, y)
    return np.maximum(long - 1.2, short - 0.4)


def star(x: Floats, y: Floats) -> Floats:
    """Five points."""
    tip, notch = 1.45, 0.68
    angle = np.arctan2(x, y) % (2 * math.pi / 5)
    angle = np.minimum(angle, 2 * math.pi / 5 - angle)  # from the nearest tip, 0 to 36 degrees
    along, across = np.hypot(x, y) * np.cos(angle), np.hypot(x, y) * np.sin(angle)
    down, out = tip - notch * math.cos(math.pi / 5), notch * math.sin(math.pi / 5)
    return ((along - tip) * out + across * down) / math.hypot(out, down)


def polygon(corners: int) -> Silhouette:
    """A regular polygon of the area of the unit circle, a corner upwards."""
    sector = 2 * math.pi / corners
    inner = math.sqrt(math.pi / (corners * math.tan(sector / 2)))

    def outline(x: Floats, y: Floats) -> Floats:
        angle = np.arctan2(x, y) % sector - sector / 2
        return np.hypot(x, y) * np.cos(angle) - inner

    return outline


#: Class name to outline, in order of the labels.
SILHOUETTES: dict[str, Silhouette] = {
    "circle": circle,
    "crescent": crescent,
    "cross": cross,
    "heart": heart,
    "hexagon": polygon(6),
    "pentagon": polygon(5),
    "ring": ring,
    "square": polygon(4),
    "star": star,
    "triangle": polygon(3),
}
