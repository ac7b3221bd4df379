"""The table of probe pictures and maps: a row a picture; teacher, student and difference for each group of layers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.views.attention.attention_content import AttentionContent, GroupMaps, MapColumn, PictureCaption
from studio.gui.views.charts.colormaps import ColormapName, qt_table
from studio.gui.views.charts.curve_thinning import thin
from studio.gui.views.charts.maps import brightness, differences, pictures
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.swatch import paint_swatch

#: Sides of a cell in pixels.
SMALLEST, LARGEST = 36, 150
HEAD, CELL_GAP, GROUP_GAP, ROW_GAP = 46, 4, 14, 10
#: From this cell on, four lines of words fit beside a picture.
ROOMY = 70
#: The smallest cell at which three networks stand side by side; below it two of them take turns.
LEAST_OF_THREE = 44


class AttentionTable(GuardedOverrides, QWidget):
    """Paints :class:`AttentionContent`; cells are rendered once and kept until the maps or their size change.

    ``crowded_changed`` tells whether there is no room for three networks.
    """

    crowded_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content: AttentionContent | None = None
        self._opacity = 0.6
        self._top = 0
        self._cell = SMALLEST
        self._pictures: list[QPixmap] = []
        self._grey: list[QPixmap] = []
        self._cells: dict[tuple[int, MapColumn], list[QPixmap]] = {}
        self._second: MapColumn = "student"
        self._crowded = False
        self._rendered: tuple[object, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Attention maps"))
        theme.notifier().changed.connect(self._restyle)

    def show_content(self, content: AttentionContent) -> None:
        """Show other maps, or the same with other words."""
        if self._content is not None and content.same_as(self._content):
            return
        self._content = content
        self._fit()
        self.setAccessibleDescription(
            "; ".join(f"{g.name}: {_alike(self.tr('{n} % alike'), g)}" for g in content.groups if g.alike is not None)
        )
        self.update()

    def _restyle(self) -> None:
        self._fit()
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """How much of the map covers the picture, 0..1."""
        self._opacity = opacity
        self.update()

    def set_second(self, second: MapColumn) -> None:
        """Which network stands beside the teacher where there is no room for three: "student" or "alone"."""
        self._second = second
        self._fit()
        self.update()

    def set_top(self, y: int) -> None:
        """How far the table is scrolled: its head stays in sight."""
        self._top = y
        self.update()

    @property
    def content(self) -> AttentionContent | None:
        """What is shown."""
        return self._content

    # --- geometry ----------------------------------------------------------------------------------------------------

    def _columns(self, group: GroupMaps) -> tuple[MapColumn, ...]:
        if group.alone is None or group.student is None:
            found: tuple[MapColumn, ...] = ("teacher", "student", "difference")
            both = group.teacher is not None and group.student is not None
            return found if both else tuple(column for column in found if group.of(column) is not None)
        students: tuple[MapColumn, ...] = (self._second,) if self._crowded else ("student", "alone")
        return students if group.teacher is None else ("teacher", *students, "difference")

    def _fit(self) -> None:
        """The largest cell that fits the width; the height follows."""
        content = self._content
        if content is None:
            return
        before, self._crowded = self._crowded, False
        self._crowded = content.has_three and self._cell_in(content) < LEAST_OF_THREE
        self._cell = max(SMALLEST, min(LARGEST, self._cell_in(content)))
        columns = [len(self._columns(group)) for group in content.groups]
        least = self._label_width() + _gaps(columns) + SMALLEST * (1 + sum(columns))
        self.setMinimumSize(least, theme.scaled(HEAD) + len(content.captions) * self._row_height())
        if before != self._crowded:
            self.crowded_changed.emit(self._crowded)

    def _cell_in(self, content: AttentionContent) -> int:
        """The side of a cell that fills the width."""
        columns = [len(self._columns(group)) for group in content.groups]
        return (self.width() - self._label_width() - _gaps(columns) - 2) // (1 + sum(columns))

    def _label_width(self) -> int:
        return theme.scaled(112 if self.width() >= 700 else 80)

    def _row_height(self) -> int:
        says = max((len(caption.says) for caption in self._content.captions), default=0) if self._content else 0
        lines = 5 if self._is_wordy(says) else 1 + max(2, says)
        return max(self._cell, lines * theme.scaled(15)) + ROW_GAP

    def _is_wordy(self, says: int) -> bool:
        """Whether there is room to say in words who says what: of three networks each has its sign alone."""
        return self._cell >= ROOMY and says <= 2

    def _lefts(self) -> list[list[int]]:
        """The left edges of all cells: the picture's, then those of each group."""
        content = self._content
        assert content is not None
        x = self._label_width()
        lefts = [[x]]
        x += self._cell
        for group in content.groups:
            x += GROUP_GAP
            lefts.append([x + i * (self._cell + CELL_GAP) for i in range(len(self._columns(group)))])
            x = lefts[-1][-1] + self._cell
        return lefts

    def sizeHint(self) -> QSize:
        """Rather wide; the least height is set as content comes."""
        return QSize(600, 300)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cells follow the width."""
        super().resizeEvent(event)
        self._fit()

    # --- rendering ---------------------------------------------------------------------------------------------------

    def _render(self, content: AttentionContent) -> None:
        state = (content.key, self._cell, self._crowded, self._second)
        if state == self._rendered:
            return
        shown = pictures(content.inputs, self._cell)
        self._pictures = _pixmaps(shown)
        self._grey = _pixmaps(np.repeat(shown.mean(3, keepdims=True).astype(np.uint8), 3, axis=3))
        self._cells = {}
        for g, group in enumerate(content.groups):
            columns = self._columns(group)
            scale = group.teacher if group.teacher is not None else group.of(columns[0])
            for column in columns:
                maps = group.of(column)
                if column == "difference":
                    other = group.of(columns[1])
                    assert group.teacher is not None
                    assert other is not None
                    made = differences(group.teacher, other, self._cell)
                else:
                    assert maps is not None
                    made = brightness(maps, maps if content.own_scale or scale is None else scale, self._cell)
                self._cells[g, column] = _colored(made, "difference" if column == "difference" else "inferno")
        self._rendered = state

    # --- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows that are in sight, then the head over them."""
        content = self._content
        if content is None:
            return
        self._render(content)
        painter = QPainter(self)
        lefts = self._lefts()
        for row, caption in enumerate(content.captions):
            y = theme.scaled(HEAD) + row * self._row_height()
            if y + self._row_height() < event.rect().top() or y > event.rect().bottom():
                continue
            self._paint_caption(painter, caption, y)
            painter.drawPixmap(lefts[0][0], y, self._pictures[row])
            for (g, column), cells in self._cells.items():
                x = lefts[g + 1][self._columns(content.groups[g]).index(column)]
                if column != "difference":  # a map lies over the picture in grey, a difference on nothing
                    painter.drawPixmap(x, y, self._grey[row])
                    painter.setOpacity(self._opacity)
                painter.drawPixmap(x, y, cells[row])
                painter.setOpacity(1)
        self._paint_head(painter, content, lefts)
        painter.end()

    def _paint_caption(self, painter: QPainter, caption: PictureCaption, y: int) -> None:
        assert self._content is not None
        width = self._label_width() - 8
        x, y = 0, _line(painter, theme.font("strong"), "text", 0, y, width, caption.label)
        for role, words, wrong in caption.says:
            plain = theme.font("axis")
            if self._is_wordy(len(caption.says)):
                says = self.tr("teacher says") if role == "teacher" else self.tr("student says")
                y = _line(painter, plain, "text2", 0, y, width, says)
            else:
                paint_swatch(painter, QRectF(0, y + 2, 15, 11), role, self._content.stroke.index)
                x = 19
            tone = "error" if wrong else "text2"
            y = _line(painter, _bold(plain) if wrong else plain, tone, x, y, width - x, words)

    def _paint_head(self, painter: QPainter, content: AttentionContent, lefts: list[list[int]]) -> None:
        colors = theme.current()
        painter.fillRect(QRect(0, self._top, self.width(), theme.scaled(HEAD) - 4), colors.color("surface"))
        bold, small = theme.font("section"), theme.font("axis")
        base = self._top + theme.scaled(13)
        if self._cell >= 46:
            _text(painter, bold, "text", lefts[0][0], base, self.tr("Picture"))
        for group, xs in zip(content.groups, lefts[1:], strict=True):
            right = xs[-1] + self._cell
            end = _text(painter, bold, "text", xs[0], base, group.name)
            alike = _alike(self.tr("{n} % alike"), group) if "student" in self._columns(group) else ""
            start = right - QFontMetrics(small).horizontalAdvance(alike)
            _text(painter, small, "text2", start, base, alike)
            if alike or group.alike is None:  # the number is the student's, not that of the student alone
                self._paint_between(painter, group, end + 8, start - 8, base, content.stroke)
            painter.fillRect(QRect(xs[0], self._top + theme.scaled(20), right - xs[0], 1), colors.color("border"))
            for x, column in zip(xs, self._columns(group), strict=True):
                self._paint_column_name(painter, column, x, self._top + theme.scaled(36), content.stroke)

    def _paint_between(
        self, painter: QPainter, group: GroupMaps, left: int, right: int, base: int, stroke: Stroke
    ) -> None:
        """What fits between a group's name and its number: the size of its maps, the course of the number."""
        small = theme.font("axis")
        maps = group.student if group.student is not None else group.teacher
        words = self.tr("{h} × {w} map").format(h=maps.shape[1], w=maps.shape[2]) if maps is not None else ""
        width = QFontMetrics(small).horizontalAdvance(words)
        if right - left > width + 46:
            left = _text(painter, small, "text3", left, base, words) + 8
        if right - left > 30 and len(group.course) > 1:
            x, y = thin(np.linspace(max(left, right - 70), right, len(group.course)), group.course, 60)
            heights = base - 12 * (y - y.min()) / max(float(np.ptp(y)), 0.02)
            painter.setPen(QPen(stroke.color, 1.5))
            painter.drawPolyline(QPolygonF([QPointF(a, b) for a, b in zip(x, heights, strict=True)]))

    def _paint_column_name(self, painter: QPainter, column: MapColumn, x: int, base: int, stroke: Stroke) -> None:
        names: dict[MapColumn, str] = {
            "teacher": self.tr("Teacher"),
            "student": self.tr("Student"),
            "alone": self.tr("Alone"),
            "difference": self.tr("Difference"),
        }
        words, font = names[column], theme.font("axis")
        width = QFontMetrics(font).horizontalAdvance(words)
        if column == "difference":
            _text(painter, font, "text2", x, base, words if width <= self._cell else self.tr("Diff."))
            return
        if width > self._cell or width + 20 <= self._cell:
            paint_swatch(
                painter, QRectF(x, base - 9, 15, 10), stroke.role if column == "student" else column, stroke.index
            )
            x += 19
        if width <= self._cell:
            _text(painter, font, "text2", x, base, words)


def _gaps(columns: list[int]) -> int:
    """Pixels between the cells of groups with so many columns."""
    return len(columns) * GROUP_GAP + sum(n - 1 for n in columns) * CELL_GAP


def _pixmaps(pictures_: np.ndarray) -> list[QPixmap]:
    """(P, size, size, 3) uint8 as pixmaps."""
    made = []
    for picture in np.ascontiguousarray(pictures_):
        h, w, _ = picture.shape
        made.append(QPixmap.fromImage(QImage(picture.data, w, h, 3 * w, QImage.Format.Format_RGB888)))
    return made


def _colored(places: np.ndarray, name: ColormapName) -> list[QPixmap]:
    """(P, size, size) uint8 places in a colour table as pixmaps."""
    made = []
    for picture in np.ascontiguousarray(places):
        h, w = picture.shape
        image = QImage(picture.data, w, h, w, QImage.Format.Format_Indexed8)
        image.setColorTable(qt_table(name))
        made.append(QPixmap.fromImage(image))
    return made


def _text(painter: QPainter, font: QFont, role: str, x: int, base: int, words: str) -> int:
    """Write a line; returns where it ends."""
    painter.setFont(font)
    painter.setPen(theme.current().color(role))
    painter.drawText(x, base, words)
    return x + QFontMetrics(font).horizontalAdvance(words)


def _line(painter: QPainter, font: QFont, role: str, x: int, y: int, width: int, words: str) -> int:
    """Write a line from its top, elided to a width; returns the top of the next one."""
    metrics = QFontMetrics(font)
    _text(painter, font, role, x, y + metrics.ascent(), metrics.elidedText(words, Qt.TextElideMode.ElideRight, width))
    return y + max(15, metrics.height())


def _bold(font: QFont) -> QFont:
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _alike(template: str, group: GroupMaps) -> str:
    return "" if group.alike is None else template.format(n=round(100 * group.alike))
