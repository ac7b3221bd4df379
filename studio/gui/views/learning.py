"""The Learning view: is the student learning from its teacher, and what is it optimising?"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.gui.views.accuracy_plot import AccuracyPlot
from studio.gui.views.base import View
from studio.gui.views.gap_strip import GapStrip
from studio.gui.views.saving import Table, Value
from studio.gui.views.term_strips import TermStrips
from studio.gui.widgets.buttons import SegmentedControl


class LearningView(View):
    """Accuracy by epoch beside the loss terms, under the headline of the gap."""

    key = "learning"
    title = str(QT_TRANSLATE_NOOP("views", "Learning"))
    question = str(QT_TRANSLATE_NOOP("views", "Is it learning from the teacher?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Test accuracy, % by epoch. The dotted line is the student without a teacher; the dashed line is what it could learn.",
        )
    )
    help_page = "learning"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self.page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.strip = GapStrip()
        self.strip.wanted.connect(self.wanted)
        column.addWidget(self.strip)
        row = QHBoxLayout()
        row.setSpacing(8)
        column.addLayout(row, 1)
        accuracy = self.add_card(row, self.words(self.question), self.words(self.how_to_read), self._accuracy_table, 58)
        self.plot = AccuracyPlot()
        self.plot.picked.connect(self.pick_epoch)
        accuracy.body.addWidget(self.plot)
        terms = self.add_card(
            row, self.tr("What is it optimising?"), self.tr("Log scale. Colour is the run."), self._terms_table, 42
        )
        self.weighted = SegmentedControl(
            [("weighted", self.tr("Weighted")), ("raw", self.tr("Raw"))], self.tr("Terms with or without their weight")
        )
        self.weighted.chosen.connect(self.refresh)
        terms.explain.addWidget(self.weighted, 0, Qt.AlignmentFlag.AlignRight)
        self.terms = TermStrips()
        self.terms.picked.connect(self.pick_epoch)
        terms.body.addWidget(self.terms)

    def draw(self) -> None:
        """Bring headline, curves and strips up to date."""
        current = self.current
        assert current is not None  # emptiness() has seen to it
        self.strip.show_run(current, self.epoch)
        self.plot.show_runs(self.shown, current, self.epoch)
        self.terms.show_runs(self.runs, current, self.epoch, self.weighted.current == "weighted")

    def _accuracy_table(self) -> Table:
        rows: list[list[Value]] = []
        for run in self.shown:
            history = run.history
            labelled = set(history.test_labelled.x)
            rows += [
                [history.run, history.label, int(x), x / history.steps_per_epoch, float(y), int(x in labelled)]
                for x, y in zip(history.test.x, history.test.y, strict=True)
            ]
        return Table(["run", "name", "step", "epoch", "test_accuracy", "labels"], rows)

    def _terms_table(self) -> Table:
        rows: list[list[Value]] = []
        for run in self.runs:
            for name, term in run.history.terms.items():
                rows += [
                    [run.history.run, run.history.label, name, int(x), float(value), float(weight)]
                    for x, value, weight in zip(term.raw.x, term.raw.y, term.weight.y, strict=True)
                ]
        return Table(["run", "name", "term", "step", "value", "weight"], rows)


VIEW = LearningView
