"""A difference as an interval: zero, the mean, its 95 %, and a ring a seed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.score_scale import SHARE
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.theme import scaled
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.ticks import linear_ticks
from studio.runs.comparison.comparison_text import gain_words, interval_words
from studio.runs.comparison.run_comparison import RunComparison

#: Pixels: the sides, the line of numbers, the band, the rings, the axis; the least distance of two numbers.
SIDE, NUMBERS, BAND, RINGS, AXIS, APART = 14.0, 20.0, 36.0, 26.0, 24.0, 8.0


class IntervalChart(GuardedOverrides, QWidget):
    """Draws a comparison whose better side stands first, in the colour of that side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: RunComparison | None = None
        self._stroke = Stroke()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.keep_length(self, QWidget.setMinimumHeight, round(NUMBERS + BAND + RINGS + AXIS))
        self.setAccessibleName(self.tr("The difference and its 95 % interval"))
        theme.notifier().changed.connect(self.update)

    def show_comparison(self, told: RunComparison, stroke: Stroke) -> None:
        """Draw another."""
        self._told, self._stroke = told, stroke
        each = ", ".join(gain_words(gain, told.scale) for gain in told.gains)
        self.setAccessibleDescription(
            self.tr("{sure}. Each seed: {each}").format(sure=say(interval_words(told)), each=each)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, round(scaled(NUMBERS) + scaled(BAND) + scaled(RINGS) + scaled(AXIS)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The axis with zero, the interval, the mean, a ring a seed, the numbers."""
        if self._told is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, self._told)
        painter.end()

    def _paint(self, painter: QPainter, told: RunComparison) -> None:
        colors, interval = theme.current(), told.interval
        factor = 100.0 if told.scale.unit == SHARE else 1.0
        ends = (interval.low, interval.high) if interval is not None else ()
        values = [factor * value for value in (*told.gains, *ends, 0.0)]
        room = max(values) - min(values) or 1.0
        low, high = min(values) - 0.1 * room, max(values) + 0.16 * room
        area = QRectF(
            scaled(SIDE),
            scaled(NUMBERS),
            max(40.0, self.width() - 2 * scaled(SIDE)),
            scaled(BAND) + scaled(RINGS),
        )

        def x(value: float) -> float:
            return float(area.left() + (value - low) / (high - low) * area.width())

        self._paint_axis(painter, area, low, high, told)
        if interval is not None:
            begin, end = x(factor * interval.low), x(factor * interval.high)
            band = QRectF(begin, area.top() + 4, end - begin, scaled(BAND) - 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.mixed(self._stroke.color, 0.18))
            painter.drawRoundedRect(band, 4, 4)
            painter.setPen(QPen(self._stroke.color, 2))
            painter.drawLine(QPointF(begin, band.center().y()), QPointF(end, band.center().y()))
            for at in (begin, end):
                painter.drawLine(QPointF(at, band.top() + 6), QPointF(at, band.bottom() - 6))
        painter.setPen(QPen(colors.color("text"), 2))
        painter.drawLine(QPointF(x(0), 4), QPointF(x(0), area.bottom()))
        mean = QPointF(x(factor * told.gain), area.top() + scaled(BAND) / 2)
        painter.setPen(QPen(colors.color("surface"), 2))
        painter.setBrush(self._stroke.color)
        painter.drawEllipse(mean, 8, 8)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._stroke.color, 2))
        for gain in told.gains:
            painter.drawEllipse(QPointF(x(factor * gain), area.top() + scaled(BAND) + scaled(RINGS) / 2), 4, 4)
        self._paint_numbers(painter, told, x, factor)
        self._paint_rings_name(painter, area, max(x(factor * gain) for gain in told.gains))

    def _paint_axis(self, painter: QPainter, area: QRectF, low: float, high: float, told: RunComparison) -> None:
        colors = theme.current()
        painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), colors.color("button_border"))
        painter.setFont(theme.font("axis"))
        painter.setPen(colors.color("text3"))
        unit = self.tr("points") if told.scale.unit == SHARE else told.scale.unit
        beside = area.right() + scaled(SIDE) - painter.fontMetrics().horizontalAdvance(unit)
        line = QRectF(0, area.bottom() + 3, area.right() + scaled(SIDE), scaled(16))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), unit)
        for tick, words in linear_ticks(low, high, area.width(), 56):
            at = area.left() + (tick - low) / (high - low) * area.width()
            written = f"+{words}" if tick > 0 else words
            if at + painter.fontMetrics().horizontalAdvance(written) / 2 + scaled(APART) < beside:
                place = QRectF(at - 30, line.top(), 60, line.height())
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), written)

    def _paint_numbers(
        self, painter: QPainter, told: RunComparison, x: Callable[[float], float], factor: float
    ) -> None:
        """The mean, the ends where they do not run into it, and what zero means where there is room."""
        taken: list[QRectF] = []
        wanted = [(told.gain, "strong", "text")]
        if told.interval is not None:
            wanted += [(end, "table", "text2") for end in (told.interval.low, told.interval.high)]
        for value, role, tone in wanted:
            words = gain_words(value, told.scale).removeprefix("+")
            self._paint_word(painter, words, x(factor * value), role, tone, taken)
        zero = self.tr("no difference")
        half = QFontMetricsF(theme.font("axis")).horizontalAdvance(zero) / 2 + 6
        side = x(0.0) - half if x(0.0) > 2 * half else x(0.0) + half
        self._paint_word(painter, zero, side, "axis", "text2", taken)

    def _paint_word(self, painter: QPainter, words: str, at: float, role: str, tone: str, taken: list[QRectF]) -> None:
        width = QFontMetricsF(theme.font(role)).horizontalAdvance(words)
        left = min(max(0.0, at - width / 2), self.width() - width)
        place = QRectF(left, 0, width + 1, scaled(NUMBERS))
        if any(place.adjusted(-scaled(APART), 0, scaled(APART), 0).intersects(other) for other in taken):
            return
        taken.append(place)
        painter.setFont(theme.font(role))
        painter.setPen(theme.current().color(tone))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), words)

    def _paint_rings_name(self, painter: QPainter, area: QRectF, last: float) -> None:
        words = self.tr("each seed")
        painter.setFont(theme.font("axis"))
        painter.setPen(theme.current().color("text2"))
        width = painter.fontMetrics().horizontalAdvance(words)
        if last + 10 + width < self.width():
            place = QRectF(last + 10, area.top() + scaled(BAND), width + 2, scaled(RINGS))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), words)
