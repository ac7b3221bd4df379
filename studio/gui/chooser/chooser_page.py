"""The page on which a step is chosen: a list at the left, what is known of the choice at the right; in the centre, no dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core import paths
from studio.core.format import thousands
from studio.gui import theme
from studio.gui.chooser.choice_details import ChoiceDetails
from studio.gui.chooser.choice_pane import ChoicePane
from studio.gui.chooser.choice_queries import ChoiceQueries
from studio.gui.chooser.choice_search import ChoiceSearch
from studio.gui.chooser.chooser_foot import ChooserFoot
from studio.gui.chooser.chooser_header import ChooserHeader, separator
from studio.gui.chooser.chooser_words import chooser_words
from studio.gui.chooser.data_preview import DataPreview
from studio.gui.chooser.method_options import MethodOptions
from studio.gui.chooser.options import DataOptions, Options
from studio.gui.chooser.pair_card import PairCard
from studio.gui.chooser.pair_choice import PairChoice, Picked
from studio.gui.chooser.student_options import StudentOptions
from studio.gui.chooser.teacher_options import TeacherOptions
from studio.gui.composer.composer_page import ComposerPage
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.draft_info import SHOWN, TABLE, Choice, Presenter, Step, saved_method_key
from studio.gui.system.background_jobs import Submit
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say

_LIST_WIDTH = 364
#: Steps that are chosen on one page.
_PAIR: tuple[Step, ...] = ("teacher", "student")

_OPTIONS: dict[Step, type[Options]] = {
    "data": DataOptions,
    "teacher": TeacherOptions,
    "student": StudentOptions,
    "method": MethodOptions,
}


class ChooserPage(GuardedOverrides, QWidget):
    """Picks one step of a draft.

    Signals:
        closed: a choice was used, or the person went back without one.
        turned: the other of teacher and student is to be chosen; its step.
        roomed: it wants more room, or less, than before; its property ``roomy`` says which.
    """

    closed = Signal()
    turned = Signal(str)
    roomed = Signal()

    def __init__(
        self,
        step: Step,
        draft: ExperimentDraft,
        presenter: Presenter,
        submit: Submit,
        back: str,
        parent: QWidget | None = None,
        together: Picked | None = None,
    ) -> None:
        """``back`` names the page behind it, for the button that goes back there; ``together``: see :class:`PairChoice`."""
        super().__init__(parent)
        self.step = step
        self._draft = draft
        self.pair = PairChoice(step, presenter, submit, together or {}, self) if step in _PAIR else None
        self._values = self.pair.completed(draft.values) if self.pair is not None else draft.values
        self._queries = ChoiceQueries(step, self._values, presenter, submit, self)
        most = SHOWN if step in _PAIR else 0
        self.choice_search = ChoiceSearch(self._words()["find"], self._words()["list"], most=most)
        self.list = self.choice_search.list
        self.details = ChoiceDetails()
        self.options = _OPTIONS[step](step)
        self.composer_page = ComposerPage(self._values, presenter, submit) if step == "method" else None
        self.preview = DataPreview(presenter, submit) if step == "data" else None
        self._point_next = ""
        self._pane = ChoicePane(self.details, self.options, self.preview, self._pair_card, self.composer_page)
        self._pane.show_options(shown=False)  # until something is pointed at
        self.details.setVisible(self.composer_page is not None)  # its mode stands beside the title
        self.foot = ChooserFoot(self._words()["use"])
        self.use, self.hint = self.foot.use, self.foot.hint
        self._lay_out(back)
        self.foot.used.connect(self.use_choice)
        self.foot.cancelled.connect(self.close_page)
        self.list.pointed.connect(self._show_choice)
        self.choice_search.use_requested.connect(self.use_choice)
        self.choice_search.filtered.connect(self._refresh_use_button)
        self.choice_search.typed.connect(self._look_up_found)
        self.choice_search.typed.connect(self._queries.look_up_typed)
        self.options.changed.connect(self._follow_options)
        self._queries.listed.connect(self._list_choices)
        self._queries.runs.connect(self._list_runs)
        self._queries.found.connect(self._show_found)
        self._queries.typed.connect(self._add_typed)
        self._queries.failed.connect(self.choice_search.show_message)
        if self.composer_page is not None:
            self._connect_composer(self.composer_page)
        if self.preview is not None and isinstance(self.options, DataOptions):
            self.preview.table_card.use_picked.connect(self.options.use_column)
            for card in (self.preview.picture_card, self.preview.table_card):
                card.copies_decided.connect(self.options.leave_out_copies)
            self.preview.answered.connect(self._show_preview)
        if self.pair is not None:
            self._connect_pair(self.pair)
        self._queries.start()

    @property
    def _pair_card(self) -> PairCard | None:
        return self.pair.card if self.pair is not None else None

    def _connect_pair(self, pair: PairChoice) -> None:
        self.choice_search.add_before_filters(pair.switch)
        pair.answered.connect(self._show_pair)
        pair.remedied.connect(self._follow_options)
        pair.turned.connect(self.turned)

    def _connect_composer(self, composer_page: ComposerPage) -> None:
        composer_page.hide()
        composer_page.bar.hide()
        composer_page.mode_changed.connect(self._change_mode)
        composer_page.answered.connect(self._composer_answered)
        composer_page.became_own.connect(self._point_at_composed)
        composer_page.saved.connect(self._method_saved)
        composer_page.deleted.connect(self._method_deleted)
        composer_page.method_requested.connect(self.choice_search.point_anyway)
        self.list.rename_requested.connect(composer_page.bar.edit_name)
        self.list.delete_requested.connect(composer_page.bar.delete_saved)

    # --- answers ------------------------------------------------------------------------------------------------------

    def _list_choices(self, choices: list[Choice]) -> None:
        self.list.rows.pin(self._point_next or self._key_in_force)
        self.choice_search.show_choices(choices)
        if isinstance(self.options, MethodOptions):
            self.options.show_joining([choice for choice in choices if choice.joins])
        picked, self._point_next = self._point_next or self._current_key(), ""
        self.list.point_at(picked)
        if picked and not self.list.rows.row_of(picked).isValid():
            self._queries.look_up(picked)
        else:
            self._look_up_next()

    def _current_key(self) -> str:
        """The key of the row of what is in force; a saved method goes by its own."""
        table = self._values.get(TABLE[self.step])
        saved = (choice.key for choice in self.list.rows.choices if choice.saved and choice.table == table)
        return next(saved, self._key_in_force)

    @property
    def _key_in_force(self) -> str:
        """What the draft has, or was picked here before."""
        return str(paths.get(self._values, f"{TABLE[self.step]}.key", ""))

    def _list_runs(self, runs: list[Choice]) -> None:
        if isinstance(self.options, TeacherOptions | StudentOptions):
            self.options.show_runs(runs)

    def _look_up_next(self) -> None:
        """The choice pointed at comes before the others on show; of a long list no more than its first."""
        current = self.list.current
        self._queries.look_up_first([*([current] if current else []), *self.list.rows.on_show[:SHOWN]])

    def _look_up_found(self, _words: str) -> None:
        self._look_up_next()

    def _show_found(self, choice: Choice | None) -> None:
        if choice is not None:
            current = self.list.current
            self.list.rows.put(choice)
            if current is not None and current.key == choice.key:
                self.details.show_choice(choice, brief=self._is_brief)  # what was typed in its options stays
                self._refresh_use_button()
            elif choice.key == self._key_in_force:
                self.list.point_at(choice.key)
        self._look_up_next()

    def _add_typed(self, choice: Choice | None) -> None:
        if choice is not None:
            self.choice_search.add(choice)

    # --- choosing -----------------------------------------------------------------------------------------------------

    def _show_choice(self, choice: Choice) -> None:
        self.setProperty("help_page", choice.help_page or None)
        self.options.show_choice(choice, self._values)
        self._show_page(choice)
        if self.pair is not None:
            self._look_up_next()

    def _show_page(self, choice: Choice) -> None:
        """The page of a ready choice, or the composer."""
        if self.composer_page is not None:
            self.composer_page.show_choice(choice, {**self.options.table(), "key": self.options.key()})
            self.composer_page.setVisible(self._is_composing)
            self.composer_page.bar.setVisible(choice.saved or self.composer_page.is_own)
        self.details.show()
        self.details.show_choice(choice, brief=self._is_brief)
        if self.preview is not None:
            self.preview.show_choice(choice.key, self.options.table())
        self._ask_about_pair()
        broken = choice.saved and not choice.table
        self._pane.show_options(shown=self.options.has_options and not self._is_composing and not broken)
        if self.preview is None and self.pair is None:
            self._ask_for_room(self._is_composing)
        self._refresh_use_button()

    def _ask_about_pair(self) -> None:
        """About the pair that the draft would have with what is picked here."""
        if self.pair is not None and self.list.current is not None:
            self.pair.ask(self._values, {**self.options.table(), "key": self.options.key()})

    def _show_pair(self) -> None:
        """What is drawn and counted beside the other is not said twice."""
        if self.list.current is not None:
            self.details.show_choice(self.list.current, brief=self._is_brief)
        self._ask_for_room(self._is_brief)
        self._refresh_use_button()

    def picked(self) -> Picked:
        """What is picked here and was picked before, by step; of what cannot be used, nothing."""
        choice = self.list.current
        usable = choice is not None and not choice.refusal and not self.options.problem()
        table = {**self.options.table(), "key": self.options.key()} if usable else None
        return self.pair.picked(table) if self.pair is not None else {}

    def _ask_for_room(self, roomy: bool) -> None:
        if bool(self.property("roomy")) != roomy:
            self.setProperty("roomy", roomy)
            self.roomed.emit()

    def _show_preview(self) -> None:
        own = self.preview is not None and self.preview.is_own
        self._ask_for_room(own)
        if own and self.list.current is not None:
            self.details.show_choice(self.list.current, brief=True)  # the data are seen, and say more
        self._refresh_use_button()

    @property
    def _is_composing(self) -> bool:
        return self.composer_page is not None and self.composer_page.is_composing

    @property
    def _is_brief(self) -> bool:
        """Whether more than details is shown of the choice pointed at."""
        return self._is_composing or (self.pair is not None and self.pair.is_shown)

    def _follow_options(self) -> None:
        if self.preview is not None and self.list.current is not None:
            self.preview.follow(self.list.current.key, self.options.table())
        self._ask_about_pair()
        self._refresh_use_button()

    def _refresh_use_button(self) -> None:
        choice = self.list.current
        refusal, said, warning = say(choice.refusal) if choice else "", "", ""
        if self.preview is not None:
            refusal = refusal or self.preview.problem
            self.use.setText(self._words_of_use())
        if self.composer_page is not None and self._is_composing:
            refusal, said = self.composer_page.problem(), self.composer_page.status()
        if self.pair is not None:
            said, warning = self.pair.said(), self.pair.reason()
            self.use.setText(self._words_of_use())
        self.foot.show_state(refusal, said, chosen=choice is not None, warning=warning)

    def _words_of_use(self) -> str:
        """Of own pictures how many will be used; of teacher and student that both are."""
        if self.pair is not None and self.pair.is_shown:
            return self.tr("Use this pair")
        count = self.preview.pictures if self.preview is not None else 0
        return self.tr("Use these {count} pictures").format(count=thousands(count)) if count else self._words()["use"]

    def _change_mode(self) -> None:
        if self.list.current is not None:
            self._show_page(self.list.current)

    def _composer_answered(self, problem: str) -> None:
        if self.composer_page is not None and self.list.current is not None:
            self.composer_page.bar.setVisible(self.list.current.saved or self.composer_page.is_own)
        self._refresh_use_button()
        if problem:
            self.foot.show_problem(problem)

    def _point_at_composed(self) -> None:
        made_here = (choice.key for choice in self.list.rows.choices if choice.composed and not choice.saved)
        self.choice_search.point_anyway(next(made_here, ""))

    def _method_saved(self, name: str) -> None:
        self._point_next = saved_method_key(name)
        self._queries.start()

    def _method_deleted(self, _name: str) -> None:
        self._queries.start()

    def use_choice(self) -> None:
        """Use the choice pointed at, unless something about it is still wrong: then say what."""
        choice = self.list.current
        own = self.composer_page if self.composer_page is not None and self.composer_page.is_own else None
        if choice is None or (choice.refusal and own is None):
            return
        if own is not None:
            own.composer.complete()
        problem = own.problem() if own is not None else self.options.problem()
        if problem:
            self.foot.show_problem(problem)
            return
        table = own.table() if own is not None else {**self.options.table(), "key": self.options.key()}
        words = self.tr("choice of {what}").format(what=say(choice.title))
        suited = {} if own is not None else {path: found.value for path, found in self.options.suited().items()}
        together = self.pair.others if self.pair is not None else {}
        self._draft.pick(self.step, str(table.pop("key")), table, words, suited, together)
        self.close_page()

    def close_page(self) -> None:
        """Go back; what was not used is forgotten."""
        self.forget()
        self.closed.emit()

    def forget(self) -> None:
        """No answer is wanted any more; to be called before the page is taken away."""
        self._queries.forget()
        for card in (self.preview, self.pair):
            if card is not None:
                card.forget()
        if self.composer_page is not None:
            self.composer_page.forget()

    # --- Qt -----------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_page()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.choice_search.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.choice_search.setFixedWidth(min(_LIST_WIDTH, max(250, 2 * self.width() // 5)))
        self._pane.use_width(self.width() - self.choice_search.width())

    # --- layout -------------------------------------------------------------------------------------------------------

    def _words(self) -> dict[str, str]:
        return chooser_words(self.step)

    def _lay_out(self, back: str) -> None:
        self.setAccessibleName(self._words()["title"])
        theme.restyle(self, surface="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.choice_search)
        body.addWidget(separator(upright=True))
        body.addLayout(self._right(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header(back))
        column.addWidget(separator(upright=False))
        column.addLayout(body, 1)

    def _header(self, back: str) -> QWidget:
        header = ChooserHeader(self.step, self._words()["title"], back)
        header.back_requested.connect(self.close_page)
        return header

    def _right(self) -> QVBoxLayout:
        below = QVBoxLayout()
        below.setContentsMargins(20, 8, 20, 12)
        below.setSpacing(8)
        if self.composer_page is not None:
            below.addWidget(self.composer_page.bar)
        below.addWidget(self.foot)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._pane, 1)
        column.addLayout(below)
        return column
