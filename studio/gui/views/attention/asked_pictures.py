"""Asks the networks of a run for maps that no snapshot holds: of a person's own picture, or of a kind that was not kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from studio.core.errors import StudioError
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.training.inspection import Inspection
from studio.gui.views.attention.map_content import MapSource
from studio.gui.views.charts.time_axis import ACTIVE
from studio.runs.inspect.asked_model import RunInside
from studio.runs.inspect.trial import Given

if TYPE_CHECKING:
    from studio.core.arrays import Arrays
    from studio.runs.inspect.inspector import Inspector

#: Seconds after which a network that still trains is asked again.
AGAIN = 2.0


class AskedPictures(QObject):
    """One question at a time; the newest counts. ``changed``: there is an answer, or why there is none.

    Attributes:
        own: a person's own picture; None while the pictures of the snapshots are shown.
        trouble: why the last question has no answer; empty where it has one.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.inspection: Inspection | None = None
        self.own: Given | None = None
        self.trouble = ""
        self._asked: tuple[object, ...] = ()
        self._asked_at = 0.0
        self._found: MapSource | None = None
        self._found_of: tuple[str, Given | None] = ("", None)

    def give(self, own: Given | None) -> None:
        """Ask about a picture of a person's own; None for those of the snapshots."""
        self.own, self.trouble = own, ""
        self._asked, self._found = (), None
        self.changed.emit()

    def source(self, run: ShownRun, snapshot: Arrays) -> MapSource | None:
        """The maps of what is shown; None while nobody has answered, what was answered last until there is news.

        Args:
            snapshot: of this run; its pictures are asked about where a person has given none.
        """
        wish = (run.history.run, "" if run.history.state in ACTIVE else run.history.state, self.own)
        again = run.history.state in ACTIVE and time.monotonic() - self._asked_at > AGAIN
        if wish != self._asked or (again and not self._waits):
            self._ask(run.history.run, wish, snapshot)
        return self.known(run)

    def known(self, run: ShownRun) -> MapSource | None:
        """What was answered of this run and this picture; asks nothing."""
        return self._found if self._found_of == (run.history.run, self.own) else None

    def take_back(self) -> None:
        """Nobody looks: what was asked and is not answered is asked again when somebody does."""
        if self.inspection is not None and self._waits:
            self.inspection.take_back(self._topic)
            self._asked = ()

    @property
    def _topic(self) -> str:
        return f"{id(self)} inside"

    @property
    def _waits(self) -> bool:
        return self.inspection is not None and self.inspection.waits(self._topic)

    def _ask(self, run: str, wish: tuple[object, ...], snapshot: Arrays) -> None:
        if self.inspection is None:
            return
        self._asked, self._asked_at = wish, time.monotonic()
        own, pictures, labels = self.own, snapshot.get("probe/inputs"), snapshot.get("probe/labels")

        def question(inspector: Inspector, stopping: Callable[[], bool]) -> tuple[np.ndarray, RunInside]:
            if own is not None:
                given = own.example(inspector, run, stopping).values[None]
            else:
                assert pictures is not None
                given = pictures
            return given, inspector.inside(run, given, stopping)

        def answered(found: tuple[np.ndarray, RunInside]) -> None:
            given, inside = found
            known: dict[str, np.ndarray] = {"probe/inputs": given}
            if own is None and labels is not None:
                known["probe/labels"] = labels
            self.trouble = ""
            title = self.tr("Your picture") if own is not None else ""
            key = (*wish, self._asked_at)
            self._found = MapSource(key, {**known, **inside.arrays}, {**known, **inside.alone}, {}, title)
            self._found_of = (run, own)
            self.changed.emit()

        self.inspection.ask(self._topic, question, answered, self._fail)

    def _fail(self, error: StudioError) -> None:
        self.trouble = " ".join(say(part) for part in (error.what, error.why, error.remedy) if part)
        self._found = None
        self.changed.emit()
