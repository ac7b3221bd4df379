"""The Learning view: is the student learning from its teacher, and what is it optimising?"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.score_scale import ACCURACY_SCALE, ScoreScale
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.base import View
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.learning.gap_strip import GapStrip
from studio.gui.views.learning.score_plot import ScorePlot
from studio.gui.views.learning.seed_curves import seed_groups
from studio.gui.views.learning.term_strips import TermStrips
from studio.gui.views.saving import CsvTable, Value
from studio.gui.widgets.buttons import SegmentedControl
from studio.gui.widgets.labels import Label


class LearningView(View):
    """The score that counts by epoch beside the loss terms, under the headline of the gap."""

    key = "learning"
    title = str(QT_TRANSLATE_NOOP("views", "Learning"))
    question = str(QT_TRANSLATE_NOOP("views", "Is it learning from the teacher?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Test accuracy, % by epoch. The dotted line is the student without a teacher, the dashed line its teacher.",
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
        self._scores = self.add_card(
            row, self.words(self.question), self.words(self.how_to_read), self._score_table, 58
        )
        self.plot = ScorePlot()
        self.plot.picked.connect(self.pick_epoch)
        self._scores.body.addWidget(self.plot)
        self.seeds = SegmentedControl(
            [("mean", self.tr("Mean of seeds")), ("each", self.tr("Each seed"))], self.tr("Seeds of one experiment")
        )
        self.seeds.chosen.connect(self.refresh)
        self._scores.explain.addWidget(self.seeds, 0, Qt.AlignmentFlag.AlignRight)
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
        self._no_terms = Label("", "explain", "text3")
        self._no_terms.setWordWrap(True)
        self._no_terms.setAlignment(Qt.AlignmentFlag.AlignCenter)
        terms.body.addWidget(self._no_terms, 1)

    def empty_reason(self) -> EmptyReason | None:
        """A reference alone, while it is trained, is worth a drawing too."""
        return super().empty_reason() if not self.shown else None

    def draw_numbers(self) -> None:
        """The headline goes with the clock and the table, however dear the curves are."""
        self.strip.show_run(self.current or self.shown[0], self.epoch)

    def draw(self) -> None:
        """Bring headline, curves and strips up to date."""
        lead = self.current or self.shown[0]
        self._scores.set_how_to_read(self._how_to_read(lead.history.scale))
        self.strip.show_run(lead, self.epoch)
        self.seeds.setVisible(any(len(group) > 1 for group in seed_groups(self.runs)))
        each = self.seeds.current == "each"
        self.plot.show_runs(self.shown, lead, self.epoch, each)
        # while the teacher is trained for a run that has not begun, its terms are what is optimised
        with_terms = [run for run in self.runs if run.history.terms] or [run for run in self.shown if run.history.terms]
        self._no_terms.setVisible(not with_terms)
        self._no_terms.setText(self._why_no_terms(lead))
        self.terms.setVisible(bool(with_terms))
        if with_terms:
            first = lead if lead in with_terms else with_terms[0]
            if not self.terms.show_runs(with_terms, first, self.epoch, self.weighted.current == "weighted", each):
                self.request_redraw()

    def _how_to_read(self, scale: ScoreScale) -> str:
        """What stands on the axis, of a score that does not go without saying with its direction."""
        if scale.is_accuracy:
            return self.words(self.how_to_read)
        axis = f"{scale.name}, {scale.axis_unit}" if scale.axis_unit else scale.name
        return (
            self.tr("Test {axis} by epoch: the lower, the better.")
            if scale.better == "lower"
            else self.tr("Test {axis} by epoch: the higher, the better.")
        ).format(axis=axis)

    def _why_no_terms(self, run: ShownRun) -> str:
        if run.averaged is not None:
            return self.tr("Nothing: it is the mean answer of networks that have learnt.")
        if run.history.state in ACTIVE:
            return self.tr("The first readings come within seconds of the first step.")
        if run.history.is_chain:
            return self.tr(
                "Its networks keep the readings of what they optimised: open one below it in the list of runs."
            )
        return self.tr("This run ended before the first reading.")

    def forget_others(self) -> None:
        """The curves of other runs need not be kept."""
        self.terms.forget_others(self.shown)

    def _score_table(self) -> CsvTable:
        rows: list[list[Value]] = []
        scale = (self.current or self.shown[0]).history.scale if self.shown else ACCURACY_SCALE
        for run in self.shown:
            history = run.history
            if history.scale != scale:
                continue
            labelled = set(history.test_labelled.x)
            rows += [
                [history.run, history.label, int(x), x / history.steps_per_epoch, float(y), int(x in labelled)]
                for x, y in zip(history.test.x, history.test.y, strict=True)
            ]
        return CsvTable(["run", "name", "step", "epoch", f"test_{scale.name}".replace(" ", "_"), "labels"], rows)

    def _terms_table(self) -> CsvTable:
        rows: list[list[Value]] = []
        for run in self.runs:
            for name, term in run.history.terms.items():
                rows += [
                    [run.history.run, run.history.label, name, int(x), float(value), float(weight)]
                    for x, value, weight in zip(term.raw.x, term.raw.y, term.weight.y, strict=True)
                ]
        return CsvTable(["run", "name", "term", "step", "value", "weight"], rows)


VIEW = LearningView
