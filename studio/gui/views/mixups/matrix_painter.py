"""How a confusion matrix is drawn: cells, bands, numbers where they fit, names beside and above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from studio.gui import theme
from studio.gui.theme import scaled
from studio.gui.views.charts.told_apart import told_apart
from studio.gui.views.mixups.matrix_content import MatrixContent
from studio.gui.views.mixups.matrix_places import MatrixPlaces

#: Pixels: the strip of a band, the least side of a cell with a name, and of one with a number.
STRIP, NAMED, NUMBERED = 6.0, 13.0, 19.0
#: Pixels of the least side of a cell from which on lines stand between cells.
_LINED = 9


class Marks(NamedTuple):
    """The row and column of the cells that are framed; None for none."""

    under: tuple[int, int] | None
    chosen: tuple[int, int] | None


class MatrixPainter:
    """Draws a matrix where its cells stand.

    Args:
        places: of its cells; where they stand may change.
    """

    def __init__(self, places: MatrixPlaces) -> None:
        self._places = places
        self._image = QImage()
        self._pixels = b""

    def restyle(self, content: MatrixContent) -> None:
        """Take the colours of all cells, of the theme in force; to be called for another content as well."""
        k = content.count
        self._pixels = content.colors().tobytes()  # the image does not keep them
        self._image = QImage(self._pixels, k, k, 3 * k, QImage.Format.Format_RGB888)

    def paint(self, painter: QPainter, size: QSize, content: MatrixContent, marks: Marks) -> None:
        """All of it, within a canvas of this size."""
        places = self._places
        left, top = places.place(0, 0)
        side = places.cell * content.count
        painter.setClipRect(QRectF(places.left, places.top, size.width() - places.left, size.height() - places.top))
        painter.drawImage(QRectF(left, top, side, side), self._image)
        self._paint_lines(painter, content, left, top, side)
        if places.cell >= scaled(NUMBERED):
            self._paint_numbers(painter, content)
        self._paint_marks(painter, marks)
        painter.setClipping(False)
        self._paint_heads(painter, content, marks)

    def _paint_lines(self, painter: QPainter, content: MatrixContent, left: float, top: float, side: float) -> None:
        """Between cells that are large, around bands, around all."""
        colors, cell = theme.current(), self._places.cell
        if cell >= _LINED:
            painter.setPen(QPen(colors.color("grid"), 1))
            for i in range(1, content.count):
                painter.drawLine(QPointF(left + i * cell, top), QPointF(left + i * cell, top + side))
                painter.drawLine(QPointF(left, top + i * cell), QPointF(left + side, top + i * cell))
        painter.setPen(QPen(colors.color("button_border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, top, side, side))
        for band in content.bands:
            for at in (band.begin, band.end):
                painter.drawLine(QPointF(left + at * cell, top), QPointF(left + at * cell, top + side))
                painter.drawLine(QPointF(left, top + at * cell), QPointF(left + side, top + at * cell))

    def _paint_numbers(self, painter: QPainter, content: MatrixContent) -> None:
        colors, cell = theme.current(), self._places.cell
        strong = content.strengths()
        painter.setFont(theme.font("axis"))
        metrics = QFontMetricsF(painter.font())
        rows, columns = self._places.seen()
        for row in rows:
            for column in columns:
                words = content.number(row, column)
                if not words or metrics.horizontalAdvance(words) > cell - 2:
                    continue
                painter.setPen(_readable(strong[row, column], content, colors))
                painter.drawText(
                    QRectF(*self._places.place(row, column), cell, cell), int(Qt.AlignmentFlag.AlignCenter), words
                )

    def _paint_marks(self, painter: QPainter, marks: Marks) -> None:
        """The cell under the pointer, and the chosen one."""
        colors, cell = theme.current(), self._places.cell
        least = max(cell, 7.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for at, width in ((marks.under, 1.0), (marks.chosen, 2.0)):
            if at is None:
                continue
            x, y = self._places.place(*at)
            away = (least - cell) / 2
            painter.setPen(QPen(colors.color("accent"), width))
            painter.drawRect(QRectF(x - away, y - away, least, least))

    def _paint_heads(self, painter: QPainter, content: MatrixContent, marks: Marks) -> None:
        """Names of classes where rows are high enough, else of bands; those of the chosen and pointed cell are bold."""
        places = self._places
        strip = STRIP + 2 if content.bands else 0.0
        marked = [at for at in (marks.under, marks.chosen) if at is not None]
        rows, columns = places.seen()
        for upright in (False, True):
            lit = {at[1] if upright else at[0] for at in marked}
            for band_number, band in enumerate(content.bands):
                self._paint_strip(painter, band.begin, band.end, upright, band_number % 2 == 1)
            if places.cell >= scaled(NAMED):
                for i in columns if upright else rows:
                    self._paint_name(painter, content.names, i, (i, i + 1), upright, strip, i in lit)
                continue
            bands = [band.name for band in content.bands]
            for number, band in enumerate(content.bands):
                if (band.end - band.begin) * places.cell >= scaled(NAMED):
                    inside = any(band.begin <= i < band.end for i in lit)
                    self._paint_name(painter, bands, number, (band.begin, band.end), upright, strip, inside)
            if not content.bands:
                for i in lit:
                    self._paint_name(painter, content.names, i, (i, i + 1), upright, strip, True)

    def _paint_strip(self, painter: QPainter, begin: int, end: int, upright: bool, dark: bool) -> None:
        x, y = self._places.place(begin, begin)
        length = (end - begin) * self._places.cell
        edge = self._places.left if not upright else self._places.top
        start, stop = max(edge, x if upright else y), (x if upright else y) + length
        if stop <= start:
            return
        color = theme.current().color("field_border" if dark else "button_border")
        area = QRectF(start, edge - STRIP, stop - start, STRIP - 2)
        painter.fillRect(area if upright else QRectF(area.y(), area.x(), area.height(), area.width()), color)

    def _paint_name(
        self,
        painter: QPainter,
        names: Sequence[str],
        number: int,
        cells: tuple[int, int],
        upright: bool,
        strip: float,
        lit: bool,
    ) -> None:
        """One of ``names``, from a cell up to another: beside a row; above a column, read upwards where it is too narrow."""
        places, (begin, end), name = self._places, cells, names[number]
        x, y = places.place(begin, begin)
        middle = (x if upright else y) + (end - begin) * places.cell / 2
        edge = places.top if upright else places.left
        if middle < edge:
            return
        painter.setFont(theme.font("step" if lit else "axis"))
        painter.setPen(theme.current().color("text" if lit else "text2"))
        room = edge - strip - 5
        words = told_apart(names, painter.font(), room)[name]
        flags = int(
            Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if upright else Qt.AlignmentFlag.AlignRight)
        )
        if not upright:
            painter.drawText(QRectF(0, middle - scaled(8), room, scaled(16)), flags, words)
            return
        length = (end - begin) * places.cell
        if QFontMetricsF(painter.font()).horizontalAdvance(name) < length:  # short names need not be turned
            painter.drawText(
                QRectF(middle - length / 2, room - scaled(14), length, scaled(16)),
                int(Qt.AlignmentFlag.AlignCenter),
                name,
            )
            return
        painter.save()
        painter.translate(middle, room)
        painter.rotate(-90)
        painter.drawText(QRectF(0, -scaled(8), room, scaled(16)), flags, words)
        painter.restore()


def _readable(strength: float, content: MatrixContent, colors: theme.Theme) -> QColor:
    """The colour of a number on a cell of this strength."""
    stroke = content.first if strength >= 0 or content.second is None else content.second
    ground = colors.mixed(stroke.color, abs(strength))
    light, dark = sorted((colors.color("surface"), colors.color("text")), key=lambda color: -color.lightnessF())
    return dark if ground.lightnessF() > 0.52 else light
