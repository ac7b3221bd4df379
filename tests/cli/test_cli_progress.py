"""The time left that a terminal tells: of all that was asked for, as the window does."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from rich.console import Console

from studio.cli.listeners import Bar, Lines
from studio.core.message import Text
from studio.events import Event, Listener, Phase, Progress, RunEnded, RunStarted
from studio.runs.timing.estimate import RunPart
from studio.runs.timing.time_left import TimeLeft

PARTS = (RunPart("teacher", 60.0), RunPart("student", 60.0))


def started(run: str, name: str) -> RunStarted:
    return RunStarted(
        run=run, role=name.lower(), name=name, plan=(), steps=1, epochs=1, steps_per_epoch=1, batch_size=1, device="cpu", threads=1,
        precision="exact", classes=(), groups=(),
    )  # fmt: skip


def learning(run: str, fraction: float) -> Progress:
    return Progress(run=run, words=Text("Learn"), fraction=fraction, seconds_left=7.0)


TEACHING: list[Event] = [started("t", "Teacher"), learning("t", 0.5)]
TAUGHT: list[Event] = [
    RunEnded(run="t", state="finished", reason=Text("")),
    started("s", "Student"),
    learning("s", 0.5),
]


@pytest.fixture
def time_left() -> TimeLeft:
    made = TimeLeft(lambda: 0.0)
    made.start_job("s")
    return made


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.cli.listeners.LINE_EVERY", -1.0)


def shown(time_left: TimeLeft, events: list[Event]) -> str:
    """The last state of the bar."""
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with Bar(console, time_left) as bar, console.capture() as caught:
        for event in events:
            bar(event)
    return caught.get()


def test_the_bar_is_of_the_whole(time_left: TimeLeft) -> None:
    time_left.expect(PARTS)
    bar = shown(time_left, TEACHING)
    assert "25%" in bar
    assert "about 1 min 30 s left" in bar
    assert "75%" in shown(time_left, TAUGHT)


def test_without_a_forecast_it_is_of_the_part_and_says_so(time_left: TimeLeft) -> None:
    bar = shown(time_left, TEACHING)
    assert "50%" in bar
    assert "7 s left for this part" in bar


@pytest.mark.usefixtures("no_wait")
def test_plain_lines_tell_the_whole_as_well(time_left: TimeLeft, capsys: pytest.CaptureFixture[str]) -> None:
    time_left.expect(PARTS)
    with Lines(time_left) as lines:
        for event in TEACHING:
            lines(event)
    assert "about 1 min 30 s left" in capsys.readouterr().err


@pytest.mark.parametrize("listener", [Lines, lambda time_left: Bar(Console(stderr=True), time_left)])
def test_phases_of_a_reference_are_not_taken_for_those_of_the_run(
    time_left: TimeLeft,
    capsys: pytest.CaptureFixture[str],
    listener: Callable[[TimeLeft], AbstractContextManager[Listener]],
) -> None:
    with listener(time_left) as listen:
        listen(Phase(run="s", words=Text("Training the teacher")))
        listen(Phase(run="t", words=Text("Training the student")))
    said = capsys.readouterr().err
    assert "Training the teacher" in said
    assert "Training the student" not in said


@pytest.mark.usefixtures("no_wait")
def test_a_download_is_told_for_itself(time_left: TimeLeft, capsys: pytest.CaptureFixture[str]) -> None:
    time_left.expect(PARTS)
    with Lines(time_left) as lines:
        lines(Progress(run="s", words=Text("Loading"), fraction=0.1, seconds_left=30.0))
    assert "30 s left for this part" in capsys.readouterr().err
