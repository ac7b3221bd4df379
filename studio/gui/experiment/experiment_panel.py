"""The left dock: four cards that say in plain words what was picked, and the settings below them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core import paths
from studio.gui import theme
from studio.gui.experiment.card import Card
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.experiment.draft_answers import DraftAnswers
from studio.gui.experiment.panel_header import EDGE, PanelHeader
from studio.gui.presenters.draft_info import STEPS, TABLE, DraftInfo, Presenter, Step
from studio.gui.presenters.opened_settings import unchanged_values
from studio.gui.system.background_jobs import Submit
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import SegmentedControl
from studio.gui.widgets.fields import Field, SettingsLevel
from studio.gui.widgets.form import SettingsForm
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import Glyph, NoticeBox

WIDTH = 304
SMALL_WIDTH = 252
_ABSENT = object()


class ExperimentPanel(GuardedOverrides, QWidget):
    """Shows and edits a draft.

    ``choose_requested`` asks for the page of a step, ``focused`` tells what has the focus, for the help (``data`` ...
    ``method``, or the path of a setting), and ``described`` that what is known about the draft is new.
    """

    choose_requested = Signal(str)
    focused = Signal(str)
    described = Signal()

    def __init__(self, draft: ExperimentDraft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self._answers = DraftAnswers(draft, self)
        self._faults: dict[str, str] = {}
        self._compact = False
        self._student_color = 0
        self.header = PanelHeader(self.tr("Experiment"), draft.edits)
        self.running_notice = NoticeBox()
        self.problem_notice = NoticeBox()
        self.cards: dict[Step, Card] = {}
        self.level = SegmentedControl(
            [("beginner", self.tr("Main")), ("expert", self.tr("All"))], self.tr("Settings shown")
        )
        self.form = SettingsForm()
        self._estimate = Label(role="explain", tone="text3")
        self._make_cards()
        self._lay_out()
        self._answers.answered.connect(self._show_answer)
        self._answers.failed.connect(self._show_failure)
        self.form.value_changed.connect(self._apply_edit)
        self.form.field_entered.connect(self.focused)
        self.form.set_level("beginner")
        self.level.chosen.connect(self._set_level)
        draft.changed.connect(self._draft_changed)
        draft.completing.connect(self.form.complete)

    # --- what the window tells it -------------------------------------------------------------------------------------

    def start(self, presenter: Presenter, submit: Submit) -> None:
        """Start asking about the draft. Until then the cards are empty: the catalogue is loaded after the first window.

        Args:
            presenter: who knows.
            submit: does a job in a worker.
        """
        self._answers.start(presenter, submit)

    def refresh(self) -> None:
        """What is known of the draft may be another now: a teacher it asks for has been trained."""
        self._answers.ask()

    def show_running(self, words: str) -> None:
        """Say above the cards that a run has its own frozen experiment; empty when nothing runs."""
        sentence = self.tr("Running: {words}. What you change here is for the next run.").format(words=words)
        self.running_notice.show_message(sentence if words else "")
        self._place_hints()

    def show_faults(self, places: Iterable[str], sentence: str) -> None:
        """Mark these settings, and no others, as at fault where a run failed; a mark goes when its setting is changed."""
        self._faults = dict.fromkeys(places, sentence)
        self._show_problems()

    def set_open(self, step: Step | None) -> None:
        """Mark the card whose page is open in the centre."""
        for name, card in self.cards.items():
            card.set_open(name == step)

    def set_student_color(self, index: int) -> None:
        """Draw the student in the colour of this run."""
        if index != self._student_color:
            self._student_color = index
            self._show_cards()

    # --- what it knows ------------------------------------------------------------------------------------------------

    @property
    def draft_info(self) -> DraftInfo | None:
        """What is known about the draft; None until the first answer."""
        return self._answers.info

    def refusal(self) -> str:
        """Why the draft cannot be trained as it stands, what is being typed included, one sentence; "" where it can."""
        self.draft.complete()
        invalid = self.form.check() if self.form.fields else {}
        if invalid:
            path, sentence = next(iter(invalid.items()))
            return f"{say(self.form.row(path).field.label)}: {sentence}"
        if self._answers.failure:
            return self._answers.failure
        return next((say(problem.sentence) for problem in self._answers.problems()), "")

    # --- edits --------------------------------------------------------------------------------------------------------

    def _apply_edit(self, path: str, value: Any) -> None:
        self._faults.pop(path, None)
        if not paths.has_items(self.draft.values, path):
            return  # what was typed counts after a pause: the method it was for may have been taken away meanwhile
        row = self.form.row(path)
        words = self.tr("change of {label}").format(label=say(row.field.label))
        if row.field.group:
            self._apply_group_edit(row.field, words)
        elif row.is_given:
            self.draft.set(path, value, words)
        else:
            self.draft.put_back(path, words)

    def _apply_group_edit(self, field: Field, words: str) -> None:
        """An optional table is given whole, or not at all where nothing in it was changed."""
        rows = [self.form.row(other.path) for other in self.form.fields if other.group == field.group]
        if any(row.is_given for row in rows):
            table = {row.field.path.removeprefix(field.group + "."): row.value for row in rows}
            self.draft.set(field.group, table, words)
        else:
            self.draft.put_back(field.group, words)

    def _draft_changed(self) -> None:
        self._show_values()
        self._answers.ask_soon()

    def _show_values(self) -> None:
        values = self.draft.values
        given = {field.path: paths.get(values, field.path, _ABSENT) for field in self.form.fields}
        self.form.set_unchanged(unchanged_values(values, given))
        self.form.set_values({path: value for path, value in given.items() if value is not _ABSENT})
        self.form.show_suited(self.draft_info.suited if self.draft_info is not None else {})
        self._show_problems()

    # --- answers ------------------------------------------------------------------------------------------------------

    def _show_answer(self) -> None:
        fields, info = self._answers.fields, self._answers.info
        assert info is not None
        self.form.set_fields(fields)
        for field in fields:
            self.form.set_default(field.path, info.defaults.get(field.path, field.default))
        if self._answers.is_of_draft:
            self.draft.refit(info.suited)
        self.level.set_words("expert", self.tr("All {count}").format(count=len(fields)))
        self._show_cards()
        self._show_values()
        self._estimate.setText(say(info.estimate))
        self._place_hints()
        self.described.emit()

    def _show_failure(self) -> None:
        self._show_problems()
        self.described.emit()

    def _show_cards(self) -> None:
        if self.draft_info is None:
            return
        for step, info in self.draft_info.cards.items():
            card = self.cards[step]
            card.show_choice(say(info.title), say(info.words), say(info.short))
            card.show_drawing(info.drawing, self._student_color)
            card.show_note(say(info.note), info.level)
            card.setProperty("help_page", info.help_page or None)
        self._show_problems()

    def _show_problems(self) -> None:
        """Each problem at its field, else at its card, else in a line above the settings."""
        problems = self._answers.problems()
        fields = {field.path for field in self.form.fields}
        at_fields = {p.path: say(p.sentence) for p in problems if p.path in fields} | self._faults
        self.form.set_errors(at_fields)
        elsewhere = [p for p in problems if p.path not in fields]
        at_cards = {step: p for p in reversed(elsewhere) if (step := _step_of(p.path)) is not None}
        for step, problem in at_cards.items():
            self.cards[step].show_note(say(problem.sentence), "error")
        rest = [say(p.sentence) for p in elsewhere if _step_of(p.path) is None]
        self.problem_notice.show_message(" ".join([self._answers.failure, *rest]).strip(), "error")

    def _set_level(self, level: str) -> None:
        self.form.set_level("expert" if level == "expert" else "beginner")

    @property
    def settings_level(self) -> SettingsLevel:
        """Which settings are shown, for the window to remember."""
        return "expert" if self.level.current == "expert" else "beginner"

    # --- layout -------------------------------------------------------------------------------------------------------

    def _make_cards(self) -> None:
        names = {
            "data": self.tr("Data"),
            "teacher": self.tr("Teacher"),
            "student": self.tr("Student"),
            "method": self.tr("Method"),
        }
        for number, step in enumerate(STEPS, start=1):
            card = Card(number, names[step])
            card.setObjectName(step)
            card.clicked.connect(self._card_clicked)
            card.installEventFilter(self)
            self.cards[step] = card

    def _lay_out(self) -> None:
        theme.restyle(self, surface="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.keep_length(self, QWidget.setMinimumWidth, 240)
        self._content = QVBoxLayout()
        self._content.setContentsMargins(EDGE, 0, EDGE, EDGE)
        self._content.setSpacing(8)
        self._content.addWidget(self.running_notice)
        for card in self.cards.values():
            self._content.addWidget(card)
        self._content.addWidget(self.problem_notice)
        head = QHBoxLayout()
        head.setContentsMargins(0, 4, 0, 0)
        self.settings_title = Label(self.tr("Settings"), "card")
        head.addWidget(self.settings_title, 1)
        head.addWidget(self.level)
        self._content.addLayout(head)
        self._content.addWidget(self.form)
        self._estimate_row = self._make_estimate()
        self._content.addWidget(self._estimate_row)
        self._content.addStretch(1)  # or the cards would grow with the window
        inside = QWidget()
        inside.setLayout(self._content)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._make_room)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._scroll, 1)
        self._place_hints()

    def _make_estimate(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(2, 4, 0, 0)
        row.setSpacing(8)
        row.addWidget(Glyph("clock", "text3"), 0, Qt.AlignmentFlag.AlignTop)
        self._estimate.setWordWrap(True)
        row.addWidget(self._estimate, 1)
        return whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = self.width() < (WIDTH + SMALL_WIDTH) // 2
        if compact != self._compact:
            self._compact = compact
            for card in self.cards.values():
                card.set_compact(compact)
            self.form.set_compact(compact)
            self._place_hints()

    def changeEvent(self, event: QEvent) -> None:
        """A person's own files may be others when the window comes back to the front."""
        super().changeEvent(event)
        comes_back = event.type() == QEvent.Type.ActivationChange and self.isActiveWindow()
        if comes_back and paths.get(self.draft.values, "dataset.path"):
            self._answers.ask_soon()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, Card):
            self.focused.emit(watched.objectName())
        return super().eventFilter(watched, event)

    def _place_hints(self) -> None:
        """With little room the note on the running run and the time estimate move to tool tips."""
        self._estimate_row.setVisible(bool(self._estimate.text()) and not self._compact)
        self.settings_title.setToolTip(plain_tip(self._estimate.text()) if self._compact else "")
        self.running_notice.setVisible(bool(self.running_notice.words) and not self._compact)
        self.header.title.setToolTip(plain_tip(self.running_notice.words) if self._compact else "")

    def _make_room(self, _low: int, high: int) -> None:
        """The scroll bar stands in the edge, so that nothing moves when it comes."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if high > 0 else 0
        self._content.setContentsMargins(EDGE, 0, max(2, EDGE - bar), EDGE)

    # --- clicks -------------------------------------------------------------------------------------------------------

    def _card_clicked(self) -> None:
        card = self.sender()
        if card is not None:
            self.choose_requested.emit(card.objectName())


def _step_of(path: str) -> Step | None:
    return next((step for step, table in TABLE.items() if path.split(".", maxsplit=1)[0] == table), None)
