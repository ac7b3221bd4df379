"""Colours for values: 256 steps each, the same in light and dark so that pictures can be compared."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
import pyqtgraph as pg

ColormapName = Literal["inferno", "viridis", "difference"]
STEPS = 256

#: From "student looks more" to "teacher looks more", through a neutral middle.
_DIFFERENCE = (
    (0.0, (27, 122, 86)),
    (0.25, (122, 183, 158)),
    (0.5, (246, 246, 244)),
    (0.75, (205, 143, 190)),
    (1.0, (133, 31, 107)),
)


@lru_cache(maxsize=3)
def table(name: ColormapName) -> np.ndarray:
    """A colour map as a table, (256, 3) uint8."""
    if name == "difference":
        at = np.linspace(0, 1, STEPS)
        stops = [position for position, _ in _DIFFERENCE]
        channels = [np.interp(at, stops, [color[i] for _, color in _DIFFERENCE]) for i in range(3)]
        return np.stack(channels, axis=1).round().astype(np.uint8)
    return np.asarray(pg.colormap.get(name).getLookupTable(nPts=STEPS), np.uint8)[:, :3]


@lru_cache(maxsize=3)
def qt_table(name: ColormapName) -> list[int]:
    """The same as Qt takes it: 256 numbers 0xffRRGGBB."""
    r, g, b = table(name).astype(int).T
    return [int(value) for value in 0xFF000000 | r << 16 | g << 8 | b]


def places(values: np.ndarray) -> np.ndarray:
    """Values in [0, 1], clipped, as places in a table: (...) -> (...) uint8."""
    return np.asarray((np.clip(values, 0, 1) * (STEPS - 1)).astype(np.uint8))


def colored(values: np.ndarray, name: ColormapName) -> np.ndarray:
    """Colours for values in [0, 1], clipped: (...) -> (..., 3) uint8."""
    return np.asarray(table(name)[places(values)])
