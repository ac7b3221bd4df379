"""What does somebody who listens as the window does cost the engine?

The same run in turn with nobody who listens, and with the window's mailbox and a thread that empties it whenever it rings.
What the window then does with the events, and what it draws, is not measured here: there is no window.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

from studio import catalog
from studio.events import Listener, ignore_event
from studio.experiment import Experiment
from studio.gui.training.mailbox import Mailbox
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from tests.benchmarks.engine import ratio, ratios
from tests.benchmarks.speed_loads import LOADS, Load, SpeedReadings, experiment
from tests.device.report import Report, Request

ROUNDS = 5
#: A thousand steps of the tiny networks, a few seconds of the large ones.
ON_CARD = {"tiny": replace(LOADS["tiny"], steps=2000), "wrn": replace(LOADS["wrn"], steps=200)}
ON_PROCESSOR = {"tiny": replace(LOADS["tiny"], steps=600)}


class MailboxReader:
    """A thread that takes everything out of a mailbox whenever it rings, as the window does.

    Attributes:
        mailbox: whose ``put`` is the listener.
        seen: how many events were taken out.
    """

    def __init__(self) -> None:
        self.seen = 0
        self._rung, self._over = threading.Event(), False
        self.mailbox = Mailbox(self._rung.set)
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> MailboxReader:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over = True
        self._rung.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._over:
            self._rung.wait()
            self._rung.clear()
            self.seen += len(self.mailbox.drain())


def run_part(report: Report, request: Request) -> None:
    """Steps a second of either way, and their ratio."""
    catalog.load()
    loads = ON_PROCESSOR if request.device == "cpu" else ON_CARD
    with tempfile.TemporaryDirectory() as scratch:
        for name, load in loads.items():
            if report.seconds_left < 0:
                report.left_out(f"{name}, for want of time")
                continue
            try:
                _compare(report, name, load, request.device, Path(scratch))
            except Exception as error:  # noqa: BLE001 - the other pair is tried
                report.failed(name, error)


def _compare(report: Report, name: str, load: Load, device: str, place: Path) -> None:
    chosen = experiment(load, place, device)
    workspace = Workspace(place / "workspace")
    alone: list[float] = []
    heard: list[float] = []
    _speed(chosen, workspace, ignore_event)  # warms up
    for seed in range(ROUNDS):
        if report.seconds_left < 0:
            report.left_out(f"{name}: {ROUNDS - seed} of {ROUNDS} rounds, for want of time")
            break
        once = chosen.model_copy(update={"seed": seed})
        alone.append(_speed(once, workspace, ignore_event))
        with MailboxReader() as reader:
            heard.append(_speed(once, workspace, reader.mailbox.put))
        if not reader.seen:
            raise AssertionError("the listener heard nothing")
    if heard:
        speeds = {"headless": statistics.median(alone), "heard": statistics.median(heard)}
        found = ratios(heard, alone)
        report.measured(
            f"{load.teacher} -> {load.student}, batch {load.batch}: headless {speeds['headless']:.0f} steps/s, with a "
            f"listener {speeds['heard']:.0f}; listener / headless {ratio(heard, alone)}",
            load=name,
            steps_per_second=speeds,
            ratios=found,
        )


def _speed(chosen: Experiment, workspace: Workspace, listener: Listener) -> float:
    readings = SpeedReadings(listener)
    launch(chosen, workspace, readings)
    return readings.steps_per_second
