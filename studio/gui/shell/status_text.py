"""What the bar on top says: the phase in words, how far, and the time left."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from studio.core.format import about, duration
from studio.core.message import NOTHING, Text, text
from studio.events import Event, Phase, PlanChanged, Progress, RunStarted, StageStarted, StateChanged
from studio.gui.text.say import say
from studio.runs.results.role_text import step_text
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

    How far and how long is said of the whole job where :attr:`time_left` was told what to expect, else of the part
    that runs; and of that part alone while it prepares, where a download may take as long as it likes.
    """

    def __init__(self) -> None:
        self.time_left = TimeLeft()
        self._phase = NOTHING
        self._part_words = NOTHING
        self._answer = NOTHING
        self._part_fraction = 0.0
        self._part_seconds: float | None = None
        self._is_own = True
        self._preparing = False
        self._planned: tuple[str, ...] = ()
        self._step: tuple[str, Text, int] = ("", NOTHING, 0)

    def start_job(self, run: str = "") -> None:
        """Another job; ``run`` is the run it goes on with, else its first event names it."""
        self.time_left.start_job(run)
        self._phase = self._part_words = self._answer = NOTHING
        self._part_fraction, self._part_seconds = 0.0, None
        self._planned, self._step = (), ("", NOTHING, 0)

    def set_answer(self, words: Text) -> None:
        """Say at once what a button will do; it stays until the engine says that it is done."""
        self._answer = words

    def handle_event(self, event: Event) -> None:
        """Follow one event."""
        self.time_left.handle_event(event)
        own = event.run == self.time_left.asked
        match event:
            case Phase():
                self._answer = self._part_words = NOTHING
                self._phase = event.words if own else self._step_of(event.run) or self._phase
                self._part_fraction, self._part_seconds, self._preparing = 0.0, None, False
            case RunStarted() if own:
                self._planned = tuple(band.name for band in event.plan if band.taught_by is not None)
            case RunStarted() if event.role in self._planned:
                self._phase = NOTHING
                self._step = (event.run, step_text(event.role, self._planned), event.epochs)
            case PlanChanged() if event.run == self._step[0]:
                self._step = (*self._step[:2], event.epochs)
            case StageStarted():
                self._phase = NOTHING if own else self._phase
                self._part_words = NOTHING if own and self._planned else Text(event.title)
            case Progress():
                self._phase = NOTHING if self._step_of(event.run) else self._phase
                self._part_words, self._is_own = self._progress_words(event), own
                self._part_fraction, self._part_seconds = event.fraction or 0.0, event.seconds_left
                self._preparing = not self.time_left.has_begun(event.run) and not self.time_left.has_begun(
                    self.time_left.asked
                )
            case StateChanged():
                self._answer = event.words
            case _:
                pass

    def _step_of(self, run: str) -> Text:
        """Which step of a chain a run is, in words; empty where it is none."""
        return self._step[1] if run == self._step[0] else NOTHING

    def _progress_words(self, event: Progress) -> Text:
        """Of a step of a chain which step it is, and its epoch."""
        step, epochs = self._step_of(event.run), self._step[2]
        if not step or not epochs:
            return event.words
        epoch = min(event.epoch + 1, epochs)
        return text("{step}, epoch {epoch} of {epochs}", step=step, epoch=epoch, epochs=epochs)

    def line(self, waiting: int = 0) -> StatusLine:
        """What to show now; ``waiting`` jobs stand in the queue."""
        main, inner = say(self._phase), say(self._part_words)
        words = f"{main}: {inner[:1].lower()}{inner[1:]}" if main and inner and main != inner else inner or main
        words = say(self._answer) or words[:1].upper() + words[1:]
        beside = [left] if (left := self._time_words(waiting)) else []
        if waiting:
            beside.append(_tr("{n} waiting").format(n=waiting))
        told = ", ".join(beside)
        if left and self.time_left.is_slow and not self._preparing:
            told = _tr("{left}\nslower than foreseen: is the computer busy?").format(left=told)
        whole = None if self._preparing else self.time_left.fraction
        return StatusLine(words, told, self._part_fraction if whole is None else whole)

    def _time_words(self, waiting: int) -> str:
        left = None if self._preparing else self.time_left.seconds
        if left is not None:
            words = _tr("about {time} left for all") if waiting else _tr("about {time} left")
            return words.format(time=about(left))
        if self._part_seconds is None:
            return ""
        return (_tr("{time} left") if self._is_own else _tr("{time} left for this part")).format(
            time=duration(self._part_seconds)
        )
