"""Which colour is which class: squares and names in a row."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.theme import scaled
from studio.gui.views.charts.told_apart import told_apart
from studio.gui.views.tree.class_colors import class_color

#: Pixels: a row of one and of several, a square with its gap, the gap behind a name, the longest name.
HEIGHT, ROW, SQUARE, GAP, LONGEST = 26, 18, 18, 14, 140
#: The most rows.
MOST_ROWS = 2


class ClassLegend(GuardedOverrides, QWidget):
    """Names in at most two rows; of those that do not fit it says how many there are, and the tool tip has all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.keep_length(self, QWidget.setFixedHeight, HEIGHT)
        theme.notifier().changed.connect(self.update)

    def show_classes(self, names: tuple[str, ...]) -> None:
        """Show the names of other classes."""
        self._names = names
        self.setAccessibleName(self.tr("Classes: {names}").format(names=", ".join(names[:50])))
        self.setToolTip(plain_tip(", ".join(names[:50])))
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other rows."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        rows = 1 + max((row for row, *_ in self._laid_out()), default=0)
        theme.keep_length(self, QWidget.setFixedHeight, HEIGHT if rows == 1 else ROW * rows)

    def _laid_out(self) -> list[tuple[int, int, int | None, str]]:
        """The row, the place across, the class and the words of each name; no class for how many more there are."""
        metrics = QFontMetrics(theme.font("section"))
        found: list[tuple[int, int, int | None, str]] = []
        row = x = 0
        for label, name in enumerate(self._names):
            words = told_apart(self._names, theme.font("section"), scaled(LONGEST))[name]
            end = scaled(SQUARE) + metrics.horizontalAdvance(words)
            left = len(self._names) - label
            more = self.tr("and {n} more").format(n=left)
            last = row == MOST_ROWS - 1
            kept = scaled(GAP) + metrics.horizontalAdvance(more) if last and left > 1 else 0
            if x and x + end > self.width() - kept:
                if last:
                    return [*found, (row, x, None, more)]
                row, x = row + 1, 0
            found.append((row, x, label, words))
            x += end + scaled(GAP)
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Square and name, one after the other."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("section"))
        names = self._laid_out()
        height = scaled(ROW) if any(row for row, *_ in names) else scaled(HEIGHT)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        for row, x, label, words in names:
            top = row * height
            if label is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(class_color(label))
                painter.drawRoundedRect(QRectF(x, top + height / 2 - 6, 12, 12), 3, 3)
            painter.setPen(theme.current().color("text" if label is not None else "text2"))
            left = x + (scaled(SQUARE) if label is not None else 0)
            painter.drawText(QRectF(left, top, self.width() - left, height), middle, words)
        painter.end()
