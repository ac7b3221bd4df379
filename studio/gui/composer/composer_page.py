"""The part of the method chooser in which methods are put together and kept."""

from __future__ import annotations

import copy
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.chooser.choice_queries import Ask
from studio.gui.composer.aspects_table import AspectsTable
from studio.gui.composer.composer import Composer
from studio.gui.composer.saved_methods_bar import SavedMethodsBar
from studio.gui.presenters.composer_info import MethodAspects, MethodTable
from studio.gui.presenters.draft_info import Choice, Presenter, Submit, Values
from studio.gui.text.say import say
from studio.gui.widgets.buttons import SegmentedControl, button

READY, COMPOSE = "ready", "compose"


class ComposerPage(QWidget):
    """Shows the parts of the method pointed at, and makes a method of one's own of them.

    A method of one's own opens on the bench; a named one does once the person has asked to compose, if it is made of the
    parts. Changing a part of a named one makes it one's own: ``became_own``; what was made so far is kept as long as the
    page is open.

    Signals:
        turned: bench or page was asked for.
        known: what is on the bench is known now, or why nothing is.
        became_own: a named method was changed, and goes on as one of the person's own.
        kept, deleted: the name of a method that was saved or renamed, or is in the bin now.
        wanted: the key of a named method of the table of aspects.
    """

    turned = Signal()
    known = Signal(str)
    became_own = Signal()
    kept = Signal(str)
    deleted = Signal(str)
    wanted = Signal(str)

    def __init__(self, values: Values, facts: Presenter, submit: Submit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values, self._facts, self._submit = values, facts, submit
        self._choice: Choice | None = None
        self._wish = READY
        self._own: dict[str, Any] = _drafted(values)
        self._origin = ""
        self.mode = SegmentedControl(
            [(READY, self.tr("Ready method")), (COMPOSE, self.tr("Compose"))], self.tr("How to choose")
        )
        self.composer = Composer(values, facts, submit)
        self.composer.hide()  # until something is known
        self.bar = SavedMethodsBar(facts.keeper, submit)
        self._aspects: AspectsTable | None = None
        self._compare = button(self.tr("Compare with the named methods"), "link", clicked=self._turn_aspects)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.composer)
        self._column.addWidget(self._compare, 0, Qt.AlignmentFlag.AlignLeft)
        self.mode.chosen.connect(self._turn)
        self.composer.answered.connect(self._answered)
        self.composer.failed.connect(self.known)
        self.composer.changed.connect(self._changed)
        self.bar.kept.connect(self.kept)
        self.bar.deleted.connect(self.deleted)

    # --- what is shown ------------------------------------------------------------------------------------------------

    @property
    def on_bench(self) -> bool:
        """Whether the bench is to be seen rather than the page of a ready method."""
        return self.mode.current == COMPOSE

    @property
    def is_own(self) -> bool:
        """Whether what would be used is a method of the person's own."""
        known, choice = self.composer.known, self._choice
        return self.on_bench and choice is not None and not (known is not None and known.published)

    def show_choice(self, choice: Choice, table: MethodTable) -> None:
        """Another choice is pointed at; ``table`` is its ``[method]`` table as the page has it."""
        self._choice = choice
        can, must = choice.composable, choice.composes
        self.mode.segment(READY).setEnabled(not must)
        self.mode.segment(COMPOSE).setEnabled(can)
        self.mode.segment(READY).setToolTip(self.tr("This one is made on the bench") if must else "")
        self.mode.segment(COMPOSE).setToolTip("" if can else self._why_not(choice))
        mode = COMPOSE if can and (must or self._wish == COMPOSE) else READY
        self.mode.blockSignals(True)  # the wish stays what it was
        self.mode.choose(mode)
        self.mode.blockSignals(False)
        if choice.composes and not choice.kept and self._own.get("key") == choice.key:
            table = self._own
        self.bar.show_method(say(choice.title) if choice.kept else "", table, broken=choice.kept and not choice.table)
        if self.on_bench and not self._is_there(table):
            self.composer.show_table(table)

    def problem(self) -> str:
        """Why what is on the bench cannot be used yet; "" where it can."""
        return self.composer.problem()

    def table(self) -> dict[str, Any]:
        """The ``[method]`` table of the method of one's own, under the name that was typed."""
        table = self.composer.table
        table["settings"] = {**table.get("settings", {}), "name": " ".join(self.bar.name.text().split())}
        return table

    def status(self) -> str:
        """What is on the bench, in a sentence."""
        known = self.composer.known
        if known is None or known.refusal:
            return ""
        if known.published:
            return self.tr("The published method. Change a part and it is yours.")
        if self._origin and self._choice is not None and not self._choice.kept:
            return self.tr("Your own, made from {method}.").format(method=self._origin)
        return self.tr("Your own method.")

    def forget(self) -> None:
        """No answer is wanted any more."""
        self.composer.forget()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _is_there(self, table: MethodTable) -> bool:
        known = self.composer.known
        return known is not None and not known.published and self.composer.table == table

    def _turn(self, mode: str) -> None:
        self._wish = mode
        self.turned.emit()

    def _answered(self) -> None:
        self.composer.show()
        self.known.emit("")

    def _changed(self) -> None:
        choice = self._choice
        if choice is None:
            return
        self.bar.show_table(self.composer.table)
        if choice.kept and choice.composes:
            return
        self._own = self.composer.table
        if not choice.composes:
            self._origin = say(choice.title)
            self.became_own.emit()

    def _turn_aspects(self) -> None:
        if self._aspects is None:
            self._submit(Ask(self._facts.aspects), self._show_aspects)
        else:
            self._aspects.setVisible(self._aspects.isHidden())

    def _show_aspects(self, rows: tuple[MethodAspects, ...]) -> None:
        if self._aspects is None:
            self._aspects = AspectsTable(rows)
            self._aspects.taken.connect(self.wanted)
            self._column.addWidget(self._aspects)

    def _why_not(self, choice: Choice) -> str:
        if choice.refusal:
            return say(choice.refusal)
        return self.tr("It is not made of the parts of the bench.")


def _drafted(values: Values) -> dict[str, Any]:
    """The table of the draft's method, to go on with where it is one of the person's own."""
    table = values.get("method")
    return copy.deepcopy(dict(table)) if isinstance(table, dict) else {}
