"""A cell for each channel of the teacher: how often the student is on its side, rare channels at the left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.charts.colormaps import colored
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.swatch import paint_swatch

#: Percent at the ends of the colour scale: half of all agree by luck, more or less; all agree.
LOW, HIGH = 50.0, 100.0
GAP, LEAST_ROW, THICKEST_ROW = 8, 11, 36


@dataclass(frozen=True, eq=False)
class ChannelRow:
    """One row of cells: percent (C,) of agreement and share (C,) of firing, by the teacher's channel."""

    run: str
    stroke: Stroke
    percent: np.ndarray
    firing: np.ndarray


class ChannelCells(GuardedOverrides, QWidget):
    """Rows of cells, group by group, a row a run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[tuple[str, tuple[ChannelRow, ...]], ...] = ()
        self._images: list[list[tuple[np.ndarray, QImage]]] = []
        self._key: object = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Agreement by channel"))
        theme.notifier().changed.connect(self.update)

    def show_groups(self, groups: tuple[tuple[str, tuple[ChannelRow, ...]], ...], key: object) -> None:
        """Show (name of the group, its rows); ``key`` is another whenever the numbers are."""
        if key == self._key:
            return
        self._key, self._groups = key, groups
        self._images = [[_image(row) for row in rows] for _, rows in groups]
        rows = sum(len(rows) for _, rows in groups)
        theme.keep_length(self, QWidget.setMinimumHeight, rows * LEAST_ROW + len(groups) * GAP)
        worst = self.tr("{group}: {n} of {all} channels agree on fewer than 75 %")
        self.setAccessibleDescription(
            "; ".join(
                worst.format(group=name, n=int((rows[0].percent < 75).sum()), all=len(rows[0].percent))
                for name, rows in groups
                if rows
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Small; it takes what it gets."""
        return QSize(280, 110)

    def _rows(self) -> list[tuple[int, int, QRectF]]:
        """Group, row in it, and where its cells are."""
        count = sum(len(rows) for _, rows in self._groups)
        room = self.height() - len(self._groups) * GAP
        height = min(theme.scaled(THICKEST_ROW), max(theme.scaled(LEAST_ROW), room // max(1, count)))
        gap = (self.height() - count * height) / max(1, len(self._groups))
        left = self.cells_left()
        found, y = [], 0.0
        for g, (_, rows) in enumerate(self._groups):
            for r in range(len(rows)):
                found.append((g, r, QRectF(left, y, self.width() - left, height - 1)))
                y += height
            y += gap
        return found

    def cells_left(self) -> int:
        """Where the cells begin, in pixels."""
        return self._name_width() + (22 if self._several() else 0)

    def _name_width(self) -> int:
        return theme.scaled(88 if self.width() > theme.scaled(380) else 60)

    def _several(self) -> bool:
        return any(len(rows) > 1 for _, rows in self._groups)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names, swatches where there are several runs, cells."""
        painter = QPainter(self)
        for g, r, rect in self._rows():
            name, rows = self._groups[g]
            if r == 0:
                self._paint_name(painter, name, len(rows[0].percent), rect, len(rows))
            if self._several():
                paint_swatch(
                    painter, QRectF(rect.left() - 22, rect.top(), 18, rect.height()), "run", rows[r].stroke.index
                )
            painter.drawImage(rect, self._images[g][r][1])
        painter.end()

    def _paint_name(self, painter: QPainter, name: str, channels: int, first: QRectF, rows: int) -> None:
        colors = theme.current()
        painter.setFont(theme.font("section"))
        painter.setPen(colors.color("text"))
        line = QFontMetricsF(painter.font()).height()
        painter.drawText(QRectF(0, first.top(), self._name_width(), line), int(Qt.AlignmentFlag.AlignVCenter), name)
        if rows * first.height() >= 2 * line - 4 and self._name_width() > theme.scaled(80):
            painter.setFont(theme.font("axis"))
            painter.setPen(colors.color("text2"))
            words = self.tr("{n} channels").format(n=channels)
            below = QRectF(0, first.top() + line - 1, self._name_width(), line)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter), words)

    def event(self, event: QEvent) -> bool:
        """A channel's numbers as a tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self.words_at(event.pos().x(), event.pos().y())), self)
            return True
        return super().event(event)

    def words_at(self, x: float, y: float) -> str:
        """What is known of the channel at a pixel; nothing beside the cells."""
        for g, r, rect in self._rows():
            if rect.contains(x, y):
                row, order = self._groups[g][1][r], self._images[g][r][0]
                channel = int(order[min(len(order) - 1, int((x - rect.left()) / rect.width() * len(order)))])
                words = self.tr("{run}: channel {n} agrees on {percent:.0f} %; the teacher's fires on {firing:.0f} %")
                return words.format(
                    run=row.run, n=channel + 1, percent=row.percent[channel], firing=100 * row.firing[channel]
                )
        return ""


def _image(row: ChannelRow) -> tuple[np.ndarray, QImage]:
    """The order of the channels by how often they fire, and their colours in that order."""
    order = np.argsort(row.firing, kind="stable")
    colors = np.ascontiguousarray(colored((row.percent[order] - LOW) / (HIGH - LOW), "viridis")[None])
    return order, QImage(colors.data, len(order), 1, 3 * len(order), QImage.Format.Format_RGB888).copy()
