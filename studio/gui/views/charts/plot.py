"""The frame all curves are drawn in: axes, grid, stage bands, the moment's line, names at the lines.

Importing this module imports pyqtgraph (0.3 s) and sets its options for the whole program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsItem, QGraphicsView, QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides, guard_library
from studio.gui.views.charts.line_names import PlacedName, column_width
from studio.gui.views.charts.overlay import Overlay, OverlayBand, OverlayLine
from studio.gui.views.charts.plot_bands import PlotBands
from studio.gui.views.charts.plot_curves import PlotCurves
from studio.gui.views.charts.readout import Readout
from studio.gui.views.charts.spread_bands import SpreadBands
from studio.gui.views.charts.ticks import linear_ticks, log_ticks

# Width 2 with antialiasing costs 443 ms a repaint for 6 x 2000 points, without it and in segments 14 ms.
pg.setConfigOptions(antialias=False, segmentedLineMode="on", imageAxisOrder="row-major", useOpenGL=False)
guard_library("pyqtgraph")

#: The range of an axis is drawn this much wider, or labels at its very ends are lost.
WIDER = 0.006
#: Pixels at the right of the curves where no names stand.
RIGHT = 12


class PlotFrame(GuardedOverrides, pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot that is told what to show as values, and changes only what is different.

    Made of a view box and two axes: pyqtgraph's own plot brings menus of forty widgets that nobody ever sees.

    Args:
        log_y: y is a decimal logarithm and ticks are powers of ten.
        left: least room for the labels of the y axis in pixels; the same in plots above each other.
        x_labels: whether the x axis has labels.
        unit: of the values, told with the one under the pointer.
        interactive: whether the mouse moves and zooms; else a click picks a moment.
    """

    picked = Signal(float)
    """The x a person clicked at or dragged to."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        log_y: bool = False,
        left: int = 32,
        x_labels: bool = True,
        unit: str = "",
        interactive: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has no use for keys, and would not show that it gets them
        self.enableMouse(False)
        self.log_y = log_y
        self._interactive = interactive
        self._overlay = Overlay()
        self._moment: float | None = None
        self._note = ""
        self._names_room = (0.0, False)
        self._aligned: tuple[PlotFrame, ...] = ()
        self.readout = Readout(unit)
        self._x_range, self._y_range = (0.0, 1.0), (0.0, 1.0)
        self._make_scene()
        self._grid = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self._grid.setZValue(-10)
        self.add_item(self._grid)
        self._bands = PlotBands(self.add_item)
        self._spreads = SpreadBands(self.add_item)
        self._curves = PlotCurves(self.add_item)
        self.setFrameShape(self.Shape.NoFrame)
        # names and the moment's line are painted over the scene, so a change anywhere repaints all of it
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self._left = left
        self.viewport().setMouseTracking(True)
        self.box.sigRangeChanged.connect(self._on_range_changed)
        self.set_x_labels(x_labels)
        theme.notifier().changed.connect(self.restyle)
        self.restyle()

    def _make_scene(self) -> None:
        """The view box, with an axis at its left and one below."""
        whole, grid = pg.GraphicsWidget(), QGraphicsGridLayout()
        self._whole = whole
        grid.setContentsMargins(1, 1, 1, 1)
        grid.setSpacing(0)
        whole.setLayout(grid)
        whole.setContentsMargins(0, 4, RIGHT, 0)
        #: What curves are drawn in, and what scales them.
        self.box = pg.ViewBox(parent=whole, enableMenu=False)
        self.box.disableAutoRange()
        self.box.setMouseEnabled(self._interactive, self._interactive)
        grid.addItem(self.box, 0, 1)
        grid.setRowStretchFactor(0, 100)
        grid.setColumnStretchFactor(1, 100)
        self._axes = {}
        for side, place in (("left", (0, 0)), ("bottom", (1, 1))):
            axis = self._axes[side] = pg.AxisItem(side, parent=whole)
            axis.setStyle(tickLength=0, hideOverlappingLabels=False, tickTextOffset=5, autoExpandTextSpace=False)
            axis.setZValue(0.5)
            axis.setFlag(axis.GraphicsItemFlag.ItemNegativeZStacksBehindParent)
            axis.linkToView(self.box)
            grid.addItem(axis, *place)
        self.setCentralItem(whole)

    def add_item(self, item: QGraphicsItem) -> None:
        """Draw an item in the coordinates of the axes."""
        self.box.addItem(item, ignoreBounds=True)

    # --- what is shown -----------------------------------------------------------------------------------------------

    def set_ranges(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """The stretch of both axes; y is a logarithm where ``log_y``."""
        if (x, y) == (self._x_range, self._y_range):
            return
        self._x_range, self._y_range = x, y
        wide_x, wide_y = (x[1] - x[0]) * WIDER, (y[1] - y[0]) * WIDER
        self.box.setRange(xRange=(x[0] - wide_x, x[1] + wide_x), yRange=(y[0] - wide_y, y[1] + wide_y), padding=0)
        self._lay_out()

    def set_x_labels(self, shown: bool) -> None:
        """Whether the x axis has labels; of plots above each other only the lowest needs them."""
        if getattr(self, "_x_labels", None) != shown:
            self._x_labels = shown
            self._axes["bottom"].setHeight(theme.scaled(20 if shown else 8))  # half a label of the y axis hangs below
            self._lay_out()

    def set_bands(self, bands: Iterable[OverlayBand]) -> None:
        """The tinted stretches behind the curves."""
        self._bands.show_bands(bands)
        self._lay_out_bands()

    def align_with(self, *others: PlotFrame) -> None:
        """Leave as much room for names as plots above or below need, so that all of their x axes agree."""
        self._aligned = others

    def set_moment(self, x: float | None) -> None:
        """Where the upright line of the time slider stands; None for none."""
        if x != self._moment:
            self._moment = x
            self.viewport().update()

    def set_lines(self, lines: Sequence[OverlayLine]) -> None:
        """The curves, first drawn lowest; where y is NaN they have a gap."""
        self._spreads.show_lines(lines)
        if self._curves.show_lines(lines, self.viewport().width()):
            for plot in (self, *self._aligned):
                plot._make_room_for_names()
            self.viewport().update()

    def set_note(self, words: str) -> None:
        """A sentence in the middle of the plot, where there is nothing to draw yet; none if empty."""
        if words != self._note:
            self._note = words
            self.viewport().update()

    @property
    def lines(self) -> tuple[OverlayLine, ...]:
        """The curves as they are drawn, thinned."""
        return self._curves.lines

    @property
    def moment(self) -> float | None:
        """Where the upright line stands."""
        return self._moment

    @property
    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The stretch of x and y that was asked for."""
        return self._x_range, self._y_range

    def restyle(self) -> None:
        """Take all colours from the theme in force."""
        colors = theme.current()
        self.setBackground(colors.color("surface"))
        for side, axis in self._axes.items():
            axis.setPen(pg.mkPen(colors.color("button_border" if side == "bottom" else "surface"), width=1))
            axis.setTextPen(colors.color("text3"))
            axis.setStyle(tickFont=theme.font("axis"))
        self._axes["bottom"].setHeight(theme.scaled(20 if self._x_labels else 8))
        self._grid.setPen(pg.mkPen(colors.color("grid"), width=1))
        self._curves.restyle()
        self._spreads.restyle()
        self._lay_out_bands()
        self.viewport().update()

    @property
    def names(self) -> tuple[PlacedName, ...]:
        """The names of the curves as they were painted last."""
        return self._overlay.names

    def words_at(self, x: float, y: float) -> str:
        """What is told where the pointer rests, in pixels of the widget: whose curve is near, and what it has there."""
        return self.readout.words_at((x, y), self.area(), self.to_pixels, self.lines, self.log_y)

    # --- laying out --------------------------------------------------------------------------------------------------

    def _make_room_for_names(self) -> None:
        """A column beside the curves for their names, where they have any."""
        lines = [line for plot in (self, *self._aligned) for line in plot.lines if line.label]
        wanted = [(line.stroke, line.label, line.brief, line.bold) for line in lines]
        names = column_width(wanted, self.viewport().width() - self._left)
        if names != self._names_room:
            self._names_room = names
            self._whole.setContentsMargins(0, 4, max(names[0], RIGHT), 0)
            self._whole.layout().activate()
            self._lay_out()

    def _on_range_changed(self) -> None:
        if self._interactive:
            (x0, x1), (y0, y1) = self.box.viewRange()
            self._x_range, self._y_range = (x0, x1), (y0, y1)
            self._lay_out()

    def _lay_out(self) -> None:
        """Ticks and grid for the range and the size the plot has now."""
        (x0, x1), (y0, y1) = self._x_range, self._y_range
        area = self.area()
        y_ticks = log_ticks(y0, y1, area.height()) if self.log_y else linear_ticks(y0, y1, area.height(), spacing=36.0)
        x_ticks = linear_ticks(x0, x1, area.width(), spacing=52.0) if self._x_labels else []
        # the axis leaves out a label that is wider than its room
        metrics = QFontMetricsF(theme.font("axis"))
        widest = max((metrics.horizontalAdvance(words) for _, words in y_ticks), default=0.0)
        self._axes["left"].setWidth(max(self._left, round(widest) + 9))
        self._axes["left"].setTicks([y_ticks])
        self._axes["bottom"].setTicks([x_ticks])
        ys = np.repeat([y for y, _ in y_ticks], 2)
        self._grid.setData(np.tile([x0, x1], len(y_ticks)), ys)
        self._lay_out_bands()

    def _lay_out_bands(self) -> None:
        self._bands.lay_out(self._x_range, self._y_range)

    def area(self) -> QRectF:
        """Where curves are drawn, in pixels of the widget."""
        return QRectF(self.box.sceneBoundingRect())

    def to_pixels(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels of the widget for values of the axes."""
        area = self.area()
        (x0, x1), (y0, y1) = self.box.viewRange()
        return (
            area.left() + (x - x0) / (x1 - x0) * area.width(),
            area.bottom() - (y - y0) / (y1 - y0) * area.height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The scene, and over it the moment's line, dots, markers and names."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        area, names = self.area(), self._names_room
        painter.setClipRect(area.adjusted(0, -4, max(names[0], RIGHT), 4))
        self._overlay.paint(
            painter, area, self.to_pixels, self.lines, self._bands.bands, self._moment, self._note, names
        )
        self.readout.paint(painter, area, self.to_pixels, self.lines, self.log_y)
        painter.end()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        super().leaveEvent(event)
        self._point_at(None)

    # --- Qt's own ----------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Small: a plot's own hint of 600 x 480 would be taken for the least height beside wrapped labels."""
        return QSize(160, 60)

    def minimumSizeHint(self) -> QSize:
        """As small as the labels allow."""
        return QSize(80, 40)

    def resizeEvent(self, event: QEvent) -> None:
        """Ticks depend on the room there is."""
        super().resizeEvent(event)
        if hasattr(self, "_x_labels"):
            self._make_room_for_names()
            self._lay_out()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A plot that does not zoom leaves the wheel to the scroll area it stands in."""
        if self._interactive:
            super().wheelEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click picks a moment."""
        super().mousePressEvent(event)
        self._pick(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragging picks moments; what is pointed at is told."""
        super().mouseMoveEvent(event)
        self._pick(event)
        self._point_at((event.position().x(), event.position().y()))

    def _point_at(self, pointer: tuple[float, float] | None) -> None:
        if self.readout.move(pointer):
            self.viewport().update()

    def _pick(self, event: QMouseEvent) -> None:
        area = self.area()
        if self._interactive or not event.buttons() & Qt.MouseButton.LeftButton or area.width() < 1:
            return
        (x0, x1), _ = self.box.viewRange()
        share = min(max((event.position().x() - area.left()) / area.width(), 0.0), 1.0)
        self.picked.emit(x0 + share * (x1 - x0))
