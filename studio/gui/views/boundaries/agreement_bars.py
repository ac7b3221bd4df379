"""How many neurons are on and off together: bars for each group and run, each with its own mark for chance.

A full bar is read behind the map that all runs are read behind, an outlined one as its run itself compares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import percent
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.views.boundaries.group_readings import GroupReading
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.swatch import paint_marker

#: Pixels: the heads of the table's columns, the axis below, the table's columns, gaps between groups.
HEAD, AXIS, COLUMN, GROUP_GAP = 18, 18, 50, 6
THINNEST, THICKEST = 11, 32
#: The height of an outlined bar as a share of a full one's.
OUTLINED = 0.75
#: What stands in a column, None where there is nothing to say.
_Column = Callable[[GroupReading], float | None]
#: From this width on there is room for the columns that only repeat what marks say.
WIDE = 460
#: From this width of the bars on every quarter has a number.
FINE = 130


@dataclass(frozen=True)
class AgreementBar:
    """One bar: whose it is, and what it says."""

    run: str
    stroke: Stroke
    reading: GroupReading


class AgreementBars(GuardedOverrides, QWidget):
    """Bars from 0 to 100 %, and the numbers beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[tuple[str, tuple[AgreementBar, ...]], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Agreement by group"))
        theme.notifier().changed.connect(self.update)

    def show_groups(self, groups: tuple[tuple[str, tuple[AgreementBar, ...]], ...]) -> None:
        """Show (name of the group, its bars), in forward order."""
        if groups == self._groups:
            return
        self._groups = groups
        least = HEAD + AXIS + _rows(groups) * (THINNEST + 2) + len(groups) * GROUP_GAP + 1
        theme.keep_length(self, QWidget.setMinimumHeight, least)
        self.setAccessibleDescription("; ".join(self._said(name, bar) for name, bars in groups for bar in bars))
        self.update()

    def _said(self, group: str, bar: AgreementBar) -> str:
        """A bar in words."""
        reading = bar.reading
        said = self.tr("{group}, {run}: {percent:.1f} %, chance {chance:.1f} %")
        if reading.own:
            said = self.tr("{group}, {run}, the run's own way: {percent:.1f} %, chance {chance:.1f} %")
        words = [said.format(group=group, run=bar.run, percent=reading.percent, chance=reading.chance)]
        for value, name in (
            (reading.start, self.tr("untrained {percent:.1f} %")),
            (reading.copied, self.tr("after copying {percent:.1f} %")),
            (reading.end, self.tr("at the end {percent:.1f} %")),
        ):
            if value is not None:
                words.append(name.format(percent=value))
        return ", ".join(words)

    @property
    def groups(self) -> tuple[tuple[str, tuple[AgreementBar, ...]], ...]:
        """What is shown."""
        return self._groups

    def sizeHint(self) -> QSize:
        """Small; it takes what it gets."""
        return QSize(280, 140)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Grid and axis, then group after group."""
        painter = QPainter(self)
        colors = theme.current()
        plain, bold = theme.font("axis"), theme.font("section")
        name_width = theme.scaled(64 if self.width() > 320 else 54)
        columns = self.columns()
        area = QRectF(
            name_width,
            theme.scaled(HEAD),
            max(20, self.width() - name_width - len(columns) * theme.scaled(COLUMN) - 6),
            self.height() - theme.scaled(HEAD) - theme.scaled(AXIS),
        )
        for tick in (0, 25, 50, 75, 100) if area.width() >= FINE else (0, 50, 100):
            x = area.left() + tick / 100 * area.width()
            painter.fillRect(QRectF(round(x), area.top(), 1, area.height()), colors.color("grid"))
            words = percent(1.0, 0) if tick == 100 else str(tick)
            _text(
                painter,
                plain,
                "text3",
                QRectF(x - 30, area.bottom() + 3, 60, theme.scaled(15)),
                words,
                Qt.AlignmentFlag.AlignHCenter,
            )
        for i, head in enumerate(columns):
            _text(
                painter,
                plain,
                "text2",
                self._column(i, len(columns), 0, theme.scaled(HEAD)),
                head,
                Qt.AlignmentFlag.AlignRight,
            )
        count = _rows(self._groups)
        room = area.height() - len(self._groups) * GROUP_GAP
        thick = min(THICKEST, max(THINNEST, room / max(1, count) - 2))
        gap = (area.height() - count * (thick + 2)) / max(1, len(self._groups))
        y = area.top() + gap / 2
        for name, bars in self._groups:
            whole = QRectF(0, y, name_width - 6, _rows([(name, bars)]) * (thick + 2))
            _text(painter, bold, "text", whole, name, Qt.AlignmentFlag.AlignVCenter)
            for bar in bars:
                room = (thick + 2) * _share(bar)
                row = QRectF(area.left(), y, area.width(), room - 2)
                _paint_bar(painter, bar, row)
                self._paint_numbers(painter, list(columns.values()), bar.reading, row)
                y += room
            y += gap
        painter.end()

    def columns(self) -> dict[str, _Column]:
        """The columns that say something and there is room for, by their heads."""
        columns: dict[str, _Column] = {self.tr("agree"): lambda reading: reading.percent}
        if self.width() >= WIDE:
            columns[self.tr("before")] = lambda reading: reading.start
        if any(bar.reading.copied is not None for _, bars in self._groups for bar in bars):
            columns[self.tr("copied")] = lambda reading: reading.copied
        columns[self.tr("end")] = lambda reading: reading.end
        if self.width() >= WIDE:
            columns[self.tr("chance")] = lambda reading: reading.chance
        readings = [bar.reading for _, bars in self._groups for bar in bars]
        return {head: of for head, of in columns.items() if any(of(reading) is not None for reading in readings)}

    def _paint_numbers(self, painter: QPainter, columns: list[_Column], reading: GroupReading, row: QRectF) -> None:
        """The numbers beside a bar; those of outlined bars are paler."""
        for i, column in enumerate(columns):
            value = column(reading)
            if value is not None:
                rect = self._column(i, len(columns), row.center().y() - theme.scaled(8), theme.scaled(16))
                font = theme.font("section" if i == 0 and not reading.own else "table")
                words = percent(value / 100) if i == 0 else f"{value:.1f}"
                role = "text2" if reading.own or i > 0 else "text"
                _text(painter, font, role, rect, words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _column(self, i: int, count: int, top: float, height: float) -> QRectF:
        return QRectF(self.width() - (count - i) * theme.scaled(COLUMN) - 2, top, theme.scaled(COLUMN), height)


def _share(bar: AgreementBar) -> float:
    """Of the height of a full bar."""
    return OUTLINED if bar.reading.own else 1.0


def _rows(groups: Sequence[tuple[str, Sequence[AgreementBar]]]) -> float:
    """The height of all bars, in full ones."""
    return sum(_share(bar) for _, bars in groups for bar in bars)


def _paint_bar(painter: QPainter, bar: AgreementBar, row: QRectF) -> None:
    """The bar, the upright mark of chance, and the hollow mark of the student that has learnt nothing."""
    colors, reading = theme.current(), bar.reading
    scale = row.width() / 100
    length = QRectF(row.left(), row.top(), reading.percent * scale, row.height())
    if reading.own:
        painter.setPen(QPen(bar.stroke.color, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(length.adjusted(0.75, 0.75, -0.75, -0.75))
    else:
        painter.fillRect(length, bar.stroke.color)
    _paint_run_mark(painter, bar.stroke, length)
    _paint_mark(painter, row, reading.chance * scale, colors.color("text"))
    if reading.start is not None:
        _paint_mark(painter, row, reading.start * scale, colors.color("surface"))


def _paint_run_mark(painter: QPainter, stroke: Stroke, bar: QRectF) -> None:
    """The mark of a run that shares its colour with another, at the beginning of its bar."""
    if stroke.marker:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().color("surface"), 1))
        painter.setBrush(stroke.color)
        paint_marker(painter, QPointF(bar.left() + 8, bar.center().y()), stroke.marker, 3)
        painter.restore()


def _paint_mark(painter: QPainter, row: QRectF, at: float, color: QColor) -> None:
    """An upright mark in its colour, with an edge that shows on bar and ground."""
    colors = theme.current()
    hollow = color == colors.color("surface")
    mark = row.left() + at
    edge = colors.color("text") if hollow else colors.color("surface")
    painter.fillRect(QRectF(mark - 2, row.top() - 1, 5, row.height() + 2), edge)
    inset = 1 if hollow else 0
    painter.fillRect(QRectF(mark - 1, row.top() - 1 + inset, 3, row.height() + 2 - 2 * inset), color)


def _text(painter: QPainter, font: QFont, role: str, rect: QRectF, words: str, flags: Qt.AlignmentFlag) -> None:
    painter.setFont(font)
    painter.setPen(theme.current().color(role))
    painter.drawText(rect, int(flags), words)
