"""How near each new block came: one band a block beside each other, on one logarithmic axis."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.charts.curve_thinning import thin
from studio.gui.views.charts.strokes import Stroke, make_pen
from studio.gui.views.recasting.recast_state import DifferenceCurve

#: Pixels: the axis at the left, the numbers of the blocks below, the gap between bands, the least height.
AXIS, BELOW, GAP, LEAST = 44, 18, 2, 96


class DifferenceBands(GuardedOverrides, QWidget):
    """The bands; the last value of each stands under its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: tuple[DifferenceCurve, ...] = ()
        self._index = 0
        theme.keep_length(self, QWidget.setMinimumHeight, LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Squared difference behind each block"))
        theme.notifier().changed.connect(self.update)

    def show_curves(self, curves: tuple[DifferenceCurve, ...], color_index: int) -> None:
        """Show these curves in the colour of a run."""
        self._curves, self._index = curves, color_index
        last = [f"{curve.title}: {curve.difference[-1]:.2g}" for curve in curves if len(curve.difference)]
        self.setAccessibleDescription("; ".join(last))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The axis, then band after band."""
        if not self._curves:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = _decades(self._curves)
        room = QRectF(scaled(AXIS), 6, self.width() - scaled(AXIS) - 2, self.height() - scaled(BELOW) - 8)
        width = room.width() / len(self._curves)
        for i, curve in enumerate(self._curves):
            self._paint_band(painter, curve, QRectF(room.left() + i * width, room.top(), width - GAP, room.height()))
        self._paint_axis(painter, room, low, high)
        for i, curve in enumerate(self._curves):
            band = QRectF(room.left() + i * width, room.top(), width - GAP, room.height())
            self._paint_curve(painter, curve, band, low, high)
        painter.end()

    def _paint_band(self, painter: QPainter, curve: DifferenceCurve, band: QRectF) -> None:
        colors = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color("sunken" if curve.state == "waiting" else "stage_band"))
        painter.drawRect(band)
        painter.setFont(theme.font("section" if curve.state == "at work" else "axis"))
        painter.setPen(colors.color("accent" if curve.state == "at work" else "text3"))
        below = QRectF(band.left() - 8, band.bottom() + 2, band.width() + 16, scaled(BELOW) - 2)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), curve.title)

    def _paint_axis(self, painter: QPainter, room: QRectF, low: int, high: int) -> None:
        colors = theme.current()
        painter.setFont(theme.font("axis"))
        lines = max(1, ceil(16 * (high - low) / max(1.0, room.height())))
        for decade in range(low, high + 1, lines):
            y = room.bottom() - (decade - low) / (high - low) * room.height()
            painter.setPen(QPen(colors.color("grid"), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(colors.color("text3"))
            painter.drawText(
                QRectF(0, y - scaled(8), scaled(AXIS) - 6, scaled(16)),
                int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
                f"{10.0**decade:g}",
            )
        words = self.tr("block")
        painter.drawText(
            QRectF(0, room.bottom() + 2, scaled(AXIS) - 6, scaled(BELOW) - 2),
            int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
            words,
        )

    def _paint_curve(self, painter: QPainter, curve: DifferenceCurve, band: QRectF, low: int, high: int) -> None:
        if not len(curve.difference):
            return
        share, levels = thin(curve.share, np.log10(curve.difference), max(8, int(band.width())))
        xs = band.left() + np.clip(share, 0, 1) * band.width()
        ys = band.bottom() - np.clip((levels - low) / (high - low), 0, 1) * band.height()
        painter.setPen(make_pen(Stroke("run", self._index)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(xs, ys, strict=True)]))
        if curve.state == "at work":
            painter.setPen(QPen(theme.current().color("accent"), 1))
            painter.drawLine(QPointF(xs[-1], band.top()), QPointF(xs[-1], band.bottom()))
        words = f"{curve.difference[-1]:.2g}"
        painter.setFont(theme.font("axis"))
        width = painter.fontMetrics().horizontalAdvance(words)
        if width > band.width() and curve.state != "at work":
            return
        painter.setPen(theme.current().color("text2"))
        top = ys[-1] + 3 if ys[-1] + 18 < band.bottom() else ys[-1] - 18
        beside = xs[-1] + 5 if curve.state == "at work" else band.right() - width
        left = min(beside, self.width() - width - 2.0)
        painter.drawText(QRectF(left - 2, top, width + 4, scaled(14)), int(Qt.AlignmentFlag.AlignCenter), words)


def _decades(curves: tuple[DifferenceCurve, ...]) -> tuple[int, int]:
    """The powers of ten that hold all values, two at least."""
    found = [np.log10(curve.difference) for curve in curves if len(curve.difference)]
    if not found:
        return -3, 0
    low, high = floor(min(each.min() for each in found)), ceil(max(each.max() for each in found))
    return low, max(high, low + 1)
