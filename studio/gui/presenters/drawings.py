"""What the small still drawings show, as plain values: data, a network, what a method compares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np

    from studio.methods.base import Compares

NetworkRole = Literal["teacher", "student"]
#: How a run is drawn: in its colour, or as a reference, the teacher dashed and the student alone dotted.
StrokeRole = Literal["run", "teacher", "alone"]


@dataclass(frozen=True, eq=False)
class PictureGrid:
    """Up to nine pictures, uint8 (N, H, W) or (N, H, W, 3)."""

    pictures: np.ndarray


@dataclass(frozen=True, eq=False)
class PointCloud:
    """Points in the plane, (N, 2), and their classes, (N,)."""

    points: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False)
class TableSketch:
    """Some rows of a table, (N, D) with NaN where a value is missing, and their classes, (N,)."""

    values: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class NetworkShape:
    """The ends of the groups, bottom to top, as (side of the map, channels); a side of 1 is a vector.

    ``scale`` in (0, 1] draws a smaller network smaller beside a larger one; see :func:`scale_beside`.
    """

    groups: tuple[tuple[int, int], ...]
    role: NetworkRole
    scale: float = 1.0


@dataclass(frozen=True)
class TreesShape:
    """One tree, or several that vote."""

    role: NetworkRole
    several: bool


@dataclass(frozen=True)
class MethodShape:
    """What a method compares."""

    compares: Compares


Drawing = PictureGrid | PointCloud | TableSketch | NetworkShape | TreesShape | MethodShape


def scale_beside(parameters: int, others: int) -> float:
    """How large to draw a network beside another: 1 for the larger, 0.7 for one four times smaller."""
    if parameters >= others or parameters <= 0:
        return 1.0
    return 1.0 - 0.3 * min(1.0, math.log(others / parameters) / math.log(4))
