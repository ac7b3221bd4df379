"""The runs this window trains: the one that was asked for, its references, and what their events have said so far."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studio.core.message import Text
from studio.core.printable import one_line
from studio.events import Event, RunEnded, RunStarted, State
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.run_store.step_echo import StepEcho
from studio.runs.files.history import Reference, RunHistory
from studio.runs.run_info import RunInfo

#: What is said of a student that has not begun, by what learns before it.
_BEFORE: dict[StrokeRole, Text] = {
    "teacher": Text("The teacher learns first. Then the student begins."),
    "alone": Text("The student alone learns first, to compare with. Then the taught one begins."),
}


@dataclass
class LiveRun:
    """A run while it trains here."""

    history: RunHistory
    started_at: float
    fraction: float = 0.0

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.started_at


class LiveRuns:
    """The runs of one job after the other; a job is the run that was asked for and the references it trains."""

    def __init__(self) -> None:
        self._runs: dict[str, LiveRun] = {}
        self._asked = ""
        self._echo = StepEcho()
        self._data = ""
        #: What the runs that train now are tested on.
        self.tested_on: dict[str, str] = {}
        #: What the references of all jobs are to those that asked for them.
        self._roles: dict[str, StrokeRole] = {}
        self._ended: dict[str, State] = {}

    @property
    def asked(self) -> str:
        """The run that trains now, or whose references train; empty where none does."""
        return self._asked

    def find(self, run: str) -> LiveRun | None:
        """A run as it trains now, if it does."""
        return self._runs.get(run)

    def __iter__(self) -> Iterator[str]:
        """The ids of the runs that train now."""
        return iter(self._runs)

    def step_of(self, chain: str) -> RunHistory | None:
        """The training that runs now for a chain; None where there is none."""
        histories = (live.history for live in self._runs.values())
        return next((history for history in histories if history.parent == chain and history.plan), None)

    def start_job(self, tested_on: str = "") -> None:
        """The next run that starts is the one that was asked for; ``tested_on`` stands for the data of all its runs."""
        self._asked, self._echo = "", StepEcho()
        self._data, self.tested_on = tested_on, {}

    def start(self, history: RunHistory) -> LiveRun:
        """A run starts, or goes on with what it had."""
        live = self._runs[history.run] = LiveRun(history, time.monotonic())
        self._ended.pop(history.run, None)
        self.tested_on[history.run] = self._data
        self._asked = self._asked or history.run
        return live

    def handle_event(self, event: Event) -> None:
        """Add an event to the values of its run, and to those of the chain whose step that is."""
        history = self._runs[event.run].history
        self._echo.make_way(event, history)
        history.handle_event(event)
        chain = self._runs.get(history.parent)
        if chain is not None and chain.history.is_chain:
            self._echo.repeat(event, history, chain.history)
            chain.fraction = chain.history.step / max(1, chain.history.steps)

    def add_plan(self, event: RunStarted) -> None:
        """Take from the plan of a run what it is called, and whether it is a reference."""
        history = self._runs[event.run].history
        history.label = history.label or one_line(event.name)
        if event.run != self._asked and event.role in ("teacher", "alone"):
            self._roles[event.run] = "teacher" if event.role == "teacher" else "alone"

    def end_reference(self, event: RunEnded) -> RunHistory:
        """A reference is a run like any other now, and what it reached is known to the run that asked for it."""
        history = self._runs.pop(event.run).history
        self._ended[event.run] = event.state
        asked, role = self._runs.get(self._asked), self._roles.get(event.run)
        if asked is not None and event.test_accuracy is not None and asked.history.scale.is_accuracy:
            if role == "teacher":
                asked.history.teacher = Reference(event.test_accuracy)
            elif role == "alone":
                asked.history.alone = Reference(event.test_accuracy)
        return history

    def end_job(self, info: RunInfo | None) -> list[RunHistory]:
        """The job is over; ``info`` is the run as it now stands. Returns the histories of all its runs."""
        histories = [live.history for live in self._runs.values()]
        for history in histories:
            if history.state == "running" and info is not None and history.run == info.id:
                history.state = info.state
            self._ended[history.run] = history.state if history.state != "running" else "interrupted"
        self._runs.clear()
        self._asked = ""
        return histories

    def refresh(self, infos: Mapping[str, RunInfo]) -> None:
        """Take from the list of runs, by id, what events do not say; and what it says itself by now need not be kept."""
        for run, live in self._runs.items():
            info, history = infos.get(run), live.history
            if info is not None and info.scale == history.scale:  # references that were found, not trained
                history.teacher = history.teacher or info.teacher_reference
                history.alone = history.alone or info.alone_reference
        self._ended = {run: state for run, state in self._ended.items() if _is_late(run, infos)}

    def before_the_student(self) -> Text:
        """What is done while a student that was asked for has not begun."""
        first: StrokeRole = next((self._roles[run] for run in self._runs if run in self._roles), "run")
        return _BEFORE.get(first, Text("Data and networks are made ready. Then the student begins."))

    @property
    def roles(self) -> dict[str, StrokeRole]:
        """Run id to role, of the references that have started here."""
        return dict(self._roles)

    def state(self, info: RunInfo) -> State:
        """What a run is now; of one that has just ended here what it said itself."""
        return self._ended.get(info.id, info.state)


def _is_late(run: str, infos: Mapping[str, RunInfo]) -> bool:
    """Whether the list was read when a run that has ended here had not written that down yet."""
    info = infos.get(run)
    return info is None or info.state == "running"
