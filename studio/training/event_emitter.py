"""How a session speaks: events with their place in the run, at a pace people can follow."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any

from studio.core.errors import NotWritten
from studio.core.message import Text, text
from studio.events import Event, Listener, Notice, Phase, Progress, StateChanged
from studio.training.control import Control

#: Seconds between readings of the loss terms, and between live signs of progress.
READING = 0.1
PROGRESS = 0.1


class EventEmitter:
    """Gives events their stage, epoch and step, and tells the listener.

    A listener that cannot write (:class:`NotWritten`) pauses an interactive run until a person resumes; else it ends it.
    """

    def __init__(self, listen: Listener, control: Control) -> None:
        self._listen = listen
        self._control = control
        self.stage = ""
        self.epoch = 0
        self.step = 0
        self.pace = Throughput()
        self._read_at = time.monotonic()
        self._told_at = 0.0

    def say(self, event: Event) -> None:
        """Tell an event of this moment."""
        placed = dataclasses.replace(event, stage=self.stage, epoch=self.epoch, step=self.step)
        self.with_space(lambda: self._listen(placed))

    def phase(self, template: str, **values: object) -> None:
        """Say in words what is being done now."""
        self.say(Phase(words=text(template, **values)))

    def with_space(self, write: Callable[[], Any]) -> Any:
        """Do ``write``; where that is refused, say by a full disk, and somebody watches, hold until a person resumes, then try again."""
        while True:
            try:
                return write()
            except NotWritten as refused:
                if not self._control.interactive or self._control.stopping:
                    raise
                self._control.pause()
                notice = Notice(
                    level="error", what=refused.what, why=refused.why, remedy=refused.remedy, offers=refused.offers
                )
                for event in (notice, StateChanged(state="paused", words=refused.what)):
                    self._tell_live(event)
                self.hold()
                self._tell_live(StateChanged(state="running"))

    def _tell_live(self, event: Event) -> None:
        """Tell what cannot be written down now: those who draw hear it, the recorder may fail."""
        try:
            self._listen(dataclasses.replace(event, stage=self.stage, epoch=self.epoch, step=self.step))
        except NotWritten:
            return

    def move(self, step: int, epoch: int) -> None:
        """From now on events happen after ``step`` steps and ``epoch`` whole epochs."""
        self.step, self.epoch = step, epoch

    def pause_until_turn(self) -> None:
        """Say that the run is paused, wait, and say that it goes on."""
        self.say(StateChanged(state="paused", words=text("Paused.")))
        self.hold()
        self.say(StateChanged(state="stopping" if self._control.stopping else "running"))

    def hold(self) -> None:
        """Wait until resumed, stepped or stopped."""
        began = time.monotonic()
        while not self._control.take_turn() and not self._control.stopping:
            self._control.wait(0.5)
        self.pace.leave_out(time.monotonic() - began)

    def reading_due(self) -> bool:
        """Whether it is time to read the loss terms; asked once a step."""
        now = time.monotonic()
        if now - self._read_at < READING:
            return False
        self._read_at = now
        return True

    def progress(self, words: Text, fraction: float | None, seconds_left: float | None, speed: float | None) -> None:
        """Say how far it is, at most ten times a second."""
        now = time.monotonic()
        if now - self._told_at >= PROGRESS:
            self._told_at = now
            self.say(Progress(words=words, fraction=fraction, seconds_left=seconds_left, pictures_per_second=speed))


class Throughput:
    """Pictures a second and time left, pauses left out."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lap_at, self._pictures = self._began, 0
        self._out = 0.0
        self._first = 0.0

    def start_at(self, done: float) -> None:
        """The share of the work that was done in an earlier sitting."""
        self._first = done

    def leave_out(self, seconds: float) -> None:
        """Do not count ``seconds`` just spent waiting for a person."""
        self._out += seconds
        self._lap_at += seconds

    def add(self, pictures: int) -> None:
        """Count pictures of a step."""
        self._pictures += pictures

    def lap(self) -> float:
        """Pictures a second since the last lap."""
        now = time.monotonic()
        speed = self._pictures / max(1e-9, now - self._lap_at)
        self._lap_at, self._pictures = now, 0
        return speed

    @property
    def seconds(self) -> float:
        """Seconds since the beginning, pauses left out."""
        return time.monotonic() - self._began - self._out

    def left(self, done: float) -> float | None:
        """Seconds left when the share ``done`` of the work took what has passed; None while it is too early to say."""
        here = done - self._first
        if here <= 0.005 or self.seconds < 0.5:
            return None
        return self.seconds * (1 - done) / here
