"""The Compare view: which of the two is better, and can we be sure?"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QStandardPaths, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.gui.text.say import say
from studio.gui.views.base import View
from studio.gui.views.card_grid import CardArrangement, CardGrid, CardPlace
from studio.gui.views.charts.class_gain_bars import ClassGain, ClassGainBars
from studio.gui.views.charts.naming import class_name
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.compare.compared_groups import ComparedGroup, compared_groups
from studio.gui.views.compare.comparison_tables import (
    class_table,
    curve_table,
    learnt_table,
    setting_table,
    verdict_table,
)
from studio.gui.views.compare.difference_plot import DifferenceCurves
from studio.gui.views.compare.learnt_rows import LearntRows
from studio.gui.views.compare.setting_table import SettingTable
from studio.gui.views.compare.verdict_panel import VerdictPanel
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.saving import CsvTable, png
from studio.gui.views.view_card import ViewCard
from studio.gui.views.view_picture import TOOLS, picture_of
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.scrolling import frame_focus, scrolled
from studio.runs.comparison.case_inputs import CaseInputs, read_case_inputs
from studio.runs.comparison.comparison_report import write_comparison
from studio.runs.comparison.comparison_text import learnt_words
from studio.runs.comparison.run_comparison import RunComparison, compare_runs
from studio.runs.results.html_report import Illustration

#: Below this width cards stand below each other.
NARROW = 760
#: Of twelve columns; verdict, settings, curves, what was learnt, gain by class.
_EVEN, _ROWS = (1,) * 12, (0, 3, 2, 0, 0)
_TOP, _LAST = CardPlace(0, 0, columns=12), (CardPlace(2, 0, columns=8), CardPlace(2, 8, columns=4))
BELOW = CardArrangement(tuple(CardPlace(row, 0, columns=12) for row in range(5)), _EVEN, _ROWS)
BESIDE = CardArrangement((_TOP, CardPlace(1, 0, columns=5), CardPlace(1, 5, columns=7), *_LAST), _EVEN, _ROWS)
WITHOUT_CURVES = CardArrangement((_TOP, CardPlace(1, 0, columns=12), CardPlace(1, 5, columns=7), *_LAST), _EVEN, _ROWS)
Pair = tuple[ComparedGroup, ComparedGroup]


class CompareView(View):
    """The number in words, the interval, and what lies behind it: settings, curves, pictures, classes."""

    key = "compare"
    title = str(QT_TRANSLATE_NOOP("views", "Compare"))
    question = str(QT_TRANSLATE_NOOP("views", "Which of the two is better, and can we be sure?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "The interval holds the true difference in 95 of 100 such comparisons; a ring is one seed. Where it includes 0, the "
            "difference may be chance.",
        )
    )
    help_page = "compare"
    roomy = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: RunComparison | None = None
        self._refusal: StudioError | None = None
        self._asked: object = None
        self._pictured: object = None
        self._drawn: object = None
        self._wish: tuple[str, str] = ("", "")
        self._grid = CardGrid()
        self._build()
        self._arrange()
        page = QVBoxLayout(self.page)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scrolled(self._grid, self.words(self.title)))

    def _build(self) -> None:
        row = QVBoxLayout()  # cards get their places by _arrange

        def card(question: str, words: str, number: int) -> ViewCard:
            made = self.add_card(row, question, words, tables[number])
            row.removeWidget(made)
            return made

        tables = (self._verdict_table, self._setting_table, self._curve_table, self._learnt_table, self._class_table)
        self.verdict = VerdictPanel()
        self.verdict.chosen.connect(self._pick)
        self.save = button(self.tr("Save as a web page…"), "link", clicked=self._ask_save)
        self.save.setProperty(TOOLS, True)
        verdict = card(self.words(self.question), self.words(self.how_to_read), 0)
        verdict.head.insertWidget(1, self.save)
        verdict.body.addWidget(self.verdict)
        self.settings = SettingTable()
        card(self.tr("What was set differently?"), "", 1).body.addWidget(self.settings, 1)
        self.curves = DifferenceCurves()
        words = self.tr(
            "Test accuracy, % by epoch, mean of the seeds; below it the difference in points with its 95 % band."
        )
        card(self.tr("When did they part?"), words, 2).body.addWidget(self.curves, 1)
        self.learnt_words = ClampedLabel("", "explain", lines=2)
        self.learnt = LearntRows()
        self.learnt.chosen.connect(self._choose_case)
        learnt = card(self.tr("What has one learnt that the other has not?"), "", 3)
        learnt.body.addWidget(self.learnt_words)
        learnt.body.addWidget(self.learnt)
        learnt.body.addStretch(1)
        self.gains = ClassGainBars()
        bars = QScrollArea()
        frame_focus(bars)
        bars.setFrameShape(QFrame.Shape.NoFrame)
        bars.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bars.setWidgetResizable(True)
        bars.setWidget(self.gains)
        bars.setMinimumHeight(150)
        bars.setAccessibleName(self.tr("Gain by class"))
        card(self.tr("On which kinds?"), "", 4).body.addWidget(bars, 1)

    # --- what there is -----------------------------------------------------------------------------------------------

    def off_words(self) -> str:
        """Nothing with fewer than two."""
        return self.tr("only one run is ticked") if len(compared_groups(self.shown)) == 1 else ""

    def empty_reason(self) -> EmptyReason | None:
        """Nothing with fewer than two."""
        reason = super().empty_reason() if not self.shown else None
        if self._drawn is None and not self.isVisible():
            return reason or EmptyReason(
                self.tr("Not compared yet."), self.tr("Open this view: then they are compared.")
            )
        if reason is not None or len(compared_groups(self.shown)) > 1:
            return reason
        return EmptyReason(
            self.tr("One run alone cannot be compared."),
            self.tr(
                "Tick a second one below, or select two rows there and choose Compare from their menu. Runs of one experiment "
                "that differ in their seed are compared together."
            ),
        )

    def draw(self) -> None:
        """Show what is known of the pair; ask for it where it is another."""
        groups = compared_groups(self.shown)
        pair = self._pair(groups)
        asked = tuple((info.id, info.state, info.score) for group in pair for info in group.infos)
        if asked != self._asked:
            self._asked, self._told, self._refusal, self._drawn = asked, None, None, None
            if self._submit is not None:
                job = partial(compare_runs, pair[0].infos, pair[1].infos)
                self._submit(job, partial(self._take, asked), partial(self._refuse, asked))
        pair = self._better_first(pair)
        self.verdict.show_groups(groups, *pair)
        self._show(pair)

    def _pair(self, groups: list[ComparedGroup]) -> Pair:
        """What a person picked; else the run in question and the next, of those that have come to their end."""
        by_key = {group.key: group for group in groups}
        first, second = (by_key.get(key) for key in self._wish)
        groups = sorted(groups, key=lambda group: not group.has_ended)  # one that has just begun displaces no pair
        if first is None or first is second:
            ended = [group for group in groups if group.has_ended] or groups
            first = next((group for group in ended if group.is_current), groups[0])
        if second is None or second is first:
            second = next(group for group in groups if group is not first)
        return first, second

    def _pick(self) -> None:
        self._wish = self.verdict.picked
        self.refresh()

    def _take(self, asked: object, told: RunComparison) -> None:
        if asked == self._asked:
            self._told = told.better_first
            self.refresh()

    def _refuse(self, asked: object, refusal: StudioError) -> None:
        if asked == self._asked:
            self._refusal = refusal
            self.refresh()

    # --- what is shown -----------------------------------------------------------------------------------------------

    def _show(self, pair: Pair) -> None:
        told = self._told
        strokes = (pair[0].stroke, pair[1].stroke)
        state = (told, self._refusal, strokes, tuple(group.label for group in pair))
        if state == self._drawn:
            return
        self._drawn = state
        self.save.setVisible(told is not None)
        for number, card in enumerate(self.cards):
            card.setVisible((number == 0 or told is not None) and self.may_show(card))
        if told is None:
            words = say(self._refusal.paragraph()) if self._refusal is not None else self.tr("Comparing them…")
            self.verdict.show_waiting((pair[0].label, pair[1].label), strokes, words)
            return
        self.verdict.show_comparison(told, strokes)
        self.settings.show_comparison(told, strokes)
        self.cards[2].setVisible(told.curves is not None and self.may_show(self.cards[2]))
        if told.curves is not None:
            self.curves.show_comparison(told, told.curves, strokes)
        self._show_learnt(told, strokes)
        self._arrange()

    def _better_first(self, pair: Pair) -> Pair:
        """The sides in the order of the comparison."""
        told = self._told
        if told is not None and told.first.runs[0].id not in {info.id for info in pair[0].infos}:
            return pair[1], pair[0]
        return pair

    def _show_learnt(self, told: RunComparison, strokes: tuple[Stroke, Stroke]) -> None:
        self.learnt_words.setText(say(learnt_words(told)))
        learnt = told.learnt
        self.learnt.setVisible(learnt is not None)
        self.cards[4].setVisible(learnt is not None and self.may_show(self.cards[4]))
        if learnt is None:
            return
        self.learnt.show_comparison(told, learnt, strokes)
        noun = told.examples.noun
        words = self.tr("{noun} gained with {name}; they add up to {gained}.")
        self.cards[4].set_how_to_read(words.format(noun=noun.capitalize(), name=told.first.name, gained=learnt.gained))
        order = sorted(range(learnt.class_count), key=lambda k: (-int(learnt.gain_by_class[k]), k))
        gains = [
            ClassGain(class_name(learnt.classes, k), int(learnt.gain_by_class[k]), int(learnt.class_sizes[k]))
            for k in order
        ]
        self.gains.show_gains(gains, *strokes)
        if self._submit is not None and self._pictured is not told:
            self._pictured = told
            job = partial(read_case_inputs, told.first.runs[0], self.learnt.rows, learnt.labels)
            self._submit(job, partial(self._show_inputs, told), partial(self._say_no_inputs, told))

    def _show_inputs(self, told: RunComparison, inputs: CaseInputs) -> None:
        if told is self._told:
            self.learnt.show_inputs(inputs)

    def _say_no_inputs(self, told: RunComparison, error: StudioError) -> None:
        if told is self._told:
            self.learnt_words.setText(f"{say(learnt_words(told))} {say(error.paragraph())}")

    def _choose_case(self, side: int, row: int) -> None:
        if self._told is not None:
            run = (self._told.first, self._told.second)[side].runs[0]
            self.case_chosen.emit(run.id, row)

    # --- saving ------------------------------------------------------------------------------------------------------

    def _ask_save(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        place, kinds = str(Path(folder) / "comparison.html"), self.tr("Web pages (*.html)")
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the comparison"), place, kinds)
        if name:
            self.save_page(Path(name))

    def save_page(self, path: Path) -> None:
        """Write the comparison as a page with its drawings. What goes wrong is told by ``trouble``."""
        if self._told is None:
            return
        drawn = [card for card in self.cards[2:] if not card.isHidden()]
        pictures = [Illustration(card.title.text(), "", png(picture_of(card))) for card in drawn]
        try:
            write_comparison(path if path.suffix else path.with_suffix(".html"), self._told, pictures)
        except StudioError as error:
            self.trouble.emit(error)

    # --- places ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In little width cards stand below each other."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if self.width() < NARROW:
            self._grid.arrange(self.cards, BELOW)
        else:
            no_curves = self._told is not None and self._told.curves is None
            self._grid.arrange(self.cards, WITHOUT_CURVES if no_curves else BESIDE)

    # --- values ------------------------------------------------------------------------------------------------------

    def _verdict_table(self) -> CsvTable:
        return verdict_table(self._told)

    def _setting_table(self) -> CsvTable:
        return setting_table(self._told)

    def _curve_table(self) -> CsvTable:
        return curve_table(self._told)

    def _learnt_table(self) -> CsvTable:
        return learnt_table(self._told)

    def _class_table(self) -> CsvTable:
        return class_table(self._told)


VIEW = CompareView
