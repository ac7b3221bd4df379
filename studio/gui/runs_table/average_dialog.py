"""Which runs are averaged, what of their answers, and what the row is called."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.gui.text.say import counted
from studio.gui.widgets.buttons import SegmentedControl, button
from studio.gui.widgets.check_list import CheckItem, CheckList
from studio.gui.widgets.labels import Label
from studio.runs.run_info import RunInfo


def proposed_members(runs: Sequence[RunInfo]) -> list[str]:
    """Ids of those among ``runs`` that make an ensemble: neither ensembles nor chains whose own steps are there too."""
    ids = {run.id for run in runs}
    return [
        run.id for run in runs if not run.members and ids.isdisjoint(run.references.values() if run.is_chain else ())
    ]


class AverageDialog(QDialog):
    """``chosen`` tells ids of runs, what is averaged, and a name, empty for that of the networks. It does not hold up the window.

    Args:
        runs: ticked ones, of which some can be left out.
    """

    chosen = Signal(list, str, str)

    def __init__(self, runs: Sequence[RunInfo], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Average these runs"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(520, 480)
        self.list = CheckList(self.tr("Runs to average"))
        items = [CheckItem(run.id, run.name, _words(run)) for run in runs]
        self.list.set_items(items, proposed_members(runs))
        self.list.changed.connect(self._show_count)
        self.mean = SegmentedControl(
            [("probabilities", self.tr("Probabilities")), ("logits", self.tr("Logits"))],
            self.tr("What is averaged"),
        )
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Its name; after its networks if empty"))
        self.name.setAccessibleName(self.tr("Name"))
        self._count = Label(role="explain", tone="text2")
        self.measure = button(self.tr("Measure"), "primary", clicked=self._accept_ticked)
        words = Label(
            self.tr("Nothing is trained: the mean of their answers is measured, and kept as a run of its own."),
            "explain",
        )
        words.setWordWrap(True)
        averaged = QHBoxLayout()
        averaged.addWidget(Label(self.tr("Mean of"), "section"))
        averaged.addWidget(self.mean)
        averaged.addStretch()
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(button(self.tr("Cancel"), clicked=self.reject))
        foot.addWidget(self.measure)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(Label(self.tr("Average these runs"), "page"))
        column.addWidget(words)
        column.addWidget(self.list, 1)
        column.addLayout(averaged)
        column.addWidget(self.name)
        column.addLayout(foot)
        self._show_count()

    def _show_count(self) -> None:
        members = len(self.list.ticked)
        self._count.setText(
            counted(members, self.tr("1 run; it takes two or more"), self.tr("{n} runs"))
            if members
            else self.tr("Tick two runs or more")
        )
        self.measure.setEnabled(members > 1)

    def _accept_ticked(self) -> None:
        self.chosen.emit(self.list.ticked, self.mean.current, self.name.text().strip())
        self.accept()


def _words(run: RunInfo) -> str:
    reached = run.scale.labelled(run.scale.words(run.score)) if run.score is not None else ""
    return ", ".join(part for part in (run.student_title, run.dataset_title, reached) if part)
