"""Points that walk to the teacher's boundary, as they are drawn over a plane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QPen

from studio.gui import theme
from studio.gui.views.charts.moments import arrays_of
from studio.gui.views.charts.plot import PlotFrame
from studio.runs.files.history import Moment

#: Above the points, which are at 30: the ring goes around one of them.
HEIGHT = 40
RING, DOT, END = 14, 4, 11
WIDTH = 1.5


@dataclass(frozen=True, eq=False)
class Walks:
    """The walks of a moment: paths (n, steps + 1, 2) that rest at their end."""

    paths: np.ndarray
    taught: bool
    """Whether the run teaches on such samples, or they are only shown."""

    @property
    def starts(self) -> np.ndarray:
        """(n, 2), where they begin."""
        return self.paths[:, 0]

    @property
    def ends(self) -> np.ndarray:
        """(n, 2), where they end."""
        return self.paths[:, -1]

    @property
    def steps(self) -> np.ndarray:
        """(m, 2), every place between beginning and end."""
        inner = self.paths[:, 1:-1]
        return np.asarray(inner[(inner != self.ends[:, None]).any(2)])

    @property
    def segments(self) -> tuple[np.ndarray, np.ndarray]:
        """x and y of the ends of every step, in pairs; resting is no step."""
        a, b = self.paths[:, :-1].reshape(-1, 2), self.paths[:, 1:].reshape(-1, 2)
        pairs = np.stack([a, b], 1)[(a != b).any(1)].reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]


@lru_cache(maxsize=8)
def walks_of(moment: Moment) -> Walks | None:
    """The walks of a moment; None where its snapshot holds none: no teacher, or written before they were drawn."""
    arrays = arrays_of(moment)
    paths = arrays.get("plane/walks/paths")
    if paths is None:
        return None
    return Walks(paths, bool(arrays.get("plane/walks/taught", np.asarray(False))))


class WalkItems:
    """A ring around each base point, a dot for each step, a cross at the end."""

    def __init__(self, plot: PlotFrame) -> None:
        self._paths = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self._rings = pg.ScatterPlotItem(size=RING, pxMode=True, symbol="o")
        self._dots = pg.ScatterPlotItem(size=DOT, pxMode=True, symbol="o")
        self._ends = pg.ScatterPlotItem(size=END, pxMode=True, symbol="x")
        self._items = (self._paths, self._rings, self._dots, self._ends)
        for height, item in enumerate(self._items):
            item.setZValue(HEIGHT + height)
            plot.add_item(item)

    def show(self, walks: Walks | None) -> None:
        """Draw these walks in the colours of the theme in force."""
        if walks is None:
            walks = Walks(np.empty((0, 2, 2)), taught=False)
        colors = theme.current()
        ink, ground = colors.color("text"), colors.color("surface")
        line = QPen(ink, WIDTH)
        line.setCosmetic(True)
        line.setStyle(Qt.PenStyle.SolidLine)
        self._paths.setPen(line)
        self._paths.setData(*walks.segments)
        self._rings.setData(pos=walks.starts, pen=line, brush=QBrush(Qt.BrushStyle.NoBrush))
        self._dots.setData(pos=walks.steps, pen=QPen(Qt.PenStyle.NoPen), brush=ink)
        edge = QPen(ground, 1)
        edge.setCosmetic(True)  # else it grows with the symbol
        self._ends.setData(pos=walks.ends, pen=edge, brush=ink)

    def set_visible(self, visible: bool) -> None:
        """Show or hide them all."""
        for item in self._items:
            item.setVisible(visible)
