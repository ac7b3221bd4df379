"""The view of mix-ups: which classes does a network take for which others?"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

import numpy as np
from PySide6.QtCore import QT_TRANSLATE_NOOP, QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.core.format import thousands
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.views.base import View
from studio.gui.views.card_grid import CardArrangement, CardGrid, CardPlace
from studio.gui.views.charts.class_gain_bars import ClassGain, ClassGainBars
from studio.gui.views.charts.legend import Legend
from studio.gui.views.charts.naming import class_name
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.mixups.cell_panel import CellPanel
from studio.gui.views.mixups.matrix_canvas import MatrixCanvas
from studio.gui.views.mixups.matrix_content import MatrixContent, content_of
from studio.gui.views.mixups.matrix_tables import matrix_table, mistake_table
from studio.gui.views.mixups.mistake_list import MistakeList
from studio.gui.views.run_picker import RunPicker
from studio.gui.views.saving import CsvTable, Value
from studio.gui.views.view_card import ViewCard
from studio.gui.views.view_picture import TOOLS
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.scrolling import scrolled
from studio.runs.comparison.confusion import RunAnswers, mix_ups, read_answers

#: Below this width cards stand below each other; runs whose answers are kept.
NARROW, KEPT = 700, 6
#: Matrix, pictures, commonest mistakes, gain by class.
BELOW = CardArrangement(
    (CardPlace(0, 0, columns=2), CardPlace(1, 0, columns=2), CardPlace(2, 0), CardPlace(2, 1)), (1, 1), (0, 0, 0)
)
BESIDE = CardArrangement(
    (CardPlace(0, 0, rows=3), CardPlace(0, 1), CardPlace(1, 1), CardPlace(2, 1)), (8, 5), (4, 3, 3)
)
LIKENESS, LISTED = "likeness", "listed"


class MixupsView(View):
    """Confusion matrix of either network or of their difference, the pictures of a cell, the commonest mistakes."""

    key = "mixups"
    title = str(QT_TRANSLATE_NOOP("views", "Mix-ups"))
    question = str(QT_TRANSLATE_NOOP("views", "What do they mix up?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Row: what it is. Column: what was answered. Numbers are test pictures; grey is right. Click a cell to see them.",
        )
    )
    help_page = "mixups"
    roomy = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: OrderedDict[str, RunAnswers | StudioError] = OrderedDict()
        self._waiting: set[str] = set()
        self._drawn: object = None
        self._told: RunAnswers | None = None
        self._grid = CardGrid()
        self._build_matrix()
        self._build_sides()
        self._arrange()
        page = QVBoxLayout(self.page)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scrolled(self._grid, self.words(self.title)))

    def _card(self, question: str, words: str, number: int) -> ViewCard:
        tables = (self._matrix_table, self._case_table, self._mistake_table, self._class_table)
        row = QVBoxLayout()  # cards get their places by _arrange
        made = self.add_card(row, question, words, tables[number])
        row.removeWidget(made)
        return made

    def _build_matrix(self) -> None:
        card = self._card(self.words(self.question), self.words(self.how_to_read), 0)
        self.picker = RunPicker(self.tr("Whose mix-ups"))
        self.picker.chosen.connect(self.refresh)
        self.networks = _choice(self.tr("Which network"))
        self.order = _choice(self.tr("Order of the classes"))
        self.order.addItem(self.tr("by likeness"), LIKENESS)
        self.order.addItem(self.tr("as listed"), LISTED)
        self.order.setMinimumWidth(116)
        for box in (self.networks, self.order):
            box.activated.connect(self._redraw_for)
        self.canvas = MatrixCanvas()
        self.canvas.chosen.connect(self._show_cell)
        self.canvas.pointed.connect(self._say)
        self.sentence = ClampedLabel("", "explain", lines=1)
        row = QHBoxLayout()
        row.setSpacing(6)
        for box in (self.picker, self.networks, self.order):
            row.addWidget(box)
        row.addStretch(1)
        for part in (
            IconButton("minus", self.tr("Zoom out (−)"), self.canvas.zoom_out),
            IconButton("plus", self.tr("Zoom in (+)"), self.canvas.zoom_in),
            button(self.tr("All of it"), "link", clicked=self.canvas.show_all),
        ):
            part.setProperty(TOOLS, True)
            row.addWidget(part)
        card.body.addLayout(row)
        card.body.addWidget(self.canvas, 1)
        card.body.addWidget(self.sentence)
        self.legend = Legend()
        card.body.addWidget(self.legend)

    def _build_sides(self) -> None:
        self.cell = CellPanel()
        self.cell.chosen.connect(self._choose_case)
        self._card(self.tr("Which are these?"), "", 1).body.addWidget(self.cell, 1)
        self.mistakes = MistakeList()
        self.mistakes.picked.connect(self._go_to)
        self._card(self.tr("What is mixed up most?"), "", 2).body.addWidget(self.mistakes, 1)
        self.gains = ClassGainBars()
        bars = scrolled(self.gains, self.tr("Gain by class"))
        bars.setMinimumHeight(84)
        self._card(self.tr("Where does it beat its teacher?"), "", 3).body.addWidget(bars, 1)

    # --- what there is -----------------------------------------------------------------------------------------------

    @property
    def _lead(self) -> ShownRun | None:
        """The run that is drawn: the chosen one, else the one in question."""
        self.picker.show_runs(self.runs, self.current)
        return self.picker.run or self.current

    def empty_reason(self) -> EmptyReason | None:
        """Nothing before a run has ended, and where it kept no answers."""
        reason, lead = super().empty_reason(), self._lead
        if reason is not None or lead is None:
            return reason
        if lead.history.state in ACTIVE or lead.info is None:
            return EmptyReason(
                self.tr("No answers yet."),
                self.tr(
                    "When this run has ended, its answers to all test pictures are kept: then they are sorted here."
                ),
            )
        told = self._answers(lead) if self._drawn is not None or self.isVisible() else None
        if told is None:
            return EmptyReason(self.tr("Reading the answers…"), self.tr("They are drawn as soon as they are there."))
        if isinstance(told, StudioError):
            parts = (told.why, told.remedy)
            words = " ".join(say(part) for part in parts if part)
            return EmptyReason(say(told.what), words, self.tr("Train the experiment"), "train")
        return None

    def _answers(self, lead: ShownRun) -> RunAnswers | StudioError | None:
        """What is known of a run; asks for it the first time."""
        info = lead.info
        assert info is not None
        key = f"{info.id} {info.state} {info.score}"
        known = self._known.get(key)
        if known is None and key not in self._waiting and self._submit is not None:
            self._waiting.add(key)
            self._submit(partial(read_answers, info), partial(self._take, key), partial(self._take, key))
            known = self._known.get(key)
        return known

    def _take(self, key: str, told: RunAnswers | StudioError) -> None:
        self._waiting.discard(key)
        self._known[key] = told
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.request_redraw()

    def draw(self) -> None:
        """Bring matrix, list and bars up to date."""
        lead = self._lead
        told = self._answers(lead) if lead is not None and lead.info is not None else None
        if lead is None or not isinstance(told, RunAnswers):
            return
        self._offer_networks(told)
        state = (told, lead.history.label, lead.color_index, self.networks.currentData(), self.order.currentData())
        if state == self._drawn:
            return
        self._drawn, self._told = state, told
        content = self._content(lead, told)
        self.canvas.show_content(content)
        self.sentence.setText(self._whole_words())
        words = self.tr(
            "Row: what it is. Column: what was answered. Numbers are test {noun}; grey is right. Click a cell."
        )
        self.cards[0].set_how_to_read(words.format(noun=told.examples.noun))
        first, second = self._pair
        self._show_legend(content, second)
        found = told.network(first)
        other = told.network(second) if second else None
        assert found is not None
        matrix = found.matrix if other is None else found.matrix - other.matrix
        self.mistakes.show_mistakes(mix_ups(matrix), told.classes, signed=other is not None)
        self._show_gains(lead, told)
        self._show_cell(*self.canvas.selected)

    def _offer_networks(self, told: RunAnswers) -> None:
        """Each network there is, and the student less each of the others; what was chosen stays."""
        words = {"student": self.tr("Student"), "teacher": self.tr("Teacher"), "alone": self.tr("Student alone")}
        less = {"teacher": self.tr("Student less teacher"), "alone": self.tr("Taught less alone")}
        there = [network.role for network in told.networks]
        offered = [(role, "") for role in there] + [("student", role) for role in there[1:]]
        chosen = self._pair
        if offered == [self.networks.itemData(i) for i in range(self.networks.count())]:
            return
        with QSignalBlocker(self.networks):
            self.networks.clear()
            for pair in offered:
                self.networks.addItem(less[pair[1]] if pair[1] else words[pair[0]], pair)
            self.networks.setCurrentIndex(offered.index(chosen) if chosen in offered else 0)

    @property
    def _pair(self) -> tuple[str, str]:
        """Whose matrix is shown, and what is taken from it; empty for nothing."""
        first, second = self.networks.currentData() or ("student", "")
        return str(first), str(second)

    def _content(self, lead: ShownRun, told: RunAnswers) -> MatrixContent:
        first, second = self._pair
        ours = told.network(first)
        assert ours is not None
        order = told.order if self.order.currentData() == LIKENESS else np.arange(len(told.classes))
        strokes = (_stroke(first, lead), _stroke(second, lead))
        return content_of(told, ours, told.network(second) if second else None, strokes, order)

    def _show_cell(self, row: int, column: int) -> None:
        content, told, lead = self.canvas.content, self._told, self._lead
        if content is not None and told is not None and lead is not None and lead.info is not None and content.count:
            self.cell.show_cell(lead.info, told, content, self._pair, (row, column), self._submit)

    def _go_to(self, label: int, answer: int) -> None:
        content = self.canvas.content
        if content is not None:
            place = np.argsort(content.classes)
            self.canvas.select(int(place[label]), int(place[answer]))

    def _choose_case(self, row: int) -> None:
        lead = self._lead
        if lead is not None:
            self.case_chosen.emit(lead.history.run, row)

    def _show_legend(self, content: MatrixContent, second: str) -> None:
        """Of a difference what the colours mean."""
        self.legend.setVisible(content.second is not None)
        if content.second is not None:
            other = {"teacher": self.tr("more often the teacher"), "alone": self.tr("more often the student alone")}
            self.legend.show_names(
                [(content.first, self.tr("more often the student")), (content.second, other[second])]
            )

    # --- words and bars ----------------------------------------------------------------------------------------------

    def _redraw_for(self, _index: int) -> None:
        self.refresh()

    def _say(self, words: str) -> None:
        self.sentence.setText(words or self._whole_words())

    def _whole_words(self) -> str:
        told = self._told
        first, second = self._pair
        ours = told.network(first) if told is not None else None
        if told is None or ours is None:
            return ""
        right, n = int(np.diag(ours.matrix).sum()), len(told.labels)
        if second:
            gained = int(told.gain_by_class(first, second).sum())
            words = self.tr("{n} right answers more.") if gained >= 0 else self.tr("{n} right answers fewer.")
            return words.format(n=thousands(abs(gained)))
        words = self.tr("{right} of {n} {noun} are right, {wrong} are not.")
        return words.format(right=thousands(right), n=thousands(n), wrong=thousands(n - right), noun=told.examples.noun)

    def _show_gains(self, lead: ShownRun, told: RunAnswers) -> None:
        """Against the network that is taken away, else against the student alone, else against the teacher."""
        first, second = self._pair
        others = [second] if second else [role for role in ("alone", "teacher") if told.network(role) is not None]
        other = next((role for role in others if role != first), "")
        if not second:
            first = "student"
        card = self.cards[3]
        card.setVisible(bool(other) and self.may_show(card))
        if not other:
            return
        gained = told.gain_by_class(first, other)
        order = sorted(range(len(gained)), key=lambda k: (-int(gained[k]), k))
        gains = [ClassGain(class_name(told.classes, k), int(gained[k]), int(told.class_sizes[k])) for k in order]
        card.title.setText(
            self.tr("Where does it beat alone?") if other == "alone" else self.tr("Where does it beat its teacher?")
        )
        self.gains.show_gains(gains, _stroke(first, lead), _stroke(other, lead))

    # --- places ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In little width the rest goes below the matrix."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < NARROW
        self.cards[0].setMinimumHeight(430 if narrow else 0)
        self._grid.arrange(self.cards, BELOW if narrow else BESIDE)

    # --- values ------------------------------------------------------------------------------------------------------

    def _matrix_table(self) -> CsvTable:
        return matrix_table(self.canvas.content)

    def _case_table(self) -> CsvTable:
        rows: list[list[Value]] = [[case.row, case.title, case.remark] for case in self.cell.strip.cases]
        return CsvTable(["row", "label", "answer"], rows)

    def _mistake_table(self) -> CsvTable:
        return mistake_table(self.canvas.content)

    def _class_table(self) -> CsvTable:
        return CsvTable(["class", "gained", "size"], [[gain.name, gain.gained, gain.size] for gain in self.gains.gains])


def _choice(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumWidth(90)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def _stroke(role: str, lead: ShownRun) -> Stroke:
    """Whose colour: the run's own for its student."""
    if role == "teacher":
        return Stroke("teacher")
    return Stroke("alone") if role == "alone" else Stroke("run", lead.color_index)


VIEW = MixupsView
