"""The part of the method chooser in which methods are put together and saved."""

from __future__ import annotations

import copy
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.composer.aspects_table import AspectsTable
from studio.gui.composer.composer import Composer
from studio.gui.composer.saved_methods_bar import SavedMethodsBar
from studio.gui.presenters.composer_info import MethodAspects, MethodTable
from studio.gui.presenters.draft_info import Choice, Presenter, Values
from studio.gui.system.background_jobs import Submit
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import SegmentedControl, button

READY, COMPOSE = "ready", "compose"


class ComposerPage(QWidget):
    """Shows the parts of the method pointed at, and makes a method of one's own of them.

    A method of one's own opens in the composer; a named one does once the person has asked to compose, if it is made of
    the parts. Changing a part of a named one makes it one's own: ``became_own``; what was made so far is kept as long as
    the page is open.

    Signals:
        mode_changed: the composer was asked for, or the page of a ready method.
        answered: what is in the composer is known now; else why nothing is.
        became_own: a named method was changed, and goes on as one of the person's own.
        saved, deleted: the name of a method that was saved or renamed, or is in the bin now.
        method_requested: the key of a named method of the table of aspects.
    """

    mode_changed = Signal()
    answered = Signal(str)
    became_own = Signal()
    saved = Signal(str)
    deleted = Signal(str)
    method_requested = Signal(str)

    def __init__(self, values: Values, presenter: Presenter, submit: Submit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter, self._submit = presenter, submit
        self._choice: Choice | None = None
        self._wanted_mode = READY
        self._own: dict[str, Any] = _drafted(values)
        self._origin = ""
        self.mode = SegmentedControl(
            [(READY, self.tr("Ready method")), (COMPOSE, self.tr("Compose"))], self.tr("How to choose")
        )
        self.composer = Composer(values, presenter, submit)
        self.composer.hide()  # until something is known
        self.bar = SavedMethodsBar(presenter.saved_methods, submit)
        self._aspects: AspectsTable | None = None
        self._compare = button(self.tr("Compare with the named methods"), "link", clicked=self._toggle_aspects)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.composer)
        self._column.addWidget(self._compare, 0, Qt.AlignmentFlag.AlignLeft)
        self.mode.chosen.connect(self._change_mode)
        self.composer.answered.connect(self._show_composer)
        self.composer.failed.connect(self.answered)
        self.composer.changed.connect(self._keep_change)
        self.bar.saved.connect(self.saved)
        self.bar.deleted.connect(self.deleted)

    # --- what is shown ------------------------------------------------------------------------------------------------

    @property
    def is_composing(self) -> bool:
        """Whether the composer is to be seen rather than the page of a ready method."""
        return self.mode.current == COMPOSE

    @property
    def is_own(self) -> bool:
        """Whether what would be used is a method of the person's own."""
        info, choice = self.composer.info, self._choice
        return self.is_composing and choice is not None and not (info is not None and info.published)

    def show_choice(self, choice: Choice, table: MethodTable) -> None:
        """Another choice is pointed at; ``table`` is its ``[method]`` table as the page has it."""
        self._choice = choice
        can, must = choice.composable, choice.composed
        self.mode.segment(READY).setEnabled(not must)
        self.mode.segment(COMPOSE).setEnabled(can)
        self.mode.segment(READY).setToolTip(self.tr("This one is made on the bench") if must else "")
        self.mode.segment(COMPOSE).setToolTip("" if can else plain_tip(self._why_not(choice)))
        mode = COMPOSE if can and (must or self._wanted_mode == COMPOSE) else READY
        self.mode.blockSignals(True)  # the mode wanted stays what it was
        self.mode.choose(mode)
        self.mode.blockSignals(False)
        if choice.composed and not choice.saved and self._own.get("key") == choice.key:
            table = self._own
        self.bar.show_method(say(choice.title) if choice.saved else "", table, broken=choice.saved and not choice.table)
        if self.is_composing and not self._shows(table):
            self.composer.show_table(table)

    def problem(self) -> str:
        """Why what is in the composer cannot be used yet; "" where it can."""
        return self.composer.problem()

    def table(self) -> dict[str, Any]:
        """The ``[method]`` table of the method of one's own, under the name that was typed."""
        table = self.composer.table
        table["settings"] = {**table.get("settings", {}), "name": " ".join(self.bar.name.text().split())}
        return table

    def status(self) -> str:
        """What is in the composer, in a sentence."""
        info = self.composer.info
        if info is None or info.refusal:
            return ""
        if info.published:
            return self.tr("The published method. Change a part and it is yours.")
        if self._origin and self._choice is not None and not self._choice.saved:
            return self.tr("Your own, made from {method}.").format(method=self._origin)
        return self.tr("Your own method.")

    def forget(self) -> None:
        """No answer is wanted any more."""
        self.composer.forget()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _shows(self, table: MethodTable) -> bool:
        info = self.composer.info
        return info is not None and not info.published and self.composer.table == table

    def _change_mode(self, mode: str) -> None:
        self._wanted_mode = mode
        self.mode_changed.emit()

    def _show_composer(self) -> None:
        self.composer.show()
        self.answered.emit("")

    def _keep_change(self) -> None:
        choice = self._choice
        if choice is None:
            return
        self.bar.show_table(self.composer.table)
        if choice.saved and choice.composed:
            return
        self._own = self.composer.table
        if not choice.composed:
            self._origin = say(choice.title)
            self.became_own.emit()

    def _toggle_aspects(self) -> None:
        if self._aspects is None:
            self._submit(self._presenter.method_aspects, self._show_aspects)
        else:
            self._aspects.setVisible(self._aspects.isHidden())

    def _show_aspects(self, rows: tuple[MethodAspects, ...]) -> None:
        if self._aspects is None:
            self._aspects = AspectsTable(rows)
            self._aspects.opened.connect(self.method_requested)
            self._column.addWidget(self._aspects)

    def _why_not(self, choice: Choice) -> str:
        if choice.refusal:
            return say(choice.refusal)
        return self.tr("It is not made of the parts of the bench.")


def _drafted(values: Values) -> dict[str, Any]:
    """The table of the draft's method, to go on with where it is one of the person's own."""
    table = values.get("method")
    return copy.deepcopy(dict(table)) if isinstance(table, dict) else {}
