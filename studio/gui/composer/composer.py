"""Where a method is put together: four pickers, the drawing, the loss, what fits, stages and settings."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QVBoxLayout, QWidget

from studio.core import paths
from studio.core.errors import StudioError
from studio.gui import theme
from studio.gui.composer.composer_card import ComposerCard
from studio.gui.composer.composer_drawing import ComposerDrawing
from studio.gui.composer.part_picker import PartPicker
from studio.gui.composer.requirements_card import RequirementsCard
from studio.gui.composer.stages_card import StagesCard
from studio.gui.experiment.setting_fields import composer_fields, method_defaults
from studio.gui.presenters.composer_info import ASPECTS, ComposerInfo, DesignAspect, MethodTable, PartInfo
from studio.gui.presenters.draft_info import Presenter, Values
from studio.gui.presenters.opened_settings import unchanged_values
from studio.gui.system.background_jobs import Submit
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.widgets.form import SettingsForm
from studio.gui.widgets.labels import Label

#: Under this width the pickers stand two by two, and cards one below the other.
NARROW = 620


class Composer(GuardedOverrides, QWidget):
    """Holds one ``[method]`` table and what is known of it.

    Everything that is picked is answered by a worker, the newest question only; picks that were not answered yet are
    asked again with it, so that none is lost.

    Signals:
        answered: what is known of the table is shown.
        changed: as ``answered``, after a person changed it.
        failed: why nothing can be said.
    """

    answered = Signal()
    changed = Signal()
    failed = Signal(str)

    def __init__(self, values: Values, presenter: Presenter, submit: Submit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values, self._presenter, self._submit = values, presenter, submit
        self._table: dict[str, Any] = {}
        self._picks: list[tuple[DesignAspect, str]] = []
        self._is_edit = False
        self._forget: Callable[[], None] | None = None
        self.info: ComposerInfo | None = None
        self.pickers = {aspect: PartPicker(aspect, *self._words(aspect)) for aspect in ASPECTS}
        self.drawing = ComposerDrawing()
        self.loss = Label(role="formula")
        self.notes = Label(role="explain")
        self.requirements = RequirementsCard()
        self.stages = StagesCard()
        self.form = SettingsForm()
        self._grid = QGridLayout()
        self._loss_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._narrow: bool | None = None
        self._lay_out()
        for picker in self.pickers.values():
            picker.picked.connect(self._pick)
        self.stages.chosen.connect(self._choose_stages)
        self.stages.put_beside.connect(self._put_beside)
        self.stages.labels_chosen.connect(self._choose_labels)
        self.form.value_changed.connect(self._edited)

    # --- the table ----------------------------------------------------------------------------------------------------

    def show_table(self, table: MethodTable) -> None:
        """Begin with a method: a composed one, or a named one whose parts are to be seen."""
        self._table, self._picks, self._is_edit = copy.deepcopy(dict(table)), [], False
        self._ask()

    @property
    def table(self) -> dict[str, Any]:
        """The ``[method]`` table as it stands, of a composed method; with the key it was given until that is known."""
        return copy.deepcopy(self._table)

    @property
    def _is_asking(self) -> bool:
        """Whether an answer is still awaited."""
        return self._forget is not None

    def problem(self) -> str:
        """Why it cannot be used yet; "" where it can."""
        if self._is_asking:
            return self.tr("One moment: it is being looked at.")
        if self.info is None:
            return self.tr("With these settings it is not made of the parts of the bench.")
        if self.info.refusal:
            return say(self.info.refusal)
        wrong = self.form.check()
        if wrong:
            path, sentence = next(iter(wrong.items()))
            return f"{say(self.form.row(path).field.label)}: {sentence}"
        return ""

    def forget(self) -> None:
        """No answer is wanted any more."""
        if self._forget is not None:
            self._forget()
            self._forget = None

    # --- changes ------------------------------------------------------------------------------------------------------

    def _pick(self, aspect: DesignAspect, key: str) -> None:
        self._picks.append((aspect, key))
        self._ask_after_edit()

    def _choose_stages(self, key: str) -> None:
        if self._setting("stages") != key:
            self._change("stages", key)

    def _choose_labels(self, ticked: bool) -> None:
        self._change("labels_as_well", ticked)

    def _put_beside(self, ticked: bool) -> None:
        if self.info is None:
            return
        key = self.info.beside[0]
        also = [table for table in self._table.get("also", ()) if table.get("key") != key]
        self._own_table()["also"] = [*also, {"key": key}] if ticked else also
        self._ask_after_edit()

    def complete(self) -> None:
        """Let what is being typed count: somebody is about to use the table."""
        self.form.complete()

    def _edited(self, path: str, value: Any) -> None:
        if self.form.row(path).error:
            self.answered.emit()  # it is refused at its field; nothing else is to be said of it
            return
        self._own_table()
        paths.put(tables := {"method": self._table}, path, copy.deepcopy(value))
        self._table = tables["method"]
        self._ask_after_edit()

    def _change(self, name: str, value: object) -> None:
        self._own_table().setdefault("settings", {})[name] = value
        self._ask_after_edit()

    def _own_table(self) -> dict[str, Any]:
        """The table as one of a composed method, to be changed."""
        if self.info is not None and self._table.get("key") != self.info.table["key"]:
            self._table = copy.deepcopy(dict(self.info.table))
        return self._table

    def _setting(self, name: str) -> object:
        return self.info.table["settings"].get(name) if self.info is not None else None

    # --- questions ----------------------------------------------------------------------------------------------------

    def _ask_after_edit(self) -> None:
        self._is_edit = True
        self._ask()

    def _ask(self) -> None:
        self.forget()
        question = partial(self._presenter.compose, self._values, self.table, tuple(self._picks))
        answered = False

        def then(info: ComposerInfo | None) -> None:
            nonlocal answered
            answered = True
            self._show_answer(info)

        forget = self._submit(question, then, self._emit_failed)
        self._forget = None if answered else forget

    def _show_answer(self, info: ComposerInfo | None) -> None:
        self._forget = None
        is_edit, self._is_edit = self._is_edit, False
        self.info, self._picks = info, []
        self.setEnabled(info is not None)
        if info is None:
            self.answered.emit()
            return
        if is_edit or not info.published:
            self._table = copy.deepcopy(dict(info.table))
        self._show(info)
        self.answered.emit()
        if is_edit:
            self.changed.emit()

    def _emit_failed(self, error: StudioError) -> None:
        self._forget = None
        self.failed.emit(say(error.paragraph()))

    # --- showing ------------------------------------------------------------------------------------------------------

    def _show(self, info: ComposerInfo) -> None:
        titles = {}
        for aspect, picker in self.pickers.items():
            picker.show_parts(info.parts[aspect])
            titles[aspect] = _chosen(info.parts[aspect])
        self.drawing.show_method(info.shapes, *(titles[aspect] for aspect in ASPECTS))
        self.loss.setText(info.loss)
        self.notes.setText("; ".join(map(say, info.notes)))
        self.notes.setVisible(bool(info.notes))
        self.requirements.show_method(info)
        self.stages.show_method(info)
        tables = {"method": dict(info.table)}
        fields = composer_fields(tables, info.settings)
        self.form.set_fields(fields)
        for path, value in method_defaults(tables).items():
            self.form.set_default(path, value)
        given = {field.path: paths.get(tables, field.path) for field in fields}
        self.form.set_unchanged(unchanged_values({**self._values, **tables}, given))
        self.form.set_values({path: value for path, value in given.items() if value is not None})

    # --- layout -------------------------------------------------------------------------------------------------------

    def _words(self, aspect: DesignAspect) -> tuple[str, str]:
        return {
            "position": (self.tr("Where"), self.tr("Which features are compared")),
            "teacher_side": (self.tr("Teacher’s side"), self.tr("What is done to the teacher’s features")),
            "student_side": (self.tr("Student’s side"), self.tr("What is done to the student’s features")),
            "distance": (self.tr("Distance"), self.tr("How far apart the two are")),
        }[aspect]

    def _lay_out(self) -> None:
        self._grid.setSpacing(8)
        self._loss_row.setContentsMargins(12, 4, 16, 12)
        self._loss_row.setSpacing(16)
        self._loss_row.addWidget(self.drawing, 1)
        self._loss_row.addLayout(self._formula(), 1)
        made = QFrame()
        made.setProperty("surface", "sunken")
        made.setLayout(self._loss_row)
        self._cards_row.setSpacing(8)
        self._cards_row.addWidget(self.requirements, 1)
        self._cards_row.addWidget(self.stages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._grid)
        column.addWidget(made)
        column.addLayout(self._cards_row)
        column.addWidget(self._settings_card())
        self._arrange(narrow=False)

    def _formula(self) -> QVBoxLayout:
        self.loss.setFont(theme.font("formula"))
        for label in (self.loss, self.notes):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.loss.setAccessibleDescription(self.tr("The loss this makes"))
        column = QVBoxLayout()
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addWidget(Label(self.tr("The loss this makes"), "section"))
        column.addWidget(self.loss)
        column.addWidget(self.notes)
        column.addStretch()
        return column

    def _settings_card(self) -> ComposerCard:
        card = ComposerCard()
        card.setMaximumWidth(560)
        card.column.addWidget(Label(self.tr("Settings"), "card"))
        card.column.addWidget(self.form)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() < NARROW)

    def _arrange(self, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        columns = 2 if narrow else 4
        for index, picker in enumerate(self.pickers.values()):
            self._grid.removeWidget(picker)
            self._grid.addWidget(picker, index // columns, index % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._loss_row.setDirection(direction)
        self._cards_row.setDirection(direction)


def _chosen(parts: tuple[PartInfo, ...]) -> str:
    return next((say(part.title) for part in parts if part.chosen), "")
