"""The settings that differ, side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.text.say import say
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.labels import ClampedLabel, Label
from studio.gui.widgets.scrolling import frame_focus
from studio.gui.widgets.swatch import Swatch
from studio.runs.comparison.comparison_text import causes_words
from studio.runs.comparison.run_comparison import RunComparison

#: What stands where one side has no such setting.
NONE = "–"


class SettingTable(QWidget):
    """A row a setting; below it how many differ, with a warning where they are several."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scroll = QScrollArea()
        frame_focus(self._scroll)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setMinimumHeight(110)
        self._scroll.setAccessibleName(self.tr("Settings that differ"))
        self._sign = Label()
        self._sign.setFixedWidth(18)
        self._sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.causes = ClampedLabel("", "explain", lines=7)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addWidget(self._sign)
        below.addWidget(self.causes, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._scroll, 1)
        column.addLayout(below)
        theme.notifier().changed.connect(self._show_sign)
        self._warns = False

    def show_comparison(self, told: RunComparison, strokes: tuple[Stroke, Stroke]) -> None:
        """Show the settings of another comparison."""
        lines = told.settings.lines if told.settings is not None else ()
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 4, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        for column, (side, stroke) in enumerate(zip((told.first, told.second), strokes, strict=True), start=1):
            head = QHBoxLayout()
            head.setSpacing(4)
            head.addWidget(Swatch(stroke.role, stroke.index))
            head.addWidget(ClampedLabel(side.name, "explain", lines=2), 1)
            grid.addLayout(head, 0, column)
        for row, line in enumerate(lines, start=1):
            grid.addWidget(ClampedLabel(line.label, "body", lines=3), row, 0)
            grid.addWidget(ClampedLabel(line.first or NONE, "strong", lines=3), row, 1)
            grid.addWidget(ClampedLabel(line.second or NONE, "strong", lines=3), row, 2)
        for column, stretch in enumerate((5, 4, 4)):
            grid.setColumnStretch(column, stretch)
        grid.setRowStretch(len(lines) + 1, 1)
        self._scroll.setWidget(inner)
        self.causes.setText(say(causes_words(told)))
        self._warns = told.settings is not None and len(told.settings.causes) > 1
        self._show_sign()

    @property
    def warns(self) -> bool:
        """Whether several settings differ, so that the difference has no single cause."""
        return self._warns

    def _show_sign(self) -> None:
        self._sign.setVisible(self._warns)
        if self._warns:
            self._sign.setPixmap(theme.pixmap("warning", theme.current().color("warning"), 16))
            self._sign.setAccessibleName(self.tr("Warning"))
