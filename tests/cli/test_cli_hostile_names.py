"""An experiment, a run or a class may be called anything: the terminal shows it and obeys nothing in it."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from studio.cli.entry import main
from studio.cli.listeners import Bar, Lines
from studio.cli.output import table, write_err, write_out
from studio.core.message import text
from studio.events import Event, Notice, Phase, Progress, RunStarted
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from studio.runs.timing.time_left import TimeLeft
from tests.runs.fake_session import FakeSession
from tests.training.small_runs import small

NAME = "\x1b[31mred\x1b]0;title\x07 [bold]b[/] [/nothing] \u202egnp \x9b2J\rover\nsecond line " + "x" * 10_000


def obeyed(written: str) -> set[str]:
    """The signs in it that a terminal would do something at."""
    return {sign for sign in written if sign < " " and sign != "\n"} | (set(written) & set("\x7f\x9b\u202e\u2066"))


def started(name: str) -> RunStarted:
    return RunStarted(
        run="s", name=name, plan=(), steps=1, epochs=1, steps_per_epoch=1, batch_size=1, device="cpu", threads=1,
        precision="exact", classes=(NAME,), groups=(),
    )  # fmt: skip


EVENTS: list[Event] = [
    Phase(run="s", words=text("Reading {name}", name=NAME)),
    started(NAME),
    Progress(run="s", words=text("{name}", name=NAME), fraction=0.5),
    Notice(run="s", what=text("Left out: {name}", name=NAME), why=text(NAME.replace("{", ""))),
]


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with a run of that name, which its networks and data have as well."""
    monkeypatch.setattr("studio.training.session.run_session", FakeSession())
    folder = launch(small("none", name=NAME[:100]), Workspace()).places
    summary = json.loads(folder.summary.read_text())
    summary["titles"] = dict.fromkeys(summary["titles"], NAME[:100])
    folder.summary.write_text(json.dumps(summary))
    return Workspace()


@pytest.fixture
def time_left() -> TimeLeft:
    made = TimeLeft(lambda: 0.0)
    made.start_job("s")
    return made


def test_lines_and_errors(capsys: pytest.CaptureFixture[str]) -> None:
    write_out(NAME)
    write_err(NAME)
    captured = capsys.readouterr()
    assert obeyed(captured.out + captured.err) == set()
    assert "␛[31mred" in captured.out
    assert "second line" in captured.err


def test_a_cell_of_a_table_is_one_line() -> None:
    written = table(("Name", "State"), [(NAME, "finished"), ("b\nc", "failed")])
    assert obeyed(written) == set()
    assert len(written.splitlines()) == 3
    assert max(map(len, written.splitlines())) < 1000


def test_what_a_run_says(
    time_left: TimeLeft, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.cli.listeners.LINE_EVERY", -1.0)
    with Lines(time_left) as lines:
        for event in EVENTS:
            lines(event)
    written = capsys.readouterr().err
    assert obeyed(written) == set()
    assert "[bold]b[/]" in written


def test_the_bar_takes_no_name_for_an_order(time_left: TimeLeft) -> None:
    """The bar itself moves the cursor; what is shown of a name is its letters, marks of a layout included."""
    console = Console(file=io.StringIO(), force_terminal=True, width=400)
    with Bar(console, time_left) as bar, console.capture() as caught:
        for event in EVENTS:
            bar(event)
    written = caught.get()
    assert "\x1b[31m" not in written
    assert "\x1b]0;" not in written
    assert obeyed(written) <= {"\x1b", "\r"}
    assert "␛[31mred" in written
    assert "[bold]b[/] [/nothing]" in written


@pytest.mark.parametrize("command", [["runs"], ["show", "last"], ["bin", "list"]])
def test_what_is_listed(named: Workspace, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    if command[0] == "bin":
        named.delete(named.runs()[0].id)
    assert main(command) == 0
    written = capsys.readouterr().out
    assert "␛[31mred" in written
    assert obeyed(written) == set()


def test_json_is_json(named: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "--json"]) == 0
    written = capsys.readouterr().out
    assert obeyed(written) == set()
    assert json.loads(written)[0]["id"] == named.runs()[0].id
