"""Which colour is which run: swatches and names in a row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.swatch import paint_swatch

SWATCH, GAP = 20, 14


class Legend(QWidget):
    """Names are elided evenly where they do not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[tuple[Stroke, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(18)
        theme.notifier().changed.connect(self.update)

    def show_names(self, names: Sequence[tuple[Stroke, str]]) -> None:
        """Show (whose line, its name)."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self.setAccessibleName(", ".join(name for _, name in names))
            self.setToolTip(self.accessibleName())
            self.update()

    def sizeHint(self) -> QSize:
        """It takes what it gets."""
        return QSize(100, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Swatch and name, one after the other."""
        painter = QPainter(self)
        painter.setFont(theme.font("explain"))
        painter.setPen(theme.current().color("text2"))
        metrics = QFontMetrics(painter.font())
        widths = [metrics.horizontalAdvance(name) + 1 for _, name in self._names]
        room = self.width() - len(widths) * (SWATCH + GAP)
        fair = room // max(1, len(widths))
        x = 0
        for (stroke, name), width in zip(self._names, widths, strict=True):
            shown = width if sum(widths) <= room else min(width, fair)
            paint_swatch(painter, QRectF(x, 2, 16, 14), stroke.role, stroke.index)
            elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, shown)
            painter.drawText(QRectF(x + SWATCH, 0, shown, 18), int(Qt.AlignmentFlag.AlignVCenter), elided)
            x += SWATCH + shown + GAP
        painter.end()
