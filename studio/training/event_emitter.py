"""How a session tells what happens: events with their place in the run, at a pace people can follow."""

from __future__ import annotations

import dataclasses
import math
import time

from studio.core.message import Text, text
from studio.events import Event, Listener, Phase, Progress, StateChanged
from studio.training.control import Control
from studio.training.throughput import Throughput
from studio.training.write_guard import WriteGuard

#: Seconds between live signs of progress.
PROGRESS = 0.1


class Pace:
    """Says when it is time again for something that is told only so often.

    Args:
        seconds: the least between two times.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = -math.inf

    def due(self) -> bool:
        """Whether it is time, as it is when first asked; the next time is counted from there."""
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


class EventEmitter:
    """Gives events their stage, epoch and step, and tells the listener.

    Attributes:
        stage, epoch, step: where the run stands.
        throughput: how fast it works.
        guard: through which everything is written, the events first of all: their listener records them.
    """

    def __init__(self, listen: Listener, control: Control) -> None:
        self._listen = listen
        self._control = control
        self.stage = ""
        self.epoch = 0
        self.step = 0
        self.throughput = Throughput()
        self.guard = WriteGuard(control, self)
        self._progress = Pace(PROGRESS)

    def emit(self, event: Event) -> None:
        """Tell an event of this moment; see :class:`WriteGuard` for what happens where it cannot be recorded."""
        placed = self._placed(event)
        self.guard.write(lambda: self._listen(placed))

    def emit_live(self, event: Event) -> None:
        """Tell an event of this moment that is never recorded."""
        assert not event.recorded
        self._listen(self._placed(event))

    def emit_phase(self, template: str, **values: object) -> None:
        """Say in words what is being done now."""
        self.emit(Phase(words=text(template, **values)))

    def emit_progress(self, words: Text, fraction: float | None, seconds_left: float | None = None) -> None:
        """Say how far it is, at most ten times a second."""
        if self._progress.due():
            self.emit(Progress(words=words, fraction=fraction, seconds_left=seconds_left))

    def set_position(self, step: int, epoch: int) -> None:
        """From now on events happen after ``step`` steps and ``epoch`` whole epochs."""
        self.step, self.epoch = step, epoch

    def pause_until_turn(self) -> None:
        """Say that the run is paused, wait, and say that it goes on."""
        self.emit(StateChanged(state="paused", words=text("Paused.")))
        self.hold()
        self.emit(StateChanged(state="stopping" if self._control.stopping else "running"))

    def hold(self) -> None:
        """Wait until resumed, stepped or stopped."""
        began = time.monotonic()
        while not self._control.take_turn() and not self._control.stopping:
            self._control.wait(0.5)
        self.throughput.leave_out(time.monotonic() - began)

    def _placed(self, event: Event) -> Event:
        return dataclasses.replace(event, stage=self.stage, epoch=self.epoch, step=self.step)
