"""The curves of both sides, and below them their difference with its 95 % band."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPolygonItem, QVBoxLayout, QWidget

from studio.core.format import percent, signed_points
from studio.gui import theme
from studio.gui.views.charts.overlay import OverlayLine
from studio.gui.views.charts.plot import PlotFrame
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.labels import ClampedLabel
from studio.runs.comparison.curve_difference import CurveDifference
from studio.runs.comparison.run_comparison import RunComparison
from studio.runs.statistics.difference import LEAST_PAIRS

#: Percent shown below the better of the two where it ends.
ROOM_BELOW = 25.0


class BandPlot(PlotFrame):
    """A plot with a tinted band between two curves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._band = QGraphicsPolygonItem()
        self._band_stroke = Stroke()
        super().__init__(parent)
        self._band.setZValue(-15)
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self.add_item(self._band)

    def set_band(self, x: np.ndarray, low: np.ndarray, high: np.ndarray, stroke: Stroke) -> None:
        """Tint what lies between ``low`` and ``high`` over ``x``, (n,) each; none of no values."""
        points = [*zip(x, high, strict=True), *zip(x[::-1], low[::-1], strict=True)]
        self._band.setPolygon(QPolygonF([QPointF(float(a), float(b)) for a, b in points]))
        self._band_stroke = stroke
        self.restyle()

    def restyle(self) -> None:
        """Take all colours from the theme in force."""
        super().restyle()
        self._band.setBrush(theme.current().mixed(self._band_stroke.color, 0.18))


class DifferenceCurves(QWidget):
    """Two plots with one x axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves = PlotFrame(unit="%", x_labels=False)
        self.curves.setAccessibleName(self.tr("Test accuracy by epoch"))
        self.difference = BandPlot()
        self.difference.setAccessibleName(self.tr("Difference by epoch, points"))
        self.curves.align_with(self.difference)
        self.difference.align_with(self.curves)
        for plot, least in ((self.curves, 110), (self.difference, 80)):
            theme.keep_length(plot, QWidget.setMinimumHeight, least)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.curves, 3)
        column.addWidget(self.difference, 2)
        self.sure = ClampedLabel("", "explain", lines=1)
        column.addWidget(self.sure)

    def show_comparison(self, told: RunComparison, curves: CurveDifference, strokes: tuple[Stroke, Stroke]) -> None:
        """Draw other curves."""
        begin, end = min(0.0, float(curves.epochs[0])), max(1.0, float(curves.epochs[-1]))
        sides = (told.first, told.second)
        lines = self._references(told, (begin, end))
        for name, values, stroke, side in zip(
            ("second", "first"), (curves.second, curves.first), strokes[::-1], sides[::-1], strict=True
        ):
            words = f"{side.name} {percent(float(values[-1]))}"
            lines.append(
                OverlayLine(name, curves.epochs, 100 * values, stroke, words, name == "first", brief=side.name)
            )
        self.curves.set_ranges((begin, end), _range(lines))
        self.curves.set_lines(lines)
        self._show_difference(curves, strokes[0], (begin, end))

    def _show_difference(self, curves: CurveDifference, stroke: Stroke, across: tuple[float, float]) -> None:
        points = 100 * curves.difference
        low, high = (
            (100 * curves.low, 100 * curves.high)
            if curves.low is not None and curves.high is not None
            else (points, points)
        )
        last = max(1, len(points) // 2)
        extent = max(1.0, float(np.abs(points).max()), float(np.abs(np.concatenate([low[-last:], high[-last:]])).max()))
        extent = math.ceil(1.1 * extent)
        self.difference.set_ranges(across, (-extent, extent))
        self.difference.set_band(curves.epochs, np.clip(low, -extent, extent), np.clip(high, -extent, extent), stroke)
        label = self.tr("{points} points").format(points=signed_points(float(curves.difference[-1])))
        self.difference.set_lines(
            [
                OverlayLine("zero", np.array(across), np.zeros(2), Stroke("alone", solid=True, width=1.0)),
                OverlayLine("difference", curves.epochs, points, stroke, label, True, brief=label),
            ]
        )
        self.difference.setAccessibleDescription(label)
        self.sure.setText(self._sure_words(curves))

    def _sure_words(self, curves: CurveDifference) -> str:
        if curves.low is None:
            return self.tr("No band: it takes {least} seeds to say.").format(least=LEAST_PAIRS)
        if curves.sure_from is None:
            return self.tr("At the end the band includes 0: the difference may be chance.")
        words = self.tr("Surely above 0 from epoch {epoch:g} on.")
        if curves.difference[-1] < 0:
            words = self.tr("Surely below 0 from epoch {epoch:g} on.")
        return words.format(epoch=curves.sure_from)

    def _references(self, told: RunComparison, across: tuple[float, float]) -> list[OverlayLine]:
        found = []
        for key, reference, words in (
            ("alone", told.alone, self.tr("Alone {value}")),
            ("teacher", told.teacher, self.tr("Teacher {value}")),
        ):
            if reference is not None:
                level = np.full(2, 100 * reference.value)
                stroke = Stroke("teacher" if key == "teacher" else "alone")
                label = words.format(value=percent(reference.value))
                found.append(OverlayLine(key, np.array(across), level, stroke, label, brief=label.split()[0]))
        return found


def _range(lines: Sequence[OverlayLine]) -> tuple[float, float]:
    ends = [float(line.y[-1]) for line in lines]
    tops = [float(line.y.max()) for line in lines]
    low = max(0.0, 10 * math.floor((min(ends) - ROOM_BELOW) / 10))
    return low, max(low + 10, min(100.0, 10 * math.ceil((max(tops) + 1) / 10)))
