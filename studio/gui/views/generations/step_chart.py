"""A point a step of a chain, its interval about it, and the mean answers beside them on a ground of their own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.theme import scaled
from studio.gui.views.generations.chart_content import ChartContent
from studio.gui.views.generations.chart_layout import ChartLayout, lay_out
from studio.gui.views.generations.chart_painting import paint_behind, paint_values

#: Pixels at the usual size of text.
LEAST_HEIGHT = 184


class StepChart(GuardedOverrides, QWidget):
    """Draws :class:`ChartContent`. The arrow keys, or a click, choose a column; ``chosen`` gives its sentence."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = ChartContent()
        self._selected = -1
        self._laid_out: ChartLayout | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.keep_length(self, QWidget.setMinimumHeight, LEAST_HEIGHT)
        self.setAccessibleName(self.tr("Test error by step of the chain; the arrow keys go from one to the next"))
        theme.notifier().changed.connect(self._restyle)

    def show_content(self, content: ChartContent) -> None:
        """Draw other values."""
        if content == self._content:
            return
        self._content = content
        columns = self._content.columns
        self._selected = min(self._selected, len(columns) - 1)
        self.setAccessibleDescription(" ".join(column.spoken for column in columns if column.spoken))
        if self._selected >= 0:
            self.chosen.emit(columns[self._selected].spoken)
        self.update()

    @property
    def content(self) -> ChartContent:
        """What is drawn."""
        return self._content

    @property
    def is_chosen(self) -> bool:
        """Whether a column is chosen."""
        return self._selected >= 0

    def select(self, number: int) -> None:
        """Choose a column; one beyond the ends is that at the end."""
        columns = self._content.columns
        if columns:
            self._selected = min(max(number, 0), len(columns) - 1)
            self.chosen.emit(columns[self._selected].spoken)
            self.update()

    # --- where things are, and how they are drawn --------------------------------------------------------------------

    def parts(self) -> tuple[QRectF, QRectF]:
        """Where the steps are drawn, and where the averages; the latter is empty where there are none."""
        return self._layout().parts

    def column_rects(self) -> tuple[QRectF, ...]:
        """Where each column is drawn, from the top of the widget to its bottom."""
        return self._layout().columns

    def _restyle(self) -> None:
        self._laid_out = None
        self.update()

    def _layout(self) -> ChartLayout:
        """Where everything stands; made again for other values or another size."""
        found = self._laid_out
        if found is None or found.content is not self._content or found.size != self.size():
            found = self._laid_out = lay_out(self._content, self.size())
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Grounds, the chosen column, values."""
        painter, layout = QPainter(self), self._layout()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_behind(painter, layout)
        if self.hasFocus():
            is_one = 0 <= self._selected < len(layout.columns)
            rect = layout.columns[self._selected] if is_one else QRectF(self.rect())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.current().color("accent"), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
        paint_values(painter, layout)
        painter.end()

    # --- Qt's own ----------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Small; it takes what it gets."""
        return QSize(320, scaled(LEAST_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from column to column."""
        last = len(self._content.columns) - 1
        to = {
            Qt.Key.Key_Left: self._selected - 1,
            Qt.Key.Key_Right: self._selected + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
        else:
            self.select(to)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the column under it."""
        number = self._column_at(event.position().x())
        if number is not None:
            self.select(number)

    def event(self, event: QEvent) -> bool:
        """A tool tip says the sentence of the column under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._column_at(event.pos().x())
            spoken = self._content.columns[number].spoken if number is not None else ""
            QToolTip.showText(event.globalPos(), plain_tip(spoken), self)
            return True
        return super().event(event)

    def _column_at(self, x: float) -> int | None:
        return next((i for i, rect in enumerate(self.column_rects()) if rect.left() <= x < rect.right()), None)
