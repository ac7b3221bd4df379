"""Teacher and student drawn above each other, block by block, with a ring where a method may compare them."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import percent
from studio.gui import theme
from studio.gui.chooser.painted_line import paint_line
from studio.gui.presenters.pair_info import DrawnGroup, PairColumn, PairInfo
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled

#: Heights in logical pixels: the headings, a network's row, what stands between both.
_HEAD, _ROW, _BETWEEN = 26, 78, 46
#: The methods below: the most lines of a place, and the height of one.
_LINES, _LINE = 3, 16
_DRAWN = _HEAD + 2 * _ROW + _BETWEEN
_HEIGHT = _DRAWN + 14 + _LINES * _LINE
#: Room for a network's name at the left, and at the right for its mean and its answers: where there is enough, and else.
_WIDE, _TIGHT = (96, 76, 84), (84, 44, 64)
#: From this width on there is enough.
_ROOMY = 520
#: Between two blocks, and what a ring takes with the room around it.
_GAP, _RING = 3, 28
#: Narrower columns say how many methods compare there, and do not name them; the narrowest say nothing.
_NAMED, _COUNTED = 64, 14
#: From the left of a mean's block to its ring.
_BLOCK_OF_MEAN = 28
#: Of a block: height by its map, width by its channels; the most blocks of a group that are drawn.
_TALLEST, _LOWEST, _WIDEST, _NARROWEST, _MOST = 64.0, 10.0, 20.0, 4.0, 4


class PairDrawing(GuardedOverrides, QWidget):
    """Shows a pair; what it says stands in its accessible description as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair: PairInfo | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Teacher and student, group by group"))
        theme.notifier().changed.connect(self._follow_theme)

    def _follow_theme(self) -> None:
        """Other colours, or letters of another size, which take another height."""
        self.updateGeometry()
        self.update()

    def show_pair(self, pair: PairInfo) -> None:
        """Draw it."""
        self._pair = pair
        lines = [self.tr("Group {n}: {words}").format(n=n, words=self._words(column)) for n, column in _numbered(pair)]
        places = [(self.tr("Group {n}").format(n=n), column.methods) for n, column in _numbered(pair)]
        places += [(self.tr("Mean"), pair.by_mean), (self.tr("Answers"), pair.by_answers)]
        compared = [
            self.tr("{place} compared by {methods}").format(place=place, methods=", ".join(titles))
            for place, titles in places
            if titles
        ]
        right, alone = self._reached_words(pair)
        reached = [f"{title}: {words}" for title, words in ((pair.teacher, right), (pair.student, alone)) if words]
        self.setAccessibleDescription(". ".join([*lines, *compared, *reached]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(_ROOMY), scaled(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(240), scaled(_HEIGHT))

    @property
    def _margins(self) -> tuple[int, int, int]:
        """Room for names, means and answers."""
        name, mean, answers = _WIDE if self.width() >= scaled(_ROOMY) else _TIGHT
        return scaled(name), scaled(mean), scaled(answers)

    def _words(self, column: PairColumn) -> str:
        sides = [group for group in (column.teacher, column.student) if group is not None]
        if len(sides) < 2:
            return self.tr("{map}, {channels} channels").format(map=_map(sides[0]), channels=sides[0].channels)
        return f"{self._map_words(*sides)}, {self._channel_words(*sides)}"

    def _map_words(self, teacher: DrawnGroup, student: DrawnGroup) -> str:
        if teacher.side == student.side:
            return self.tr("{map} on both sides").format(map=_map(teacher))
        return self.tr("{teacher} and {student}").format(teacher=_map(teacher), student=_map(student))

    def _channel_words(self, teacher: DrawnGroup, student: DrawnGroup) -> str:
        if teacher.channels == student.channels:
            return self.tr("{n} channels").format(n=teacher.channels)
        return self.tr("{teacher} and {student} channels").format(teacher=teacher.channels, student=student.channels)

    # --- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._pair is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.current()
        upper, lower = (
            scaled(_HEAD) + scaled(_ROW) / 2,
            scaled(_HEAD) + scaled(_ROW) + scaled(_BETWEEN) + scaled(_ROW) / 2,
        )
        name, mean, answers = self._margins
        right, alone = self._reached_words(self._pair)
        rows = (
            (upper, colors.color("teacher"), (self.tr("Teacher"), self._pair.teacher, right)),
            (lower, colors.run_color(0), (self.tr("Student"), self._pair.student, alone)),
        )
        for middle, color, lines in rows:
            self._paint_name(painter, middle, color, *lines)
            painter.setPen(QPen(colors.color("button_border"), 1))
            painter.drawLine(QPointF(name, middle), QPointF(self.width() - 8, middle))
        step = (self.width() - name - mean - answers) / max(1, len(self._pair.columns))
        scale = _Scale(self._pair, step)
        for number, column in _numbered(self._pair):
            self._paint_column(painter, name + (number - 1) * step, step, number, column, scale)
        self._paint_mean(painter, upper, lower)
        self._paint_answers(painter, upper, lower)
        self._paint_methods(painter, self._pair, step)

    def _reached_words(self, pair: PairInfo) -> tuple[str, str]:
        """What teacher and student alone got right before; empty where that is not known."""
        teacher, alone = pair.reached.teacher, pair.reached.alone
        return (
            self.tr("{accuracy} right").format(accuracy=percent(teacher)) if teacher is not None else "",
            self.tr("{accuracy} alone").format(accuracy=percent(alone)) if alone is not None else "",
        )

    def _paint_name(self, painter: QPainter, middle: float, color: QColor, role: str, title: str, reached: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(0, middle - scaled(11) - 3.5, 12, 7), 3, 3)
        paint_line(
            painter,
            QRectF(18, middle - scaled(20), self._margins[0] - 24, scaled(18)),
            role,
            "choice",
            "text",
        )
        below = QRectF(0, middle, self._margins[0] - 8, scaled(18))
        paint_line(painter, below, title, "explain", "text2")
        paint_line(painter, below.translated(0, scaled(17)), reached, "axis", "text2")

    def _paint_column(
        self, painter: QPainter, left: float, step: float, number: int, column: PairColumn, scale: _Scale
    ) -> None:
        upper, lower = (
            scaled(_HEAD) + scaled(_ROW) / 2,
            scaled(_HEAD) + scaled(_ROW) + scaled(_BETWEEN) + scaled(_ROW) / 2,
        )
        title = self.tr("Group {n}").format(n=number) if step >= scaled(70) else str(number)
        centre = Qt.AlignmentFlag.AlignHCenter
        paint_line(painter, QRectF(left, 4, step - 4, scaled(18)), title, "section", "text", centre)
        ring = left + step - 16
        teacher, student = theme.current().color("teacher"), theme.current().run_color(0)
        if column.is_compared:
            painter.setPen(QPen(theme.current().color("text2"), 1.4, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(ring, upper + 7), QPointF(ring, lower - 7))
        for middle, color, group in ((upper, teacher, column.teacher), (lower, student, column.student)):
            if group is not None:
                self._paint_group(painter, ring - 14, middle, color, group, scale)
                painter.setPen(QPen(color, 2))
                painter.setBrush(theme.current().color("surface"))
                painter.drawEllipse(QPointF(ring, middle), 6, 6)
        self._paint_between(
            painter,
            QRectF(left + 2, scaled(_HEAD) + scaled(_ROW), step - 8, scaled(_BETWEEN)),
            column,
        )

    @staticmethod
    def _paint_group(
        painter: QPainter, right: float, middle: float, color: QColor, group: DrawnGroup, scale: _Scale
    ) -> None:
        height, width = scale.height(group.side), scale.width(group.channels)
        painter.setPen(QPen(color, 1.4))
        painter.setBrush(theme.current().mixed(color, 0.25))
        for number in range(min(group.blocks, scale.most)):
            box = QRectF(right - (number + 1) * width - number * _GAP, middle - height / 2, width, height)
            painter.drawRoundedRect(box, 2, 2)

    def _paint_between(self, painter: QPainter, area: QRectF, column: PairColumn) -> None:
        """What both have there, what differs in the colour of a warning."""
        if not column.is_compared or area.width() < scaled(60):
            return
        assert column.teacher is not None
        assert column.student is not None
        maps = self._map_words(column.teacher, column.student)
        channels = self._channel_words(column.teacher, column.student)
        if area.width() < scaled(120):
            maps, channels = _map(column.teacher), f"{column.teacher.channels}, {column.student.channels}"
            maps = maps if column.same_map else f"{maps}, {_map(column.student)}"
        box = area.adjusted(0, 4, 0, -4)
        painter.setPen(QPen(theme.current().color("border"), 1))
        painter.setBrush(theme.current().color("surface"))
        painter.drawRoundedRect(box, 6, 6)
        centre = Qt.AlignmentFlag.AlignHCenter
        upper = QRectF(box.left() + 3, box.top() + 1, box.width() - 6, scaled(18))
        paint_line(painter, upper, maps, "axis", "text" if column.same_map else "warning", centre)
        below = upper.translated(0, scaled(17))
        paint_line(painter, below, channels, "axis", "text" if column.same_channels else "warning", centre)

    def _paint_mean(self, painter: QPainter, upper: float, lower: float) -> None:
        """What is left of the last maps, a vector, and a ring where it is compared."""
        _, mean, answers = self._margins
        left = float(self.width() - answers - mean)
        ring = left + mean - (20 if mean > 2 * _BLOCK_OF_MEAN else 8)
        paint_line(
            painter,
            QRectF(left, 4, mean, scaled(18)),
            self.tr("Mean"),
            "section",
            "text",
            Qt.AlignmentFlag.AlignHCenter,
        )
        painter.setPen(QPen(theme.current().color("text2"), 1.4, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(ring, upper + 7), QPointF(ring, lower - 7))
        for middle, color in ((upper, theme.current().color("teacher")), (lower, theme.current().run_color(0))):
            painter.setPen(QPen(color, 1.4))
            painter.setBrush(theme.current().mixed(color, 0.25))
            painter.drawRoundedRect(QRectF(ring - _BLOCK_OF_MEAN, middle - 6, 12, 12), 2, 2)
            painter.setPen(QPen(color, 2))
            painter.setBrush(theme.current().color("surface"))
            painter.drawEllipse(QPointF(ring, middle), 6, 6)

    def _paint_methods(self, painter: QPainter, pair: PairInfo, step: float) -> None:
        """Below, under each place, the methods that compare there."""
        painter.setPen(QPen(theme.current().color("border"), 1))
        painter.drawLine(QPointF(0, scaled(_DRAWN) + 4), QPointF(self.width(), scaled(_DRAWN) + 4))
        top = scaled(_DRAWN) + 10.0
        name, mean, answers = self._margins
        paint_line(painter, QRectF(0, top, name - 4, scaled(_LINE)), self.tr("Compared by"), "section", "text")
        for number, column in _numbered(pair):
            self._paint_titles(
                painter, QRectF(name + (number - 1) * step, top, step - 6, scaled(_LINE)), column.methods
            )
        left = self.width() - answers - mean
        self._paint_titles(painter, QRectF(left, top, mean - 4, scaled(_LINE)), pair.by_mean)
        self._paint_titles(painter, QRectF(left + mean, top, answers, scaled(_LINE)), pair.by_answers)

    def _paint_titles(self, painter: QPainter, area: QRectF, titles: tuple[str, ...]) -> None:
        """One a line, and in the last how many more; where there is no room for names, how many."""
        most = _LINES if len(titles) <= _LINES else _LINES - 1
        words = [*titles[:most], *([self.tr("{n} more").format(n=len(titles) - most)] if len(titles) > most else [])]
        if area.width() < scaled(_NAMED) and titles:
            words = [str(len(titles))] if area.width() >= scaled(_COUNTED) else []
        for line, each in enumerate(words):
            place = area.translated(0, line * scaled(_LINE))
            paint_line(painter, place, each, "axis", "text2", Qt.AlignmentFlag.AlignHCenter)

    def _paint_answers(self, painter: QPainter, upper: float, lower: float) -> None:
        """Both answer: small bars, and a ring where answers are compared."""
        width = self._margins[2]
        left, ring = self.width() - width + 8.0, self.width() - width + 52.0
        paint_line(painter, QRectF(left, 4, width - 8, scaled(18)), self.tr("Answers"), "section", "text")
        painter.setPen(QPen(theme.current().color("text2"), 1.4, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(ring, upper + 7), QPointF(ring, lower - 7))
        for middle, color in ((upper, theme.current().color("teacher")), (lower, theme.current().run_color(0))):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            for number, height in enumerate((10, 26, 6, 16)):
                painter.drawRect(QRectF(left + number * 8, middle + 12 - height, 5, height))
            painter.setPen(QPen(color, 2))
            painter.setBrush(theme.current().color("surface"))
            painter.drawEllipse(QPointF(ring, middle), 6, 6)


class _Scale:
    """Maps and channels of a pair as heights and widths that have room in its columns, both on a logarithmic scale."""

    def __init__(self, pair: PairInfo, step: float) -> None:
        groups = [group for column in pair.columns for group in (column.teacher, column.student) if group is not None]
        self._side = max((group.side for group in groups), default=1)
        self._channels = max((group.channels for group in groups), default=1)
        #: The most blocks of a group that there is room for.
        self.most = max(1, min(_MOST, int((step - _RING) / (scaled(_NARROWEST) + _GAP))))
        most = max((min(group.blocks, self.most) for group in groups), default=1)
        self._widest = max(scaled(_NARROWEST), min(scaled(_WIDEST), (step - _RING - 6) / most - _GAP))

    def height(self, side: int) -> float:
        """Of a block whose map has this side; a vector is low."""
        return scaled(_LOWEST) + (scaled(_TALLEST) - scaled(_LOWEST)) * math.log1p(side - 1) / max(
            1e-9, math.log1p(self._side - 1)
        )

    def width(self, channels: int) -> float:
        """Of a block with so many channels."""
        share = math.log1p(channels) / math.log1p(self._channels)
        return max(scaled(_NARROWEST), self._widest * share**2)


def _numbered(pair: PairInfo) -> list[tuple[int, PairColumn]]:
    return list(enumerate(pair.columns, start=1))


def _map(group: DrawnGroup) -> str:
    return f"{group.side} × {group.side}"
