"""The answer first: what each side reached, how much better one is, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import counted, say
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.compare.compared_groups import ComparedGroup
from studio.gui.views.compare.interval_chart import IntervalChart
from studio.gui.widgets.labels import ClampedLabel, ElidedLabel, Label
from studio.gui.widgets.swatch import Swatch
from studio.runs.comparison.comparison_text import (
    amount_words,
    interval_words,
    measured_words,
    pictures_words,
    remarks,
    side_words,
    who_words,
)
from studio.runs.comparison.run_comparison import RunComparison

#: Below this width the interval stands under the words.
NARROW = 780


class VerdictPanel(GuardedOverrides, QWidget):
    """Both sides, the number in words, the interval. ``chosen`` tells that another side is to be compared."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._sides, self._middle, self.chart = self._make_sides(), self._make_middle(), IntervalChart()
        self._is_narrow: bool | None = None
        self._arrange()

    def _make_sides(self) -> QWidget:
        sides = QWidget()
        column = QVBoxLayout(sides)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.pickers = tuple(self._make_picker(name) for name in (self.tr("First"), self.tr("Second")))
        table = QGridLayout()
        table.setHorizontalSpacing(8)
        table.setVerticalSpacing(6)
        table.setColumnStretch(1, 1)
        self._swatches, self.names, self.scores = [], [], []
        for row in range(2):
            swatch, name, score = Swatch(), ElidedLabel("", "card"), Label("", "card")
            table.addWidget(swatch, row, 0)
            table.addWidget(name, row, 1)
            table.addWidget(self.pickers[row], row, 1)
            table.addWidget(score, row, 2)
            self._swatches.append(swatch)
            self.names.append(name)
            self.scores.append(score)
        column.addLayout(table)
        self.measured = ClampedLabel("", "explain", lines=2)
        self.remarks = ClampedLabel("", "explain", "warning", lines=3)
        column.addWidget(self.measured)
        column.addWidget(self.remarks)
        column.addStretch(1)
        return sides

    def _make_picker(self, name: str) -> QComboBox:
        picker = QComboBox()
        picker.setAccessibleName(name)
        picker.setMinimumWidth(80)
        picker.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        picker.activated.connect(self._tell)
        return picker

    def _tell(self, _index: int) -> None:
        self.chosen.emit()

    def _make_middle(self) -> QWidget:
        middle = QFrame()
        column = QVBoxLayout(middle)
        column.setContentsMargins(16, 0, 0, 0)
        column.setSpacing(2)
        self.amount = Label("", "big")
        self.who = ClampedLabel("", "card", lines=3)
        self.sure = ClampedLabel("", "explain", lines=3)
        self.over_pictures = ClampedLabel("", "explain", "text3", lines=2)
        for label in (self.amount, self.who, self.sure, self.over_pictures):
            column.addWidget(label)
        column.addStretch(1)
        return middle

    # --- what is shown -----------------------------------------------------------------------------------------------

    def show_groups(self, groups: Sequence[ComparedGroup], first: ComparedGroup, second: ComparedGroup) -> None:
        """What there is to choose from, of more than two, and what is compared, in the order it is shown in."""
        for picker, chosen in zip(self.pickers, (first, second), strict=True):
            with QSignalBlocker(picker):
                picker.clear()
                for group in groups:
                    picker.addItem(self._listed(group), group.key)
                picker.setCurrentIndex(picker.findData(chosen.key))
            picker.setVisible(len(groups) > 2)
        for name in self.names:
            name.setVisible(len(groups) <= 2)

    def _listed(self, group: ComparedGroup) -> str:
        """With how many seeds there are; the same seed once more is told as what it is."""
        n = len({info.seed for info in group.infos})
        if n > 1:
            return self.tr("{run}, {n} seeds").format(run=group.label, n=n)
        repeats = len(group.runs) - 1
        if not repeats:
            return group.label
        return counted(repeats, self.tr("{run}, and a repeat"), self.tr("{run}, and {n} repeats"), run=group.label)

    @property
    def picked(self) -> tuple[str, str]:
        """The keys of the sides that were chosen."""
        return str(self.pickers[0].currentData()), str(self.pickers[1].currentData())

    def show_waiting(self, names: tuple[str, str], strokes: tuple[Stroke, Stroke], words: str) -> None:
        """Say why there is no answer: it is being made, or cannot be."""
        self._show_sides(names, ("", ""), strokes)
        for label in (self.measured, self.remarks, self.sure, self.over_pictures, self.amount):
            label.setText("")
            label.hide()
        self.who.set_lines(6)
        self.who.setText(words)
        self.chart.hide()

    def show_comparison(self, told: RunComparison, strokes: tuple[Stroke, Stroke]) -> None:
        """Show an answer whose better side stands first."""
        scores = (side_words(told.first, told.scale), side_words(told.second, told.scale))
        self._show_sides((told.first.name, told.second.name), scores, strokes)
        self.amount.setText(amount_words(told.gain, told.scale))
        self.who.set_lines(3)
        self.who.setText(say(who_words(told)))
        for label, words in (
            (self.measured, say(measured_words(told))),
            (self.remarks, " ".join(say(remark) for remark in remarks(told))),
            (self.sure, say(interval_words(told))),
            (self.over_pictures, say(pictures_words(told))),
        ):
            label.setText(words)
            label.setVisible(bool(words))
        self.amount.show()
        self.chart.show()
        self.chart.show_comparison(told, strokes[0])

    def _show_sides(self, names: tuple[str, str], scores: tuple[str, str], strokes: tuple[Stroke, Stroke]) -> None:
        for row in range(2):
            self._swatches[row].show_run(strokes[row].role, strokes[row].index)
            self.names[row].setText(names[row])
            self.scores[row].setText(scores[row])

    # --- places ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In little width the interval goes below the words."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < NARROW
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        for widget in (self._sides, self._middle, self.chart):
            self._grid.removeWidget(widget)
        self._grid.addWidget(self._sides, 0, 0)
        self._grid.addWidget(self._middle, 0, 1)
        if narrow:
            self._grid.addWidget(self.chart, 1, 0, 1, 2)
        else:
            self._grid.addWidget(self.chart, 0, 2, Qt.AlignmentFlag.AlignTop)
        for column, stretch in enumerate((3, 3, 0) if narrow else (4, 3, 5)):
            self._grid.setColumnStretch(column, stretch)
