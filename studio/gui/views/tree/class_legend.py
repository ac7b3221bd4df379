"""Which colour is which class: squares and names in a row."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.tree.class_colors import class_color

#: Pixels: the height, a square with its gap, the gap behind a name, the longest name.
HEIGHT, SQUARE, GAP, LONGEST = 26, 18, 14, 140


class ClassLegend(GuardedOverrides, QWidget):
    """Names as far as there is room; of the others it says how many there are, and the tool tip has all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        theme.notifier().changed.connect(self.update)

    def show_classes(self, names: tuple[str, ...]) -> None:
        """Show the names of other classes."""
        self._names = names
        self.setAccessibleName(self.tr("Classes: {names}").format(names=", ".join(names[:50])))
        self.setToolTip(plain_tip(", ".join(names[:50])))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("section"))
        metrics = painter.fontMetrics()
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        x = 0
        for label, name in enumerate(self._names):
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, LONGEST)
            width = metrics.horizontalAdvance(words)
            left = len(self._names) - label
            more = self.tr("and {n} more").format(n=left)
            room = self.width() - (metrics.horizontalAdvance(more) + GAP if left > 1 else 0)
            if x + SQUARE + width > room:
                painter.setPen(theme.current().color("text2"))
                painter.drawText(QRectF(x, 0, self.width() - x, HEIGHT), middle, more)
                break
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_color(label))
            painter.drawRoundedRect(QRectF(x, HEIGHT / 2 - 6, 12, 12), 3, 3)
            painter.setPen(theme.current().color("text"))
            painter.drawText(QRectF(x + SQUARE, 0, width + 2, HEIGHT), middle, words)
            x += SQUARE + width + GAP
        painter.end()
