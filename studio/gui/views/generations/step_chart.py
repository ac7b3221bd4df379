"""A point a step of a chain, its interval about it, and the mean answers beside them on a ground of their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.theme import scaled
from studio.gui.views.charts.ticks import linear_ticks
from studio.gui.views.generations.chart_content import ChartContent, ChartLevel, ChartLine, ChartMark
from studio.gui.views.generations.chart_marks import HeightOf, is_crossed, paint_interval
from studio.gui.views.generations.column_words import ROW, ColumnWords, column_words, paint_words
from studio.gui.widgets.swatch import paint_marker, reference_pen

#: Pixels: the y axis, the head of the averages, a number above its point, the least height.
LEFT, HEAD, NUMBER, LEAST_HEIGHT = 34, 36, 17, 184
#: Pixels between two ticks of the y axis where there is room.
TICKS_APART = 36
#: The least stretch of the y axis in percent, so that chance is not drawn as a mountain.
LEAST_RANGE = 1.0
#: The least width of the averages' part.
LEAST_AVERAGES = 152


class _Layout(NamedTuple):
    """Where everything stands for these values at this size."""

    content: ChartContent
    size: QSize
    parts: tuple[QRectF, QRectF]
    words: tuple[ColumnWords, ColumnWords]
    columns: tuple[QRectF, ...]


class StepChart(GuardedOverrides, QWidget):
    """Draws :class:`ChartContent`. The arrow keys, or a click, choose a column; ``chosen`` gives its sentence."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = ChartContent()
        self._selected = -1
        self._laid_out: _Layout | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.keep_length(self, QWidget.setMinimumHeight, LEAST_HEIGHT)
        self.setAccessibleName(self.tr("Test error by step of the chain; the arrow keys go from one to the next"))
        theme.notifier().changed.connect(self._restyle)

    def show_content(self, content: ChartContent) -> None:
        """Draw other values."""
        if content == self._content:
            return
        self._content = content
        columns = self._content.columns
        self._selected = min(self._selected, len(columns) - 1)
        self.setAccessibleDescription(" ".join(column.spoken for column in columns if column.spoken))
        if self._selected >= 0:
            self.chosen.emit(columns[self._selected].spoken)
        self.update()

    @property
    def content(self) -> ChartContent:
        """What is drawn."""
        return self._content

    @property
    def is_chosen(self) -> bool:
        """Whether a column is chosen."""
        return self._selected >= 0

    def select(self, number: int) -> None:
        """Choose a column; one beyond the ends is that at the end."""
        columns = self._content.columns
        if columns:
            self._selected = min(max(number, 0), len(columns) - 1)
            self.chosen.emit(columns[self._selected].spoken)
            self.update()

    # --- where things are --------------------------------------------------------------------------------------------

    def parts(self) -> tuple[QRectF, QRectF]:
        """Where the steps are drawn, and where the averages; the latter is empty where there are none."""
        return self._layout().parts

    def column_rects(self) -> tuple[QRectF, ...]:
        """Where each column is drawn, from the top of the widget to its bottom."""
        return self._layout().columns

    def _words(self) -> tuple[ColumnWords, ColumnWords]:
        return self._layout().words

    def _restyle(self) -> None:
        self._laid_out = None
        self.update()

    def _layout(self) -> _Layout:
        """Where everything stands; made again for other values or another size."""
        found = self._laid_out
        if found is None or found.content is not self._content or found.size != self.size():
            found = self._laid_out = self._lay_out()
        return found

    def _lay_out(self) -> _Layout:
        content, widths = self._content, self._widths()
        counts = (len(content.steps), len(content.averages))
        words = (
            column_words(content.steps, widths[0] / max(1, counts[0])),
            column_words(content.averages, widths[1] / max(1, counts[1])),
        )
        top = scaled(HEAD) if counts[1] else 8
        height = max(20, self.height() - top - max(word.height for word in words) - 6)
        steps = QRectF(scaled(LEFT), top, widths[0], height)
        averages = QRectF(steps.right() + 8, top, widths[1], height) if counts[1] else QRectF()
        columns = []
        for part, count in zip((steps, averages), counts, strict=True):
            width = part.width() / max(1, count)
            columns += [QRectF(part.left() + i * width, 0, width, self.height()) for i in range(count)]
        return _Layout(content, self.size(), (steps, averages), words, tuple(columns))

    def _widths(self) -> tuple[float, float]:
        """Of the steps' part and of the averages'."""
        room, steps, averages = (
            max(20, self.width() - scaled(LEFT) - 4),
            len(self._content.steps),
            len(self._content.averages),
        )
        if not averages:
            return room, 0.0
        share = min(max(room * averages / (averages + max(2, steps)), LEAST_AVERAGES), 0.45 * room)
        return room - share - 8, share

    # --- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axis, grounds, levels, lines, marks, numbers, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        steps, averages = self.parts()
        low, high = self._content.range(LEAST_RANGE)
        self._paint_averages_ground(painter, averages)
        inner = steps.adjusted(0, scaled(NUMBER) + 4, 0, -8)

        def height_of(value: float) -> float:
            return inner.bottom() - (value - low) / (high - low) * inner.height()

        pitch = min(TICKS_APART, max(ROW, inner.height() / 4))  # two or three in a low window
        ticks = linear_ticks(low, high, inner.height(), pitch)
        self._paint_axis(painter, [(height_of(tick), words) for tick, words in ticks])
        self._paint_selected(painter)
        taken: list[QRectF] = []
        centres = [rect.center().x() for rect in self.column_rects()]
        marks = [
            _extent(mark, centre, height_of)
            for line in self._content.lines
            for centre, mark in zip(centres, (*line.steps, *line.averages), strict=True)
            if mark is not None
        ]
        for level in self._content.levels:
            self._paint_level(painter, level, height_of(level.value), marks, taken)
        for line in reversed(self._content.lines):
            self._paint_line(painter, line, centres, height_of)
        if self._content.lines:
            self._paint_numbers(painter, self._content.lines[0], centres, height_of, taken)
        if not marks:
            self._paint_note(painter, steps)
        for part, words in zip((steps, averages), self._words(), strict=True):
            paint_words(painter, words, part.left(), part.right(), steps.bottom() + 4)
        painter.end()

    def _paint_note(self, painter: QPainter, part: QRectF) -> None:
        painter.setFont(theme.font("explain"))
        painter.setPen(theme.current().color("text3"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(part, int(flags), self.tr("The first point comes when the first network has learnt."))

    def _paint_averages_ground(self, painter: QPainter, part: QRectF) -> None:
        if part.isEmpty():
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("sunken"))
        painter.drawRoundedRect(QRectF(part.left() - 4, 0, part.width() + 6, self.height()), 6, 6)
        for row, (words, font, tone) in enumerate(
            (
                (self.tr("Their answers averaged"), "section", "text"),
                (self.tr("nothing is trained for it"), "axis", "text2"),
            )
        ):
            painter.setFont(theme.font(font))
            painter.setPen(theme.current().color(tone))
            elided = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, part.width())
            rect = QRectF(part.left(), 3 + row * scaled(ROW), part.width(), scaled(ROW))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, elided)

    def _paint_axis(self, painter: QPainter, ticks: Sequence[tuple[float, str]]) -> None:
        painter.setFont(theme.font("axis"))
        for y, words in ticks:
            painter.fillRect(
                QRectF(scaled(LEFT), round(y), self.width() - scaled(LEFT) - 2, 1),
                theme.current().color("grid"),
            )
            painter.setPen(theme.current().color("text3"))
            painter.drawText(
                QRectF(0, y - scaled(8), scaled(LEFT) - 6, scaled(16)),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                words,
            )

    def _paint_selected(self, painter: QPainter) -> None:
        if self.hasFocus() and 0 <= self._selected < len(self._content.columns):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.current().color("accent"), 2))
            rect = self.column_rects()[self._selected]
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
        elif self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.current().color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_level(
        self, painter: QPainter, level: ChartLevel, y: float, marks: Sequence[QRectF], taken: list[QRectF]
    ) -> None:
        """A level line with its words below or above it, at an end of a part or between two columns: where they cover least."""
        painter.setPen(reference_pen(level.role))
        painter.drawLine(QPointF(scaled(LEFT), y), QPointF(self.width() - 4, y))
        painter.setFont(theme.font("axis"))
        width = QFontMetricsF(painter.font()).horizontalAdvance(level.label) + 8
        steps, averages = self.parts()
        lefts = [part.right() - width for part in (averages, steps) if not part.isEmpty()]
        columns = [rect.center().x() for rect in self.column_rects()]
        between = [(one + other - width) / 2 for one, other in pairwise(columns)][::-1]
        places = [
            QRectF(left, top, width, scaled(15))
            for left in (*lefts, scaled(LEFT) + 2.0, *between)
            for top in (y + 3, y - 3 - scaled(15))
        ]
        place = min(places, key=lambda place: sum(place.intersects(other) for other in (*marks, *taken, *taken)))
        taken.append(place)
        painter.setPen(theme.current().color("text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, level.label)

    def _paint_line(self, painter: QPainter, line: ChartLine, centres: Sequence[float], height_of: HeightOf) -> None:
        first = line is self._content.lines[0]
        count = len(line.steps)
        marks = (*line.steps, *line.averages)
        room = [rect.width() for rect in self.column_rects()]
        painter.setPen(QPen(line.stroke.color, 2))
        known = [QPointF(centres[i], height_of(mark.value)) for i, mark in enumerate(line.steps) if mark is not None]
        painter.drawPolyline(known)
        if first:
            self._paint_steps_down(painter, line, centres, height_of)
        for i, mark in enumerate(marks):
            if mark is None:
                continue
            radius = max(1.5, min(5.0 if first else 4.0, room[i] * 0.3))
            column = self._content.columns[i]
            color = theme.current().color("teacher") if column.role == "teacher" and first else line.stroke.color
            at = QPointF(centres[i], height_of(mark.value))
            paint_interval(painter, mark, at, height_of, color, min(5.0, room[i] * 0.3))
            painter.setPen(QPen(theme.current().color("surface") if not mark.hollow else color, 1.5))
            painter.setBrush(theme.current().color("surface") if mark.hollow else color)
            paint_marker(
                painter, at, "diamond" if i >= count else line.stroke.marker or "circle", radius + (i >= count)
            )

    def _paint_steps_down(
        self, painter: QPainter, line: ChartLine, centres: Sequence[float], height_of: HeightOf
    ) -> None:
        """From each model that teaches a thin dotted line to the column it taught, at its own height."""
        pen = QPen(theme.current().mixed(line.stroke.color, 0.5), 1)
        pen.setDashPattern([1, 3])
        painter.setPen(pen)
        for i, column in enumerate(self._content.steps):
            teacher = line.steps[column.taught_by] if column.taught_by is not None else None
            if teacher is not None and column.taught_by is not None and line.steps[i] is not None:
                y = height_of(teacher.value)
                painter.drawLine(QPointF(centres[column.taught_by], y), QPointF(centres[i] + 8, y))

    def _paint_numbers(
        self, painter: QPainter, line: ChartLine, centres: Sequence[float], height_of: HeightOf, taken: list[QRectF]
    ) -> None:
        """Numbers where there is room: the lowest first, then the ends, then the others; of many those that have a name."""
        marks = [(i, mark) for i, mark in enumerate((*line.steps, *line.averages)) if mark is not None]
        if not marks:
            return
        named = [title for words in self._words() for title in words.titles]
        best = min(marks, key=lambda pair: pair[1].value)
        wanted = dict([best, marks[0], marks[-1], *((i, mark) for i, mark in marks if named[i])])
        levels = [height_of(level.value) for level in self._content.levels]
        path = [QPointF(centres[i], height_of(mark.value)) for i, mark in enumerate(line.steps) if mark is not None]
        room = [rect.width() for rect in self.column_rects()]
        font = theme.font("section")
        for i, mark in wanted.items():
            words = f"{mark.value:.1f}"
            width = QFontMetricsF(font).horizontalAdvance(words) + 4
            y = height_of(mark.value)
            above = min(height_of(mark.high) if mark.high is not None else y, y - 2) - 4 - scaled(NUMBER)
            below = max(height_of(mark.low) if mark.low is not None else y, y + 2) + 4
            left = min(max(centres[i] - width / 2, scaled(LEFT)), self.width() - width)
            places = [QRectF(left, top, width, scaled(NUMBER)) for top in (above, below)]
            if room[i] > 2 * (width + 10):
                places += [
                    QRectF(x, y - scaled(NUMBER) / 2, width, scaled(NUMBER))
                    for x in (centres[i] + 8, centres[i] - 8 - width)
                ]
            free = [place for place in places if self._is_free(place, taken)]
            # rather where neither its own line nor a level line goes through it
            crossed = [
                is_crossed(place, path) + any(place.top() < y < place.bottom() for y in levels) for place in free
            ]
            place = free[crossed.index(min(crossed))] if free else None
            if place is None:
                continue
            taken.append(place)
            painter.setFont(font)
            painter.setPen(theme.current().color("text"))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
            few = self._content.columns[i].few
            if few:
                self._paint_few(painter, few, QPointF(centres[i], max(below - 4, place.bottom())), taken)

    def _is_free(self, place: QRectF, taken: Sequence[QRectF]) -> bool:
        lowest = self.parts()[0].bottom() + 2
        return place.bottom() <= lowest and not any(place.intersects(other) for other in taken)

    def _paint_few(self, painter: QPainter, words: str, at: QPointF, taken: list[QRectF]) -> None:
        """How many seeds have come so far, below a mark, where there is room."""
        painter.setFont(theme.font("axis"))
        painter.setPen(theme.current().color("text3"))
        width = QFontMetricsF(painter.font()).horizontalAdvance(words) + 4
        place = QRectF(min(at.x() - width / 2, self.width() - 2.0 - width), at.y() + 2, width, scaled(15))
        if self._is_free(place, taken):
            taken.append(place)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    # --- Qt's own ----------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Small; it takes what it gets."""
        return QSize(320, scaled(LEAST_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from column to column."""
        last = len(self._content.columns) - 1
        to = {
            Qt.Key.Key_Left: self._selected - 1,
            Qt.Key.Key_Right: self._selected + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
        else:
            self.select(to)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the column under it."""
        number = self._column_at(event.position().x())
        if number is not None:
            self.select(number)

    def event(self, event: QEvent) -> bool:
        """A tool tip says the sentence of the column under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._column_at(event.pos().x())
            spoken = self._content.columns[number].spoken if number is not None else ""
            QToolTip.showText(event.globalPos(), plain_tip(spoken), self)
            return True
        return super().event(event)

    def _column_at(self, x: float) -> int | None:
        return next((i for i, rect in enumerate(self.column_rects()) if rect.left() <= x < rect.right()), None)


def _extent(mark: ChartMark, centre: float, height_of: HeightOf) -> QRectF:
    """The room of a mark and its interval."""
    y = height_of(mark.value)
    top = min(y - 6, height_of(mark.high)) if mark.high is not None else y - 6
    bottom = max(y + 6, height_of(mark.low)) if mark.low is not None else y + 6
    return QRectF(centre - 6, top, 12, bottom - top)
