"""Which set of pictures is shown: those one gets and the other not, both ways, and those all get wrong; with their counts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.format import thousands
from studio.gui.views.charts.naming import class_name
from studio.gui.views.saving import CsvTable, Value
from studio.gui.views.try_it.difference_strip import HEIGHT, DifferenceStrip
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.scrolling import frame_focus
from studio.runs.inspect.asked_model import Seat
from studio.runs.inspect.differences import DifferenceSet, DifferingPictures


class DifferenceChoice(QWidget):
    """A chip a set, and the strip of its pictures; ``picked`` tells a row of the test part."""

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: DifferingPictures | None = None
        self._classes: tuple[str, ...] = ()
        self._color = 0
        self._group = QButtonGroup(self)
        self.chips = [button("", "chip") for _ in range(3)]
        self._words = ClampedLabel("", "explain", lines=2)
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for number, chip in enumerate(self.chips):
            self._group.addButton(chip, number)
            chips.addWidget(chip)
        chips.addStretch(1)
        self.chips[0].setChecked(True)
        self._group.idToggled.connect(self._show_chosen)
        self.strip = DifferenceStrip()
        self.strip.picked.connect(self.picked)
        scroll = QScrollArea()
        frame_focus(scroll)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedHeight(HEIGHT + 14)  # and a scroll bar
        scroll.setWidget(self.strip)
        scroll.setAccessibleName(self.tr("Pictures on which they differ"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._words)
        column.addLayout(chips)
        column.addWidget(scroll)

    def show_differences(self, found: DifferingPictures, classes: tuple[str, ...], color: int) -> None:
        """Show the sets of a run.

        Args:
            color: the colour index of the run.
        """
        self._found, self._classes, self._color = found, classes, color
        for chip, one in zip(self.chips, found.sets, strict=True):
            chip.setText(self.tr("{who}: {n}").format(who=self._said(one), n=thousands(one.count)))
        self._show_chosen(self._group.checkedId(), True)

    @property
    def shown(self) -> DifferenceSet | None:
        """The set that is chosen."""
        return self._found.sets[self._group.checkedId()] if self._found is not None else None

    def _said(self, one: DifferenceSet) -> str:
        names: dict[Seat, str] = {
            "teacher": self.tr("teacher"),
            "student": self.tr("taught"),
            "alone": self.tr("alone"),
        }
        if not one.right:
            return self.tr("All three wrong") if len(one.wrong) > 2 else self.tr("Both wrong")
        words = self.tr("{one} right, {other} wrong")
        return words.format(one=names[one.right[0]], other=names[one.wrong[0]]).capitalize()

    def _show_chosen(self, _number: int, down: bool) -> None:
        shown = self.shown
        if down and shown is not None and self._found is not None:
            words = self.tr("Of {n} in the test part, most different first. Click one to try it.")
            if not shown.count:
                words = self.tr("None of {n} in the test part.")
            self._words.setText(words.format(n=thousands(self._found.tested)))
            self.strip.show_set(shown, self._found, self._classes, self._color)

    def table(self) -> CsvTable:
        """The pictures of the chosen set and what was answered."""
        shown, rows = self.shown, list[list[Value]]()
        if shown is not None:
            for place, row in enumerate(shown.rows):
                for seat, (best, sure) in shown.answers.items():
                    rows.append(
                        [
                            int(row) + 1,
                            class_name(self._classes, int(shown.labels[place])),
                            seat,
                            class_name(self._classes, int(best[place])),
                            float(sure[place]),
                        ]
                    )
        return CsvTable(["picture", "label", "network", "answer", "probability"], rows)
