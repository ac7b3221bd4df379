"""The value under the pointer: the nearest curve, its name, and what it has there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from studio.core.format import NBSP
from studio.gui import theme
from studio.gui.views.charts.overlay import OverlayLine
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.ticks import number

ToPixels = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
#: No curve is meant by a pointer farther from it, in pixels.
NEAR = 48.0
#: Around the words; beside the point.
PAD, BESIDE = 6.0, 10.0


@dataclass(frozen=True)
class Reading:
    """A point of a curve.

    Attributes:
        line: which of the curves, by its place among them.
        x, y: its values on the axes.
        at: the same in pixels.
        level: whether the curve has this value everywhere.
    """

    line: int
    x: float
    y: float
    at: tuple[float, float]
    level: bool = False


class Readout:
    """Follows the pointer over a plot whose values have this ``unit``."""

    def __init__(self, unit: str = "") -> None:
        self.unit = unit
        self._pointer: tuple[float, float] | None = None

    def move(self, pointer: tuple[float, float] | None) -> bool:
        """The pointer is elsewhere, None: outside. Returns whether that is news."""
        moved, self._pointer = pointer != self._pointer, pointer
        return moved

    def words_at(
        self,
        pointer: tuple[float, float],
        area: QRectF,
        to_pixels: ToPixels,
        lines: Sequence[OverlayLine],
        log_y: bool = False,
    ) -> str:
        """What is told of a place in pixels; empty where no curve is near.

        Args:
            log_y: whether y is a decimal logarithm of the value.
        """
        reading = self._at(pointer, area, to_pixels, lines)
        return _words(reading, lines[reading.line], log_y, self.unit) if reading is not None else ""

    def paint(
        self, painter: QPainter, area: QRectF, to_pixels: ToPixels, lines: Sequence[OverlayLine], log_y: bool = False
    ) -> None:
        """A ring at the point nearest to the pointer, and its words."""
        reading = self._at(self._pointer, area, to_pixels, lines) if self._pointer is not None else None
        if reading is not None:
            line = lines[reading.line]
            _paint(painter, reading, _words(reading, line, log_y, self.unit), line.stroke, area)

    @staticmethod
    def _at(
        pointer: tuple[float, float], area: QRectF, to_pixels: ToPixels, lines: Sequence[OverlayLine]
    ) -> Reading | None:
        inside = area.contains(QPointF(*pointer))
        return find_reading([(line.x, line.y) for line in lines], to_pixels, pointer) if inside else None


def _words(reading: Reading, line: OverlayLine, log_y: bool, unit: str) -> str:
    value = 10**reading.y if log_y else reading.y
    words = number(float(f"{value:.3g}")) + (f"{NBSP}{unit}" if unit else "")
    if not reading.level:
        told = QCoreApplication.translate("charts", "{value} at epoch {epoch}")
        words = told.format(value=words, epoch=number(round(reading.x, 1)))
    name = line.name or line.label
    return f"{name}: {words}" if name else words


def find_reading(
    curves: Sequence[tuple[np.ndarray, np.ndarray]],
    to_pixels: ToPixels,
    pointer: tuple[float, float],
) -> Reading | None:
    """The point of the curve that is nearest above or below the pointer; None where there is none near.

    Args:
        curves: x and y of each, (n,), x ascending; y is NaN where a curve has a gap.
        pointer: in pixels.
    """
    found, least = None, NEAR
    for place, (x, y) in enumerate(curves):
        known = np.isfinite(y)
        if not known.any():
            continue
        x, y = x[known], y[known]
        xs, ys = to_pixels(x, y)
        level = len(xs) == 2 and ys[0] == ys[1] and xs[0] <= pointer[0] <= xs[1]
        if level:
            through = (pointer[0] - xs[0]) / max(1e-9, xs[1] - xs[0])
            xs, x = np.array([pointer[0]]), np.array([x[0] + (x[1] - x[0]) * through])
        i = int(np.abs(xs - pointer[0]).argmin())
        beside = max(0.0, abs(float(xs[i]) - pointer[0]) - NEAR / 2)
        away = math.hypot(beside, float(ys[i]) - pointer[1])
        if away < least:
            at = (float(xs[i]), float(ys[i]))
            found, least = Reading(place, float(x[i]), float(y[i]), at, level), away
    return found


def _paint(painter: QPainter, reading: Reading, words: str, stroke: Stroke, area: QRectF) -> None:
    """A ring at the point and its words beside it, kept within ``area``."""
    colors = theme.current()
    metrics = QFontMetricsF(theme.font("axis"))
    width, height = metrics.horizontalAdvance(words) + 2 * PAD, metrics.height() + PAD
    x, y = reading.at
    left = x + BESIDE if x + BESIDE + width <= area.right() else x - BESIDE - width
    top = min(max(y - height - BESIDE / 2, area.top()), area.bottom() - height)
    box = QRectF(min(max(left, area.left()), max(area.left(), area.right() - width)), top, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(stroke.color, 2))
    painter.setBrush(colors.color("surface"))
    painter.drawEllipse(QPointF(x, y), 4, 4)
    painter.setPen(QPen(colors.color("border"), 1))
    painter.setBrush(colors.color("raised"))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(colors.color("text"))
    painter.setFont(theme.font("axis"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
