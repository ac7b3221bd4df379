"""What the lines and symbols of the plane mean."""

from __future__ import annotations

from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.charts.strokes import Stroke, make_pen
from studio.gui.views.plane.plane_plot import class_color, layer_stroke, symbol_of
from studio.gui.views.plane.plane_walks import WIDTH

GAP = 18


class PlaneLegend(GuardedOverrides, QWidget):
    """Lines at the left, classes behind them, as many as fit; all of them in the tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = 0
        self._stroke = Stroke()
        self._classes: tuple[str, ...] = ()
        self._walks = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.keep_length(self, QWidget.setFixedHeight, 18)
        theme.notifier().changed.connect(self.update)

    def show_meaning(self, layers: int, stroke: Stroke, classes: tuple[str, ...], *, walks: bool = False) -> None:
        """Explain this many layers, drawn in a network's colour, these classes, and walks where there are any."""
        if (layers, stroke, classes, walks) != (self._layers, self._stroke, self._classes, self._walks):
            self._layers, self._stroke, self._classes, self._walks = layers, stroke, classes, walks
            named = ", ".join((*self._line_names(), *classes))
            self.setToolTip(plain_tip(named))
            self.setAccessibleName(named)
            self.update()

    def _line_names(self, short: bool = False) -> list[str]:
        names = [self.tr("decision")]
        if self._layers == 1:
            names.append(self.tr("neuron") if short else self.tr("a neuron's boundary"))
        elif self._layers:
            names.append(self.tr("layer 1") if short else self.tr("neuron of layer 1, paler"))
            names.append((self.tr("layer {n}") if short else self.tr("of layer {n}")).format(n=self._layers))
        if self._walks:
            names.append(self.tr("walk") if short else self.tr("walk to the teacher's boundary"))
        return names

    def sizeHint(self) -> QSize:
        """It takes what it gets."""
        return QSize(200, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Line after line, class after class."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setFont(theme.font("explain"))
        metrics = QFontMetrics(painter.font())
        middle, x = self.height() / 2, 0.0
        names = self._line_names()
        if sum(metrics.horizontalAdvance(name) + 26 + GAP for name in (*names, *self._classes)) > self.width():
            names = self._line_names(short=True)
        pens = [QPen(colors.color("text"), 3)]
        pens += [
            make_pen(layer_stroke(self._stroke, i, self._layers)) for i in sorted({0, self._layers - 1}) if self._layers
        ]
        if self._walks:
            pens.append(QPen(colors.color("text"), WIDTH))
        for pen, name in zip(pens, names, strict=True):
            painter.setPen(pen)
            painter.drawLine(QPointF(x, middle), QPointF(x + 20, middle))
            if self._walks and name == names[-1]:
                _draw_steps(painter, x, middle)
            x = self._write(painter, metrics, x + 26, name)
        for c, name in enumerate(self._classes):
            if x + 16 + metrics.horizontalAdvance(name) > self.width():
                break
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(x + 5, middle)
            drawSymbol(painter, symbol_of(c), 8, QPen(Qt.PenStyle.NoPen), class_color(c))
            painter.restore()
            x = self._write(painter, metrics, x + 14, name)
        painter.end()

    def _write(self, painter: QPainter, metrics: QFontMetrics, x: float, words: str) -> float:
        painter.setPen(theme.current().color("text2"))
        width = metrics.horizontalAdvance(words)
        painter.drawText(QRectF(x, 0, width + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), words)
        return x + width + GAP


def _draw_steps(painter: QPainter, x: float, middle: float) -> None:
    """Ring, step and cross on the line of a walk that is 20 pixels long."""
    ink = theme.current().color("text")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, WIDTH))
    painter.setBrush(theme.current().color("surface"))
    painter.drawEllipse(QPointF(x + 2, middle), 4, 4)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(x + 11, middle), 1, 1)
    painter.translate(x + 19, middle)
    drawSymbol(painter, "x", 8, QPen(Qt.PenStyle.NoPen), ink)
    painter.restore()
