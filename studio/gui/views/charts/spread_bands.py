"""The spread around a mean curve: a band in a tint of its colour, behind all curves of a plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from studio.gui import theme
from studio.gui.views.charts.overlay import OverlayLine

#: How much of its curve's colour a band has, and how many points it is drawn with at most.
SHARE, MOST_POINTS = 0.2, 300
#: Above stages and intervals, below the grid.
_DEPTH = -15


class SpreadBands:
    """The bands of one plot.

    Args:
        add_item: puts an item into the plot, in the coordinates of its axes.
    """

    def __init__(self, add_item: Callable[[QGraphicsItem], None]) -> None:
        self._add_item = add_item
        self._lines: list[OverlayLine] = []
        self._items: list[QGraphicsPathItem] = []

    def show_lines(self, lines: Sequence[OverlayLine]) -> None:
        """Draw the bands of those lines that have a spread."""
        spread = [line for line in lines if line.spread is not None]
        if not spread and not self._lines:
            return
        self._lines = spread
        while len(self._items) < len(spread):
            item = QGraphicsPathItem()
            item.setZValue(_DEPTH)
            item.setPen(QPen(Qt.PenStyle.NoPen))
            self._add_item(item)
            self._items.append(item)
        for item in self._items[len(spread) :]:
            item.setVisible(False)
        for item, line in zip(self._items, spread, strict=False):
            item.setVisible(True)
            item.setPath(_path(line))
        self.restyle()

    def restyle(self) -> None:
        """Take the colours from the theme in force."""
        colors = theme.current()
        for item, line in zip(self._items, self._lines, strict=False):
            item.setBrush(colors.mixed(line.stroke.color, SHARE))


def _path(line: OverlayLine) -> QPainterPath:
    assert line.spread is not None
    low, high = line.spread
    known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    known = known[np.unique(np.linspace(0, len(known) - 1, MOST_POINTS).astype(int))] if len(known) else known
    path = QPainterPath()
    corners = [(x, y) for x, y in zip(line.x[known], high[known], strict=True)]
    corners += [(x, y) for x, y in zip(line.x[known][::-1], low[known][::-1], strict=True)]
    path.addPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in corners]))
    return path
