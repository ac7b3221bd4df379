"""What the bar on top says: the phase in words, how far, and the time left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from studio.core.format import about, duration
from studio.core.message import NOTHING, Text
from studio.events import Event, Phase, Progress, StageStarted, StateChanged
from studio.gui.text.say import say
from studio.runs.timing.time_left import TimeLeft


def _tr(text: str) -> str:
    return QCoreApplication.translate("progress", text)


@dataclass(frozen=True)
class StatusLine:
    """Words, a few more at the right, and how far (0..1, None where nothing is under way)."""

    words: str
    beside: str = ""
    fraction: float | None = None


class StatusText:
    """Follows the events of one job and of the references it asks for.

    How far and how long is said of the whole job where :attr:`remaining` was told what to expect, else of the part
    that runs; and of that part alone while it prepares, where a download may take as long as it likes.
    """

    def __init__(self) -> None:
        self.remaining = TimeLeft()
        self._phase = NOTHING
        self._inner = NOTHING
        self._held = NOTHING
        self._fraction = 0.0
        self._left: float | None = None
        self._own = True
        self._preparing = False

    def begin(self, run: str = "") -> None:
        """Another job; ``run`` is the run it goes on with, else its first event names it."""
        self.remaining.begin(run)
        self._phase = self._inner = self._held = NOTHING
        self._fraction, self._left = 0.0, None

    def answer(self, words: Text) -> None:
        """Say at once what a button will do; it stays until the engine says that it is done."""
        self._held = words

    def take(self, events: Sequence[Event]) -> None:
        """Follow these events."""
        for event in events:
            self.remaining.take(event)
            self._take(event, own=event.run == self.remaining.asked)

    def _take(self, event: Event, own: bool) -> None:
        match event:
            case Phase():
                self._held = self._inner = NOTHING
                self._phase = event.words if own else self._phase
                self._fraction, self._left, self._preparing = 0.0, None, False
            case StageStarted():
                self._phase = NOTHING if own else self._phase
                self._inner = Text(event.title)
            case Progress():
                self._inner, self._own = event.words, own
                self._fraction, self._left = event.fraction or 0.0, event.seconds_left
                self._preparing = not self.remaining.has_begun(event.run)
            case StateChanged():
                self._held = event.words if event.state == "paused" else NOTHING
            case _:
                pass

    def said(self, waiting: int = 0) -> StatusLine:
        """What to show now; ``waiting`` jobs stand in the queue."""
        main, inner = say(self._phase), say(self._inner)
        words = f"{main}: {inner[:1].lower()}{inner[1:]}" if main and inner and main != inner else inner or main
        words = say(self._held) or words[:1].upper() + words[1:]
        beside = [left] if (left := self._time_left(waiting)) else []
        if waiting:
            beside.append(_tr("{n} waiting").format(n=waiting))
        whole = None if self._preparing else self.remaining.fraction
        return StatusLine(words, ", ".join(beside), self._fraction if whole is None else whole)

    def _time_left(self, waiting: int) -> str:
        left = None if self._preparing else self.remaining.left
        if left is not None:
            words = _tr("about {time} left for all") if waiting else _tr("about {time} left")
            return words.format(time=about(left))
        if self._left is None:
            return ""
        return (_tr("{time} left") if self._own else _tr("{time} left for this part")).format(time=duration(self._left))
