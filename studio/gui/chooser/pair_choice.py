"""Teacher and student chosen on one page: which of the two, both beside each other, and what is picked together."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.core import paths
from studio.gui.chooser.pair_card import PairCard
from studio.gui.presenters.draft_info import TABLE, Presenter, Step, Values
from studio.gui.presenters.pair_info import PairMethod
from studio.gui.system.background_jobs import Submit
from studio.gui.text.say import say
from studio.gui.widgets.buttons import SegmentedControl

Picked = Mapping[Step, Mapping[str, Any]]
"""Tables of the draft by step, picked but not used yet."""


class PairChoice(QObject):
    """What the pages of teacher and student share.

    Signals:
        turned: the other of the two is to be chosen; its step.
        answered: what there is to say of the pair is shown, or hidden.
        remedied: a setting of the draft's method was changed for the pair; :attr:`others` have it.
    """

    turned = Signal(str)
    answered = Signal()
    remedied = Signal()

    def __init__(
        self, step: Step, presenter: Presenter, submit: Submit, together: Picked, parent: QObject | None = None
    ) -> None:
        """``together`` is what was picked on this page before, for this step as well; see :meth:`picked`."""
        super().__init__(parent)
        self._step = step
        self._values: Values = {}
        self._together: dict[Step, dict[str, Any]] = {other: dict(table) for other, table in together.items()}
        self.card = PairCard(presenter, submit)
        self.switch = SegmentedControl(
            [("teacher", self.tr("Teacher")), ("student", self.tr("Student"))], self.tr("Which of the two"), step
        )
        self.switch.chosen.connect(self._turn)
        self.card.answered.connect(self.answered)
        self.card.remedied.connect(self._remedy)

    @property
    def others(self) -> Picked:
        """What was picked for other steps, and is used with what is picked for this one."""
        return {step: table for step, table in self._together.items() if step != self._step}

    def picked(self, table: Mapping[str, Any] | None) -> Picked:
        """All that is picked so far, with ``table`` for this step; None where that cannot be used."""
        return self._together if table is None else {**self._together, self._step: table}

    def completed(self, values: Values) -> dict[str, Any]:
        """The values of a draft with what was picked so far put in."""
        return _with_tables(values, self._together)

    def ask(self, values: Values, picked: Mapping[str, Any]) -> None:
        """About the pair that a draft has with ``picked`` for this step."""
        self._values = _with_tables(values, self.picked(picked))
        self.card.ask(self._values)

    def forget(self) -> None:
        """No answer is wanted any more."""
        self.card.forget()

    @property
    def is_shown(self) -> bool:
        """Whether there is a pair."""
        return not self.card.isHidden()

    @property
    def method(self) -> PairMethod | None:
        """The method of the draft, where a pair is shown that it is to teach."""
        return self.card.pair.method if self.is_shown and self.card.pair is not None else None

    def said(self) -> str:
        """Whether the method of the draft fits; empty where none was picked."""
        method = self.method
        if method is None:
            return ""
        template = (
            self.tr("{method}, your method, does not fit this pair.")
            if method.refusal
            else self.tr("{method}, your method, fits this pair.")
        )
        return template.format(method=method.title)

    def reason(self) -> str:
        """Why the method of the draft does not fit; empty where it does."""
        return say(self.method.refusal) if self.method is not None else ""

    def _turn(self, step: str) -> None:
        if step != self._step:
            self.turned.emit(step)

    def _remedy(self, path: str, value: object) -> None:
        """Change a setting, which lies in the table of one of the steps, for the pair."""
        changed = copy.deepcopy(dict(self._values))
        paths.put(changed, path, value)
        for step, table in TABLE.items():
            if path.startswith(f"{table}."):
                self._together[step] = changed[table]
        self.remedied.emit()


def _with_tables(values: Values, tables: Picked) -> dict[str, Any]:
    return {**values, **{TABLE[step]: copy.deepcopy(dict(table)) for step, table in tables.items()}}
