"""Both networks as rows of blocks: the teacher's above, below it what the student has become so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.core.format import count
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.theme import scaled
from studio.gui.views.recasting.recast_state import BlockPair, RecastState
from studio.gui.widgets.swatch import paint_swatch

#: Pixels: the names at the left, the least and the largest block, the rows' middles, the height of all.
NAMES, LEAST, LARGEST, TEACHER, STUDENT, HEIGHT = 104, 14, 48, 48, 116, 172
#: A column narrower than this has no numbers.
NARROW = 20


@dataclass(frozen=True)
class _Column:
    pair: BlockPair
    left: float
    width: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


class BlockRows(GuardedOverrides, QWidget):
    """The rows. Exchanged blocks have the run's colour, those that are still the teacher's are pale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: RecastState | None = None
        self._index = 0
        theme.keep_length(self, QWidget.setFixedHeight, HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Blocks of teacher and student"))
        theme.notifier().changed.connect(self.update)

    def show_state(self, state: RecastState, color_index: int) -> None:
        """Show another state of a run of this colour."""
        self._state, self._index = state, color_index
        self.setAccessibleDescription("; ".join(self._said(pair) for pair in state.pairs))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, scaled(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Sizes of maps, the block at work, both rows, the place of comparison, numbers."""
        if self._state is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns = self._columns()
        self._paint_sizes(painter, columns)
        self._paint_work(painter, columns)
        self._paint_names(painter)
        painter.setPen(QPen(theme.current().color("button_border"), 1))
        for row in (scaled(TEACHER), scaled(STUDENT)):
            painter.drawLine(QPointF(scaled(NAMES), row), QPointF(self.width() - 4, row))
        for column in columns:
            self._paint_pair(painter, column)
            self._paint_number(painter, column)
        self._paint_comparison(painter, columns)
        painter.end()

    def _columns(self) -> list[_Column]:
        pairs = self._state.pairs if self._state is not None else ()
        width = (self.width() - scaled(NAMES) - 12) / max(1, len(pairs))
        return [_Column(pair, scaled(NAMES) + i * width, width) for i, pair in enumerate(pairs)]

    def _side(self, channels: int) -> float:
        assert self._state is not None
        widest = max(pair.teacher.channels for pair in self._state.pairs)
        return scaled(LEAST) + (scaled(LARGEST) - scaled(LEAST)) * sqrt(channels / max(1, widest))

    def _paint_sizes(self, painter: QPainter, columns: list[_Column]) -> None:
        """Above the blocks that give maps of one size that size, with a line to either side."""
        painter.setFont(theme.font("axis"))
        metrics = painter.fontMetrics()
        for size, left, right in _spans(columns):
            words = f"{size} × {size}"
            width = metrics.horizontalAdvance(words)
            painter.setPen(theme.current().color("text3"))
            middle = (left + right) / 2
            if width + 4 > right - left:
                words, width = str(size), metrics.horizontalAdvance(str(size))
            painter.drawText(QRectF(middle - width, 2, 2 * width, scaled(14)), int(Qt.AlignmentFlag.AlignCenter), words)
            painter.setPen(QPen(theme.current().color("button_border"), 1))
            for begin, end in ((left + 5, middle - width / 2 - 5), (middle + width / 2 + 5, right - 5)):
                if end > begin:
                    painter.drawLine(QPointF(begin, 9), QPointF(end, 9))

    def _paint_work(self, painter: QPainter, columns: list[_Column]) -> None:
        for column in columns:
            if column.pair.state == "at work":
                painter.setPen(QPen(theme.current().color("accent"), 1.5))
                painter.setBrush(theme.current().color("accent_soft"))
                painter.drawRoundedRect(QRectF(column.left + 1, 20, column.width - 2, scaled(HEIGHT) - 22), 5, 5)

    def _paint_names(self, painter: QPainter) -> None:
        assert self._state is not None
        rows = (
            (scaled(TEACHER), "teacher", self.tr("Teacher"), self._state.told.teacher.title),
            (scaled(STUDENT), "run", self.tr("Student"), self.tr("so far")),
        )
        for middle, role, title, words in rows:
            paint_swatch(
                painter,
                QRectF(0, middle - scaled(16) - 1, 18, scaled(16)),
                "teacher" if role == "teacher" else "run",
                self._index,
            )
            painter.setFont(theme.font("section"))
            painter.setPen(theme.current().color("text"))
            painter.drawText(
                QRectF(22, middle - scaled(16) - 1, scaled(NAMES) - 24, scaled(16)),
                int(Qt.AlignmentFlag.AlignVCenter),
                title,
            )
            painter.setFont(theme.font("axis"))
            painter.setPen(theme.current().color("text3"))
            elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, scaled(NAMES) - 6)
            painter.drawText(
                QRectF(0, middle, scaled(NAMES) - 4, scaled(16)), int(Qt.AlignmentFlag.AlignVCenter), elided
            )

    def _paint_pair(self, painter: QPainter, column: _Column) -> None:
        pair, colors = column.pair, theme.current()
        self._paint_block(painter, column, scaled(TEACHER), pair.teacher.channels, colors.color("teacher"), 0.25)
        exchanged = pair.state in ("done", "at work")
        color = colors.run_color(self._index) if exchanged else colors.color("teacher")
        self._paint_block(painter, column, scaled(STUDENT), pair.student.channels, color, 0.25 if exchanged else 0.08)

    def _paint_block(
        self, painter: QPainter, column: _Column, middle: float, channels: int, color: QColor, share: float
    ) -> None:
        colors = theme.current()
        height = self._side(channels)
        width = max(3.0, min(column.width - 4, 42.0))
        box = QRectF(column.middle - width / 2, middle - height / 2, width, height)
        pale = share < 0.2
        painter.setPen(QPen(colors.mixed(color, 0.55) if pale else color, 1.2))
        painter.setBrush(colors.mixed(color, share))
        painter.drawRoundedRect(box, 3, 3)
        if column.width >= NARROW and height >= 13:
            painter.setFont(theme.font("axis"))
            painter.setPen(colors.color("text3" if pale else "text"))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(channels))

    def _paint_number(self, painter: QPainter, column: _Column) -> None:
        pair, colors = column.pair, theme.current()
        if not pair.number:
            return
        tone = {"done": "good", "at work": "accent"}.get(pair.state, "text3")
        words = f"✓ {pair.number}" if pair.state == "done" else str(pair.number)
        if pair.state == "at work":
            words = self.tr("block {n}").format(n=pair.number)
        painter.setFont(theme.font("section" if pair.state == "at work" else "axis"))
        metrics = painter.fontMetrics()
        if metrics.horizontalAdvance(words) > column.width:
            words = str(pair.number) if pair.number % 5 == 0 or pair.state == "at work" else ""
        painter.setPen(colors.color(tone))
        painter.drawText(
            QRectF(column.middle - scaled(24), scaled(HEIGHT - 22), scaled(48), scaled(16)),
            int(Qt.AlignmentFlag.AlignCenter),
            words,
        )

    def _paint_comparison(self, painter: QPainter, columns: list[_Column]) -> None:
        """A dotted line through both networks behind the block where they are compared."""
        assert self._state is not None
        for index in self._state.compared:
            x = columns[min(index, len(columns) - 1)].left + columns[0].width
            scores = index >= len(columns)
            x += 5 if scores else 0
            colors = theme.current()
            pen = QPen(colors.color("text"), 1.5)
            pen.setDashPattern([1, 2])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, scaled(TEACHER)), QPointF(x, scaled(STUDENT)))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("text"))
            for row in (scaled(TEACHER), scaled(STUDENT)):
                painter.drawEllipse(QPointF(x, row), 2.5, 2.5)
            if index == self._state.compared[-1]:
                self._paint_chip(painter, x, self.tr("compared at the scores") if scores else self.tr("compared here"))

    def _paint_chip(self, painter: QPainter, x: float, words: str) -> None:
        colors = theme.current()
        painter.setFont(theme.font("axis"))
        width = painter.fontMetrics().horizontalAdvance(words) + 16
        left = min(max(scaled(NAMES), x - width / 2), self.width() - width - 1.0)
        box = QRectF(left, (scaled(TEACHER) + scaled(STUDENT)) / 2 - scaled(9), width, scaled(18))
        painter.setPen(QPen(colors.color("button_border"), 1))
        painter.setBrush(colors.color("surface"))
        painter.drawRoundedRect(box, 9, 9)
        painter.setPen(colors.color("text"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    def event(self, event: QEvent) -> bool:
        """A tool tip says all of a block: its kind, channels and parameters."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            x = event.pos().x()
            found = next((each for each in self._columns() if each.left <= x < each.left + each.width), None)
            QToolTip.showText(event.globalPos(), plain_tip(self._said(found.pair)) if found else "", self)
            return True
        return super().event(event)

    def _said(self, pair: BlockPair) -> str:
        states = {
            "kept": self.tr("kept"),
            "waiting": self.tr("not yet exchanged"),
            "at work": self.tr("at work"),
            "done": self.tr("exchanged"),
        }
        words = self.tr(
            "{name}, {state}: {before} channels, {parameters} parameters before; {now} and {now_parameters} now"
        )
        return words.format(
            name=pair.teacher.name,
            state=states[pair.state],
            before=pair.teacher.channels,
            parameters=count(pair.teacher.parameters),
            now=pair.student.channels,
            now_parameters=count(pair.student.parameters),
        )


def _spans(columns: list[_Column]) -> Iterator[tuple[int, float, float]]:
    """Neighbouring blocks that give maps of one size: the size, and from where to where."""
    begin = 0
    for i, column in enumerate(columns):
        last = i + 1 == len(columns) or columns[i + 1].pair.teacher.height != column.pair.teacher.height
        if last:
            yield column.pair.teacher.height, columns[begin].left, column.left + column.width
            begin = i + 1
