"""A full disk pauses a run that somebody watches; once there is space it goes on, and nothing is lost."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from studio.core.errors import DiskFull
from studio.events import Event, Notice, StateChanged
from studio.experiment import validated
from studio.training.control import Control
from studio.training.session import Places, run_session

EXPERIMENT = validated(
    {
        "dataset": {"key": "digits", "per_class": 5},
        "teacher": {"key": "cnn-4"},
        "student": {"key": "cnn-4"},
        "method": {"key": "none"},
        "training": {"epochs": 2, "batch_size": 16, "device": "cpu"},
    }
)


class Disk:
    """A disk that is full until ``full`` is set to False."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = True
        self._sync = os.fsync
        monkeypatch.setattr(os, "fsync", self.sync)

    def sync(self, descriptor: int) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._sync(descriptor)


def test_a_watched_run_pauses_says_so_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    control = Control(interactive=True)
    told: list[Event] = []

    def listen(event: Event) -> None:
        told.append(event)
        if isinstance(event, StateChanged) and event.state == "paused":
            disk.full = False
            control.resume()

    outcome = run_session(EXPERIMENT, Places(tmp_path, tmp_path / "cache"), listen, control)
    notices = [event for event in told if isinstance(event, Notice) and event.level == "error"]
    assert outcome.state == "finished"
    assert "full" in str(notices[0].what)
    assert "resume" in notices[0].offers


def test_an_unwatched_run_ends_and_can_be_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    places = Places(tmp_path, tmp_path / "cache")
    with pytest.raises(DiskFull):
        run_session(EXPERIMENT, places, lambda _event: None, Control())
    disk.full = False
    assert run_session(EXPERIMENT, places, lambda _event: None, Control(), resume=True).state == "finished"
