"""Questions of a chooser, asked in a worker one after the other and answered by signals; leaving the page forgets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.core.errors import StudioError
from studio.gui.presenters.draft_info import Choice, Presenter, Step, Values
from studio.gui.system.background_jobs import Submit
from studio.gui.text.say import say

#: What a key of the catalogue looks like: worth asking for, though it is not listed.
_KEY = re.compile(r"[a-z]\w*([-:.]\w+)+", re.IGNORECASE)


class ChoiceQueries(QObject):
    """What can be picked for one step, and more about each as it becomes known.

    ``listed`` brings all choices, ``runs`` the runs that could teach or that a student could begin as, ``found`` one choice
    that knows more (or None), ``typed`` one that is not listed but answers to what was typed, ``failed`` why nothing can be said.
    """

    listed = Signal(list)
    runs = Signal(list)
    found = Signal(object)
    typed = Signal(object)
    failed = Signal(str)

    def __init__(
        self, step: Step, values: Values, presenter: Presenter, submit: Submit, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._step, self._values = step, values
        self._presenter, self._submit = presenter, submit
        self._asked: set[str] = set()
        self._looked_up = ""
        self._forget: dict[str, Callable[[], None]] = {}

    def start(self) -> None:
        """Ask for the list."""
        self._ask("list", partial(self._presenter.choices, self._step, self._values), self.listed.emit)
        if self._step in ("teacher", "student"):
            self._ask("runs", partial(self._presenter.teacher_runs, self._values), self.runs.emit)

    def look_up(self, key: str) -> None:
        """Ask about one choice, before whatever else was asked and is not answered."""
        self._asked.discard(self._looked_up)
        self._asked.add(key)
        self._looked_up = key
        self._ask("look up", partial(self._presenter.look_up, self._step, key, self._values), self._emit_found)

    def look_up_first(self, choices: Iterable[Choice]) -> None:
        """Ask about the first of these of which nothing is known and that was not answered."""
        for choice in choices:
            if choice.details or choice.refusal:
                continue
            if choice.key == self._looked_up:
                return
            if choice.key not in self._asked:
                self.look_up(choice.key)
                return

    def look_up_typed(self, words: str) -> None:
        """A member of a family need not be listed: its key can be typed."""
        key = words.strip().lower()
        if _KEY.fullmatch(key) and key not in self._asked:
            self._asked.add(key)
            self._ask("typed", partial(self._presenter.look_up, self._step, key, self._values), self.typed.emit)

    def forget(self) -> None:
        """No answer is wanted any more."""
        for forget in self._forget.values():
            forget()
        self._forget.clear()

    def _ask(self, name: str, job: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Only the newest question of a name is answered."""
        if name in self._forget:
            self._forget[name]()
        self._forget[name] = self._submit(job, then, self._emit_failed)

    def _emit_found(self, choice: Choice | None) -> None:
        self._looked_up = ""
        self.found.emit(choice)

    def _emit_failed(self, error: StudioError) -> None:
        self.failed.emit(say(error.paragraph()))
