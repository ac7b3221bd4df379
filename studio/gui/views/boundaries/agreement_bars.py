"""How many neurons are on and off together: a bar for each group and run, each with its own mark for chance."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import percent
from studio.gui import theme
from studio.gui.views.charts.strokes import Stroke

#: Pixels: the heads of the table's columns, the axis below, the table's columns, gaps between groups.
HEAD, AXIS, COLUMN, GROUP_GAP = 18, 18, 54, 8
THINNEST, THICKEST = 12, 32


@dataclass(frozen=True)
class AgreementBar:
    """One bar: percent of neurons that agree, and what chance would give at the firing rates of that run."""

    run: str
    stroke: Stroke
    percent: float
    chance: float


class AgreementBars(QWidget):
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
        bars = sum(len(bars) for _, bars in groups)
        self.setMinimumHeight(HEAD + AXIS + bars * (THINNEST + 2) + len(groups) * GROUP_GAP)
        said = self.tr("{group}, {run}: {percent:.1f} %, chance {chance:.1f} %")
        self.setAccessibleDescription(
            "; ".join(
                said.format(group=name, run=bar.run, percent=bar.percent, chance=bar.chance)
                for name, bars in groups
                for bar in bars
            )
        )
        self.update()

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
        name_width = 64 if self.width() > 320 else 54
        area = QRectF(
            name_width, HEAD, max(20, self.width() - name_width - 2 * COLUMN - 6), self.height() - HEAD - AXIS
        )
        for tick in (0, 25, 50, 75, 100):
            x = area.left() + tick / 100 * area.width()
            painter.fillRect(QRectF(round(x), area.top(), 1, area.height()), colors.color("grid"))
            words = percent(1.0, 0) if tick == 100 else str(tick)
            _text(
                painter, plain, "text3", QRectF(x - 30, area.bottom() + 3, 60, 15), words, Qt.AlignmentFlag.AlignHCenter
            )
        for i, head in enumerate((self.tr("agree"), self.tr("chance"))):
            _text(painter, plain, "text2", self._column(i, 0, HEAD), head, Qt.AlignmentFlag.AlignRight)
        count = sum(len(bars) for _, bars in self._groups)
        room = area.height() - len(self._groups) * GROUP_GAP
        thick = min(THICKEST, max(THINNEST, room / max(1, count) - 2))
        gap = (area.height() - count * (thick + 2)) / max(1, len(self._groups))
        y = area.top() + gap / 2
        for name, bars in self._groups:
            whole = QRectF(0, y, name_width - 6, len(bars) * (thick + 2))
            _text(painter, bold, "text", whole, name, Qt.AlignmentFlag.AlignVCenter)
            for bar in bars:
                self._paint_bar(painter, bar, area, QRectF(area.left(), y, area.width(), thick))
                y += thick + 2
            y += gap
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: AgreementBar, area: QRectF, row: QRectF) -> None:
        colors = theme.current()
        scale = area.width() / 100
        painter.fillRect(QRectF(row.left(), row.top(), bar.percent * scale, row.height()), bar.stroke.color)
        mark = row.left() + bar.chance * scale
        painter.fillRect(QRectF(mark - 2, row.top() - 1, 5, row.height() + 2), colors.color("surface"))
        painter.fillRect(QRectF(mark - 1, row.top() - 1, 3, row.height() + 2), colors.color("text"))
        for i, (words, font, role) in enumerate(
            (
                (percent(bar.percent / 100), theme.font("section"), "text"),
                (f"{bar.chance:.1f}", theme.font("table"), "text2"),
            )
        ):
            rect = self._column(i, row.center().y() - 8, 16)
            _text(painter, font, role, rect, words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _column(self, i: int, top: float, height: float) -> QRectF:
        return QRectF(self.width() - (2 - i) * COLUMN - 2, top, COLUMN, height)


def _text(painter: QPainter, font: QFont, role: str, rect: QRectF, words: str, flags: Qt.AlignmentFlag) -> None:
    painter.setFont(font)
    painter.setPen(theme.current().color(role))
    painter.drawText(rect, int(flags), words)
