"""Which colour is which run: swatches and names in rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.told_apart import told_apart
from studio.gui.widgets.swatch import paint_swatch

#: Pixels: a row, a swatch with its gap, the gap behind a name.
ROW, SWATCH, GAP = 18, 20, 14
#: The most rows; names that no longer fit are counted at the end, and all stand in the tool tip.
MOST_ROWS = 3


class Legend(GuardedOverrides, QWidget):
    """Names go on in a further row where one is full; only a name longer than a row is elided."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[tuple[Stroke, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.scaled(ROW))
        theme.notifier().changed.connect(self._restyle)

    def show_names(self, names: Sequence[tuple[Stroke, str]]) -> None:
        """Show (whose line, its name)."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self.setAccessibleName(", ".join(name for _, name in names))
            self.setToolTip(plain_tip(self.accessibleName()))
            self._fit()
            self.update()

    @property
    def rows(self) -> list[list[str]]:
        """The names as they are written, row by row; the last may say how many more there are."""
        return [[words for _, _, words in row] for row in self._rows()]

    def sizeHint(self) -> QSize:
        """It takes what it gets."""
        return QSize(100, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other rows."""
        super().resizeEvent(event)
        self._fit()

    def _restyle(self) -> None:
        self._fit()
        self.update()

    def _fit(self) -> None:
        height = theme.scaled(ROW) * max(1, len(self._rows()))
        if height != self.height():
            self.setFixedHeight(height)

    def _rows(self) -> list[list[tuple[int, Stroke | None, str]]]:
        """Row by row where each name begins, its stroke, and its words; no stroke for how many more there are."""
        metrics = QFontMetrics(theme.font("explain"))
        rows: list[list[tuple[int, Stroke | None, str]]] = [[]]
        x = 0
        room = max(1, self.width() - theme.scaled(SWATCH))
        written = told_apart((name for _, name in self._names), theme.font("explain"), room)
        for number, (stroke, name) in enumerate(self._names):
            words = written[name]
            end = x + theme.scaled(SWATCH) + metrics.horizontalAdvance(words) + 1
            more = self.tr("and {n} more").format(n=len(self._names) - number)
            last = len(rows) == MOST_ROWS and number < len(self._names) - 1
            rest = self.width() - (GAP + metrics.horizontalAdvance(more) if last else 0)
            if rows[-1] and end > rest:
                if len(rows) == MOST_ROWS:
                    rows[-1].append((x, None, more))
                    return rows
                rows.append([])
                x, end = 0, theme.scaled(SWATCH) + metrics.horizontalAdvance(words) + 1
            rows[-1].append((x, stroke, words))
            x = end + GAP
        return rows

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Swatch and name, one after the other."""
        painter = QPainter(self)
        painter.setFont(theme.font("explain"))
        painter.setPen(theme.current().color("text2"))
        for number, row in enumerate(self._rows()):
            top = number * theme.scaled(ROW)
            for x, stroke, words in row:
                if stroke is not None:
                    paint_swatch(painter, QRectF(x, top + 2, 16, 14), stroke.role, stroke.index)
                left = x + (theme.scaled(SWATCH) if stroke is not None else 0)
                area = QRectF(left, top, self.width() - left, theme.scaled(ROW))
                painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()
