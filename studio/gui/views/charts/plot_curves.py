"""The curves of a plot: as many points as can be seen, in items that are made once and fed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QGraphicsItem

from studio.gui.views.charts.curve_thinning import LIMIT, thin
from studio.gui.views.charts.overlay import OverlayLine
from studio.gui.views.charts.strokes import make_pen

#: With more lines than this they are thin, so that they can be told apart, and of fewer points each.
CROWDED = 12
#: What a curve was drawn of: the most points, how many it has, and its ends.
_Extent = tuple[float, ...]


class PlotCurves:
    """The curves of one plot. What has not changed is not drawn again; the items of curves that are gone draw others.

    Args:
        add_item: puts an item into the plot, in the coordinates of its axes.
    """

    def __init__(self, add_item: Callable[[QGraphicsItem], None]) -> None:
        self._add_item = add_item
        self._lines: dict[str, OverlayLine] = {}
        self._items: dict[str, pg.PlotCurveItem] = {}
        self._spare: list[pg.PlotCurveItem] = []
        self._extents: dict[str, _Extent] = {}

    @property
    def lines(self) -> tuple[OverlayLine, ...]:
        """The curves as they are drawn, thinned."""
        return tuple(self._lines.values())

    def show_lines(self, lines: Sequence[OverlayLine], width: int) -> bool:
        """Draw these, first lowest; where y is NaN they have a gap. Returns whether something is another now.

        Args:
            width: of the plot, in pixels.
        """
        gone = self._lines.keys() - {line.key for line in lines}
        for key in gone:
            self._take_away(key)
        changed = bool(gone) or [line.key for line in lines] != list(self._lines)
        # two points for every two pixels of a line two pixels wide
        limit = min(LIMIT, max(200, width))
        if len(lines) > CROWDED:
            limit = max(100, min(limit, CROWDED * limit // len(lines)))
            lines = [_narrowed(line) for line in lines]
        shown: dict[str, OverlayLine] = {}
        for order, line in enumerate(lines):
            item, before = self._item(line.key), self._lines.get(line.key)
            item.setZValue(order)
            item.setVisible(True)
            if before is None or before.stroke != line.stroke:
                item.setPen(make_pen(line.stroke))
            # curves only grow or are cut: their length and ends tell whether they are the same, at a thousandth of the cost
            extent = (limit, len(line.x), *line.x[-1:], *line.y[:1], *line.y[-1:])
            if before is None or extent != self._extents[line.key]:
                x, y = _fed(item, line, limit)
                self._extents[line.key] = extent
                changed = True
            else:
                x, y = before.x, before.y
            changed = changed or before != line
            shown[line.key] = replace(line, x=x, y=y)
        self._lines = shown
        return changed

    def restyle(self) -> None:
        """Take the colours from the theme in force."""
        for key, line in self._lines.items():
            self._items[key].setPen(make_pen(line.stroke))

    def _take_away(self, key: str) -> None:
        item = self._items.pop(key)
        del self._extents[key]
        item.setVisible(False)
        item.setData(np.empty(0), np.empty(0))
        self._spare.append(item)

    def _item(self, key: str) -> pg.PlotCurveItem:
        if key not in self._items:
            if not self._spare:
                self._spare.append(pg.PlotCurveItem(skipFiniteCheck=True))
                self._add_item(self._spare[-1])
            self._items[key] = self._spare.pop()
        return self._items[key]


def _fed(item: pg.PlotCurveItem, line: OverlayLine, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """The points an item has been given of a line, ``limit`` at most."""
    x, y = thin(line.x, line.y, limit)
    x, y = np.array(x), np.array(y)  # the history's arrays grow in place
    # a dash begins anew with every segment: a dashed curve is one path, the faster segments are for the rest
    item.setSegmentedLineMode("off" if line.stroke.dashed and len(x) > 2 else "on")
    whole = bool(np.isfinite(y).all())
    item.setData(x, y, connect="all" if whole else "finite", skipFiniteCheck=whole)
    return x, y


def _narrowed(line: OverlayLine) -> OverlayLine:
    """A line among many: thin, unless it is the one in question or a reference."""
    if line.bold or line.stroke.role != "run":
        return line
    return replace(line, stroke=replace(line.stroke, width=1.0))
