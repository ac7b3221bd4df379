"""The chart of steps as it is drawn: grounds, axis, level lines, chains of points, numbers, words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from studio.gui import theme
from studio.gui.theme import scaled
from studio.gui.views.charts.ticks import linear_ticks
from studio.gui.views.generations.chart_content import ChartLevel, ChartLine, ChartMark
from studio.gui.views.generations.chart_layout import LEFT, ChartLayout
from studio.gui.views.generations.chart_marks import paint_interval
from studio.gui.views.generations.chart_numbers import paint_numbers
from studio.gui.views.generations.column_words import ROW, paint_words
from studio.gui.widgets.swatch import paint_marker, reference_pen

#: Pixels between two ticks of the y axis where there is room.
TICKS_APART = 36


def paint_behind(painter: QPainter, layout: ChartLayout) -> None:
    """What lies behind all else: the ground of the averages, and the axis with its lines."""
    _paint_averages_ground(painter, layout)
    inner = layout.marks_rect
    pitch = min(TICKS_APART, max(ROW, inner.height() / 4))  # two or three in a low window
    for tick, words in linear_ticks(*layout.range, inner.height(), pitch):
        _paint_tick(painter, layout, layout.height_of(tick), words)


def paint_values(painter: QPainter, layout: ChartLayout) -> None:
    """Level lines, points, numbers, and the words below; a note where nothing has come yet."""
    content, taken = layout.content, list[QRectF]()
    marks = [
        _extent(layout, centre, mark)
        for line in content.lines
        for centre, mark in zip(layout.centres, (*line.steps, *line.averages), strict=True)
        if mark is not None
    ]
    for level in content.levels:
        _paint_level(painter, layout, level, marks, taken)
    for line in reversed(content.lines):
        _paint_line(painter, layout, line)
    if content.lines:
        paint_numbers(painter, layout, content.lines[0], taken)
    if not marks:
        _paint_note(painter, layout.parts[0])
    for part, words in zip(layout.parts, layout.words, strict=True):
        paint_words(painter, words, part.left(), part.right(), layout.parts[0].bottom() + 4)


def _paint_note(painter: QPainter, part: QRectF) -> None:
    painter.setFont(theme.font("explain"))
    painter.setPen(theme.current().color("text3"))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    words = QCoreApplication.translate("StepChart", "The first point comes when the first network has learnt.")
    painter.drawText(part, int(flags), words)


def _paint_averages_ground(painter: QPainter, layout: ChartLayout) -> None:
    part = layout.parts[1]
    if part.isEmpty():
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().color("sunken"))
    painter.drawRoundedRect(QRectF(part.left() - 4, 0, part.width() + 6, layout.size.height()), 6, 6)
    for row, (words, font, tone) in enumerate(
        (
            (QCoreApplication.translate("StepChart", "Their answers averaged"), "section", "text"),
            (QCoreApplication.translate("StepChart", "nothing is trained for it"), "axis", "text2"),
        )
    ):
        painter.setFont(theme.font(font))
        painter.setPen(theme.current().color(tone))
        elided = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, part.width())
        rect = QRectF(part.left(), 3 + row * scaled(ROW), part.width(), scaled(ROW))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, elided)


def _paint_tick(painter: QPainter, layout: ChartLayout, y: float, words: str) -> None:
    line = QRectF(scaled(LEFT), round(y), layout.size.width() - scaled(LEFT) - 2, 1)
    painter.fillRect(line, theme.current().color("grid"))
    painter.setFont(theme.font("axis"))
    painter.setPen(theme.current().color("text3"))
    place = QRectF(0, y - scaled(8), scaled(LEFT) - 6, scaled(16))
    painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)


def _paint_level(
    painter: QPainter, layout: ChartLayout, level: ChartLevel, marks: Sequence[QRectF], taken: list[QRectF]
) -> None:
    """A level line with its words below or above it, at an end of a part or between two columns: where they cover least."""
    y = layout.height_of(level.value)
    painter.setPen(reference_pen(level.role))
    painter.drawLine(QPointF(scaled(LEFT), y), QPointF(layout.size.width() - 4, y))
    painter.setFont(theme.font("axis"))
    width = QFontMetricsF(painter.font()).horizontalAdvance(level.label) + 8
    lefts = [part.right() - width for part in reversed(layout.parts) if not part.isEmpty()]
    between = [(one + other - width) / 2 for one, other in pairwise(layout.centres)][::-1]
    places = [
        QRectF(left, top, width, scaled(15))
        for left in (*lefts, scaled(LEFT) + 2.0, *between)
        for top in (y + 3, y - 3 - scaled(15))
    ]
    place = min(places, key=lambda place: sum(place.intersects(other) for other in (*marks, *taken, *taken)))
    taken.append(place)
    painter.setPen(theme.current().color("text"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, level.label)


def _paint_line(painter: QPainter, layout: ChartLayout, line: ChartLine) -> None:
    first, colors, centres = line is layout.content.lines[0], theme.current(), layout.centres
    painter.setPen(QPen(line.stroke.color, 2))
    known = [QPointF(centres[i], layout.height_of(mark.value)) for i, mark in enumerate(line.steps) if mark is not None]
    painter.drawPolyline(known)
    if first:
        _paint_steps_down(painter, layout, line)
    for i, mark in enumerate((*line.steps, *line.averages)):
        if mark is None:
            continue
        room, of_teacher = layout.columns[i].width() * 0.3, layout.content.columns[i].role == "teacher" and first
        color = colors.color("teacher") if of_teacher else line.stroke.color
        at = QPointF(centres[i], layout.height_of(mark.value))
        paint_interval(painter, mark, at, layout.height_of, color, min(5.0, room))
        painter.setPen(QPen(colors.color("surface") if not mark.hollow else color, 1.5))
        painter.setBrush(colors.color("surface") if mark.hollow else color)
        is_average = i >= len(line.steps)
        marker = "diamond" if is_average else line.stroke.marker or "circle"
        paint_marker(painter, at, marker, max(1.5, min(5.0 if first else 4.0, room)) + is_average)


def _paint_steps_down(painter: QPainter, layout: ChartLayout, line: ChartLine) -> None:
    """From each model that teaches a thin dotted line to the column it taught, at its own height."""
    pen = QPen(theme.current().mixed(line.stroke.color, 0.5), 1)
    pen.setDashPattern([1, 3])
    painter.setPen(pen)
    for i, column in enumerate(layout.content.steps):
        teacher = line.steps[column.taught_by] if column.taught_by is not None else None
        if teacher is not None and column.taught_by is not None and line.steps[i] is not None:
            y = layout.height_of(teacher.value)
            painter.drawLine(QPointF(layout.centres[column.taught_by], y), QPointF(layout.centres[i] + 8, y))


def _extent(layout: ChartLayout, centre: float, mark: ChartMark) -> QRectF:
    """The room of a mark and its interval."""
    y = layout.height_of(mark.value)
    top = min(y - 6, layout.height_of(mark.high)) if mark.high is not None else y - 6
    bottom = max(y + 6, layout.height_of(mark.low)) if mark.low is not None else y + 6
    return QRectF(centre - 6, top, 12, bottom - top)
