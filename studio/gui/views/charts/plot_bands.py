"""The tinted stretches behind the curves of a plot: the stages of a training, the interval of a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

from studio.gui import theme
from studio.gui.views.charts.overlay import OverlayBand

#: Below everything else that is drawn in a plot.
_DEPTH = -20
_Range = tuple[float, float]


class PlotBands:
    """The bands of one plot.

    Args:
        add_item: puts an item into the plot, in the coordinates of its axes.
    """

    def __init__(self, add_item: Callable[[QGraphicsItem], None]) -> None:
        self._add_item = add_item
        self._items: list[QGraphicsRectItem] = []
        self.bands: tuple[OverlayBand, ...] = ()

    def show_bands(self, bands: Iterable[OverlayBand]) -> None:
        """Have these; :meth:`lay_out` draws them."""
        self.bands = tuple(bands)
        while len(self._items) < len(self.bands):
            item = QGraphicsRectItem()
            item.setZValue(_DEPTH)
            item.setPen(QPen(Qt.PenStyle.NoPen))
            self._add_item(item)
            self._items.append(item)
        for item in self._items[len(self.bands) :]:
            item.setVisible(False)

    def lay_out(self, x: _Range, y: _Range) -> None:
        """Draw them from end to end of these ranges of the axes, in the colours of the theme in force."""
        colors = theme.current()
        (x0, x1), (y0, y1) = x, y
        beyond = 1 + (y1 - y0)
        for item, band in zip(self._items, self.bands, strict=False):
            item.setVisible(True)
            item.setBrush(colors.color("alone_band" if band.lying else "stage_band"))
            if band.lying:
                item.setRect(QRectF(x0, band.begin, x1 - x0, band.end - band.begin))
            else:
                item.setRect(QRectF(band.begin, y0 - beyond, min(band.end, x1) - band.begin, (y1 - y0) + 2 * beyond))
