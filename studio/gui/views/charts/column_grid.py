"""Made-up values beside true ones: a small bar chart a column."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.core.printable import printable
from studio.gui import theme
from studio.gui.presenters.column_samples import ColumnSample, ColumnSamples
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.theme import scaled

#: Pixels: a cell at least so wide, so high with its name and its ends, and the gap between two.
LEAST, HEIGHT, NAME, ENDS, GAP = 116, 84, 18, 15, 14


class ColumnGrid(GuardedOverrides, QWidget):
    """True rows are filled in grey, made-up ones an outline in the colour of their run; as many to a row as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples: ColumnSamples | None = None
        self._index = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Made-up values beside true ones"))
        theme.notifier().changed.connect(self.update)

    def show_samples(self, samples: ColumnSamples, color_index: int) -> None:
        """Show other columns."""
        if samples is self._samples and color_index == self._index:
            return
        self._samples, self._index = samples, color_index
        told = (self._spoken(column) for column in samples.columns)
        self.setAccessibleDescription("; ".join(told))
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def cell(self, number: int) -> QRectF:
        """The place of a column's chart."""
        across = self._across
        width = (self.width() - scaled(GAP) * (across - 1)) / across
        return QRectF(
            number % across * (width + scaled(GAP)),
            number // across * (scaled(HEIGHT) + 8),
            width,
            scaled(HEIGHT),
        )

    @property
    def _across(self) -> int:
        return max(1, (self.width() + scaled(GAP)) // (scaled(LEAST) + scaled(GAP)))

    def _fit(self) -> None:
        count = len(self._samples.columns) if self._samples is not None else 0
        theme.keep_length(self, QWidget.setFixedHeight, max(1, -(-count // self._across)) * (HEIGHT + 8))

    def _spoken(self, column: ColumnSample) -> str:
        return self.tr("{name}: {share:.0f} % of the rows apart").format(
            name=printable(column.name), share=100 * column.apart
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The columns that are to be seen."""
        if self._samples is None:
            return
        painter = QPainter(self)
        for number, column in enumerate(self._samples.columns):
            cell = self.cell(number)
            if cell.intersects(QRectF(event.rect())):
                self._paint_column(painter, column, cell)
        painter.end()

    def _paint_column(self, painter: QPainter, column: ColumnSample, cell: QRectF) -> None:
        colors = theme.current()
        painter.setFont(theme.font("explain"))
        painter.setPen(colors.color("text"))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(printable(column.name), Qt.TextElideMode.ElideRight, int(cell.width()))
        painter.drawText(
            QRectF(cell.left(), cell.top(), cell.width(), scaled(NAME)), int(Qt.AlignmentFlag.AlignVCenter), name
        )
        part = QRectF(
            cell.left(),
            cell.top() + scaled(NAME),
            cell.width(),
            scaled(HEIGHT) - scaled(NAME) - scaled(ENDS),
        )
        most = max(float(column.true.max()), float(column.made.max()), 1e-9)
        width = part.width() / len(column.true)
        gap = 1.0 if column.numeric else min(4.0, width / 4)
        for place, share in enumerate(column.true):
            height = part.height() * float(share) / most
            bar = QRectF(part.left() + place * width, part.bottom() - height, max(1.0, width - gap), height)
            painter.fillRect(bar, colors.mixed(colors.color("alone"), 0.4))
        tops = [
            (QPointF(part.left() + place * width, y), QPointF(part.left() + (place + 1) * width - gap, y))
            for place, share in enumerate(column.made)
            for y in (part.bottom() - part.height() * float(share) / most,)
        ]
        painter.setPen(QPen(colors.run_color(self._index), 2))
        if column.numeric:
            painter.drawPolyline([end for top in tops for end in top])
        else:
            for left, right in tops:
                painter.drawLine(left, right)
        painter.fillRect(QRectF(part.left(), part.bottom(), part.width(), 1), colors.color("grid"))
        self._paint_ends(painter, column, cell)

    def _paint_ends(self, painter: QPainter, column: ColumnSample, cell: QRectF) -> None:
        painter.setFont(theme.font("axis"))
        painter.setPen(theme.current().color("text3"))
        below = QRectF(cell.left(), cell.bottom() - scaled(ENDS), cell.width(), scaled(ENDS))
        half = int(cell.width() / 2) - 3
        labels = [label for label in column.labels if label != "?"] or list(column.labels)
        first, last = (printable(end) for end in (labels[0].split(" – ")[0], labels[-1].split(" – ")[-1]))
        for words, side in ((first, Qt.AlignmentFlag.AlignLeft), (last, Qt.AlignmentFlag.AlignRight)):
            elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, half)
            painter.drawText(below, int(side | Qt.AlignmentFlag.AlignVCenter), elided)

    def event(self, event: QEvent) -> bool:
        """A tool tip tells the figures of the bar under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self._told_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def _told_at(self, at: QPointF) -> str:
        for number, column in enumerate(self._samples.columns if self._samples is not None else ()):
            cell = self.cell(number)
            if cell.contains(at):
                place = min(len(column.labels) - 1, int((at.x() - cell.left()) / cell.width() * len(column.labels)))
                return self.tr("{name} {value}: {true:.1f} % of the true rows, {made:.1f} % of the made-up ones").format(
                    name=printable(column.name), value=printable(column.labels[place]),
                    true=100 * column.true[place], made=100 * column.made[place],
                )  # fmt: skip
        return ""
