"""Made-up rows, each above the true row that is nearest to it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.printable import printable
from studio.gui import theme
from studio.gui.presenters.column_samples import ColumnSamples
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled

#: Pixels: a row, the gap beside a cell, the widest cell, the gap after a pair.
ROW, GAP, WIDEST, APART = 19, 14, 130, 7


class RowPairs(GuardedOverrides, QWidget):
    """A table of two rows a pair; what differs from the true row is in the colour of words, the rest pale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples: ColumnSamples | None = None
        self._widths: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Made-up rows and the true rows nearest to them"))
        theme.notifier().changed.connect(self.update)

    def show_samples(self, samples: ColumnSamples) -> None:
        """Show other rows."""
        if samples is self._samples:
            return
        self._samples = samples
        metrics = QFontMetrics(theme.font("explain"))
        cells = [samples.names, *(row for pair in samples.pairs for row in (pair.made, pair.true))]
        self._widths = [
            min(scaled(WIDEST), max(metrics.horizontalAdvance(printable(row[place])) for row in cells)) + scaled(GAP)
            for place in range(len(samples.names))
        ]
        self.setMinimumWidth(self._first + sum(self._widths))
        theme.keep_length(self, QWidget.setFixedHeight, ROW + len(samples.pairs) * (2 * ROW + APART))
        told = (
            self.tr("{n} of {all} cells are as in the nearest true row").format(
                n=pair.differs.count(False), all=len(pair.differs)
            )
            for pair in samples.pairs
        )
        self.setAccessibleDescription("; ".join(told))
        self.update()

    @property
    def _first(self) -> int:
        metrics = QFontMetrics(theme.font("explain"))
        return max(metrics.horizontalAdvance(words) for words in self._kinds()) + scaled(GAP)

    def _kinds(self) -> tuple[str, str]:
        return self.tr("made up"), self.tr("nearest true row")

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.minimumHeight())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The names, then pair after pair."""
        samples = self._samples
        if samples is None:
            return
        painter = QPainter(self)
        self._paint_row(painter, 0, "", samples.names, (True,) * len(samples.names), "text2")
        for number, pair in enumerate(samples.pairs):
            top = scaled(ROW) + number * (2 * scaled(ROW) + scaled(APART))
            painter.fillRect(QRectF(0, top, self.width(), 1), theme.current().color("grid"))
            made, true = self._kinds()
            self._paint_row(painter, top + 2, made, pair.made, pair.differs, "text")
            self._paint_row(painter, top + 2 + scaled(ROW), true, pair.true, pair.differs, "text")
        painter.end()

    def _paint_row(
        self, painter: QPainter, top: int, kind: str, cells: tuple[str, ...], strong: tuple[bool, ...], tone: str
    ) -> None:
        colors = theme.current()
        painter.setFont(theme.font("explain"))
        painter.setPen(colors.color("text2"))
        left, middle = self._first, int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(0, top, left, scaled(ROW)), middle, kind)
        for cell, width, differs in zip(cells, self._widths, strong, strict=True):
            painter.setPen(colors.color(tone if differs else "disabled"))
            elided = painter.fontMetrics().elidedText(printable(cell), Qt.TextElideMode.ElideRight, width - scaled(GAP))
            painter.drawText(QRectF(left, top, width - scaled(GAP), scaled(ROW)), middle, elided)
            left += width
