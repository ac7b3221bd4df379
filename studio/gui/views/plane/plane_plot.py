"""One network's plane: class regions, neuron boundaries, the decision line, the points."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.views.charts.moments import arrays_of
from studio.gui.views.charts.plot import PlotFrame
from studio.gui.views.charts.strokes import Stroke, make_pen
from studio.gui.views.plane.contours import zero_lines
from studio.gui.views.plane.plane_walks import WalkItems, Walks
from studio.gui.widgets.scrolling import frame_focus
from studio.runs.files.history import Moment

#: Classes have three tints; then they repeat with another symbol.
TINTS = 3
SYMBOLS = ("o", "t1", "s", "d", "p", "star")
#: How much of the network's colour the first layer's boundaries keep; the last layer keeps all.
PALEST = 0.42
Segments = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class PlaneDrawing:
    """What one network looks like on the plane: all that depends on the moment and not on the theme."""

    extent: tuple[float, float, float, float]
    probabilities: np.ndarray
    """(K, G, G), row 0 at the smallest y."""
    layers: tuple[Segments, ...]
    decision: Segments


@lru_cache(maxsize=12)
def drawing_of(moment: Moment, role: str) -> PlaneDrawing | None:
    """The drawing of a network at a moment; None where the snapshot holds no plane of it.

    A network that has not changed since another moment, as a teacher never does, keeps its drawing: lines are dear to find.
    """
    arrays = arrays_of(moment)
    probabilities, extent = arrays.get(f"plane/{role}/probabilities"), arrays.get("plane/extent")
    if probabilities is None or extent is None:
        return None
    prefix = f"plane/{role}/layer/"
    names = sorted((key for key in arrays if key.startswith(prefix)), key=_in_forward_order)
    sources = (extent, probabilities, *(arrays[name] for name in names))
    kept = _drawn_last()
    for known, drawing in kept:
        if len(known) == len(sources) and all(map(np.array_equal, known, sources)):
            return drawing
    drawing = _drawing(*sources)
    kept.appendleft((sources, drawing))
    return drawing


@lru_cache(maxsize=1)
def _drawn_last() -> deque[tuple[tuple[np.ndarray, ...], PlaneDrawing]]:
    """The drawings made last, the latest first, and the arrays they were made of."""
    return deque(maxlen=4)


def _drawing(extent: np.ndarray, probabilities: np.ndarray, *layers: np.ndarray) -> PlaneDrawing:
    x0, x1, y0, y1 = (float(value) for value in extent)
    rows, columns = probabilities.shape[-2:]
    xs, ys = np.linspace(x0, x1, columns), np.linspace(y0, y1, rows)
    lines = tuple(zero_lines(values, xs, ys) for values in layers)
    return PlaneDrawing((x0, x1, y0, y1), probabilities, lines, zero_lines(_lead(probabilities), xs, ys))


def _in_forward_order(name: str) -> tuple[str, int]:
    word = name.rstrip("0123456789")
    return word, int(name[len(word) :] or 0)


def _lead(probabilities: np.ndarray) -> np.ndarray:
    """How far each class leads the best other one, (K, G, G); of two classes one says it all."""
    p = probabilities.astype(np.float32)
    if len(p) == 2:
        return np.asarray(p[:1] - p[1:])
    best, second = np.sort(p, axis=0)[[-1, -2]]
    return np.asarray(np.where(p == best, p - second, p - best))


class _SmoothImage(GuardedOverrides, pg.ImageItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An image whose pixels are interpolated."""

    def paint(self, painter: QPainter, *args: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *args)


class PlanePlot(PlotFrame):
    """Drag moves, the wheel zooms, a double click shows all again; so do the arrows, + and −, and 0."""

    _stale = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, interactive=True)
        self._drawing: PlaneDrawing | None = None
        self._stroke = Stroke()
        self._image = _SmoothImage(levels=(0, 255))
        self._image.setZValue(-15)
        self._decision = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self._decision.setZValue(20)
        self._layers: list[pg.PlotCurveItem] = []
        self._points: list[pg.ScatterPlotItem] = []
        self._places, self._classes = np.empty((0, 2)), np.empty(0)
        for item in (self._image, self._decision):
            self.add_item(item)
        self._walks = WalkItems(self)
        self._shown_walks: Walks | None = None
        self._grid.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        frame_focus(self)

    def show_drawing(
        self, drawing: PlaneDrawing, stroke: Stroke, points: np.ndarray, labels: np.ndarray, walks: Walks | None = None
    ) -> None:
        """Show a network's plane in its own colour, with points (n, 2), their classes (n,), and the walks of some."""
        if walks is not self._shown_walks or self._stale:
            self._shown_walks = walks
            self._walks.show(walks)
        if drawing is self._drawing and stroke == self._stroke and not self._stale:
            return
        if self._drawing is None or self._drawing.extent != drawing.extent:
            self._show_all(drawing.extent)
        self._drawing, self._stroke = drawing, stroke
        x0, x1, y0, y1 = drawing.extent
        rows, columns = drawing.probabilities.shape[-2:]
        half_x, half_y = (x1 - x0) / (columns - 1) / 2, (y1 - y0) / (rows - 1) / 2
        self._image.setImage(_regions(drawing.probabilities), levels=(0, 255))
        self._image.setRect(QRectF(x0 - half_x, y0 - half_y, x1 - x0 + 2 * half_x, y1 - y0 + 2 * half_y))
        self._decision.setData(*drawing.decision)
        self._decision.setPen(_pen(theme.current().color("text"), 3))
        for i, segments in enumerate(drawing.layers):
            if i == len(self._layers):
                self._layers.append(pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True))
                self._layers[-1].setZValue(i)
                self.add_item(self._layers[-1])
            self._layers[i].setPen(make_pen(layer_stroke(stroke, i, len(drawing.layers))))
            self._layers[i].setData(*segments)
        for curve in self._layers[len(drawing.layers) :]:
            curve.setData(np.empty(0), np.empty(0))
        self._show_points(points, labels)
        self._stale = False

    def show_parts(self, parts: Mapping[str, bool]) -> None:
        """Which parts are to be seen: "regions", "points", "decision", "walks", "layer 1", ..."""
        self._image.setVisible(parts.get("regions", True))
        self._decision.setVisible(parts.get("decision", True))
        self._walks.set_visible(parts.get("walks", True))
        for item in self._points:
            item.setVisible(parts.get("points", True))
        for i, curve in enumerate(self._layers):
            curve.setVisible(parts.get(f"layer {i + 1}", True))

    @property
    def layers(self) -> int:
        """How many layers have boundaries."""
        return 0 if self._drawing is None else len(self._drawing.layers)

    @property
    def symbols(self) -> list[str]:
        """The symbols of the classes that have points, in their order."""
        return [symbol_of(int(c)) for c in np.unique(self._classes)]

    def restyle(self) -> None:
        """A change of theme draws everything anew at the next showing."""
        super().restyle()
        self._stale = True

    def _show_points(self, points: np.ndarray, labels: np.ndarray) -> None:
        if not self._stale and np.array_equal(points, self._places) and np.array_equal(labels, self._classes):
            return
        self._places, self._classes = points, labels
        colors = theme.current()
        classes = int(labels.max()) + 1 if len(labels) else 0
        for c in range(max(classes, len(self._points))):
            if c == len(self._points):
                self._points.append(pg.ScatterPlotItem(size=9, pxMode=True))
                self._points[-1].setZValue(30)
                self.add_item(self._points[-1])
            mine = points[labels == c]
            self._points[c].setSize(9 if self.width() > 300 else 7)
            self._points[c].setData(
                x=mine[:, 0],
                y=mine[:, 1],
                symbol=symbol_of(c),
                brush=class_color(c),
                pen=_pen(colors.color("surface"), 1),
            )

    def _show_all(self, extent: tuple[float, float, float, float]) -> None:
        x0, x1, y0, y1 = extent
        box = self.box
        box.setLimits(xMin=x0, xMax=x1, yMin=y0, yMax=y1, minXRange=(x1 - x0) / 50, minYRange=(y1 - y0) / 50)
        box.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show all again."""
        if self._drawing is not None:
            self._show_all(self._drawing.extent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move by a tenth, + and − zoom, 0 shows all."""
        if self._drawing is None:
            return
        box = self.box
        (x0, x1), (y0, y1) = box.viewRange()
        dx, dy = (x1 - x0) / 10, (y1 - y0) / 10
        moves = {
            Qt.Key.Key_Left: (-dx, 0.0),
            Qt.Key.Key_Right: (dx, 0.0),
            Qt.Key.Key_Up: (0.0, dy),
            Qt.Key.Key_Down: (0.0, -dy),
        }
        key = Qt.Key(event.key())
        if key in moves:
            box.translateBy(moves[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            box.scaleBy((0.8, 0.8))
        elif key == Qt.Key.Key_Minus:
            box.scaleBy((1.25, 1.25))
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self._show_all(self._drawing.extent)
        else:
            super().keyPressEvent(event)


def layer_stroke(stroke: Stroke, layer: int, layers: int) -> Stroke:
    """A thin solid line in the network's colour, paler for earlier layers."""
    share = 1.0 if layers < 2 else PALEST + (1 - PALEST) * layer / (layers - 1)
    return Stroke(stroke.role, stroke.index, width=1.0, share=share, solid=True)


def class_color(c: int) -> QColor:
    """The colour of the points of a class."""
    return theme.current().color(f"class_point_{c % TINTS + 1}")


def symbol_of(c: int) -> str:
    """The symbol of the points of a class."""
    return SYMBOLS[c % len(SYMBOLS)]


def _regions(probabilities: np.ndarray) -> np.ndarray:
    """Each place in the tint of its class, paler where the network is unsure: (G, G, 3) uint8."""
    colors = theme.current()
    k = len(probabilities)
    p = probabilities.astype(np.float32)
    best = p.max(axis=0)
    sure = np.clip((best - 1 / k) / (1 - 1 / k), 0, 1)[..., None]
    tints = np.stack([_rgb(colors.color(f"class_tint_{c % TINTS + 1}")) for c in range(k)])
    ground = _rgb(colors.color("surface"))
    return np.asarray(sure * tints[p.argmax(axis=0)] + (1 - sure) * ground).astype(np.uint8)


def _rgb(color: QColor) -> np.ndarray:
    return np.array([color.red(), color.green(), color.blue()], np.float32)


def _pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCosmetic(True)
    return pen
