"""The runs that train in this window: whose references they are, and how they ended before their folders say so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.core.message import Text
from studio.events import RunEnded, RunStarted, StageBand
from studio.gui.run_store.live_runs import LiveRuns
from studio.runs.files.history import Reference, RunHistory
from studio.runs.run_info import RunInfo
from tests.gui.at_hand import there


def started(run: str, role: str = "student") -> RunStarted:
    return RunStarted(
        run=run,
        name=f"the {role}",
        plan=(),
        steps=10,
        epochs=1,
        steps_per_epoch=10,
        batch_size=8,
        device="cpu",
        threads=1,
        precision="exact",
        classes=(),
        groups=(),
        role=role,
    )


def ended(run: str) -> RunEnded:
    return RunEnded(run=run, state="finished", reason=Text(""), test_accuracy=0.9)


@pytest.fixture
def runs() -> LiveRuns:
    """A run that was asked for, and its teacher, which trains first."""
    made = LiveRuns()
    made.start_job()
    for event in (started("asked"), started("t", "teacher")):
        made.start(RunHistory(event.run))
        made.add_plan(event)
    return made


def test_the_first_run_of_a_job_was_asked_for(runs: LiveRuns) -> None:
    assert runs.asked == "asked"
    assert set(runs) == {"asked", "t"}
    runs.start_job()
    runs.start(RunHistory("another"))
    assert runs.asked == "another"


def test_a_reference_says_its_role(runs: LiveRuns) -> None:
    assert runs.roles == {"t": "teacher"}


def test_it_says_who_learns_before_the_student(runs: LiveRuns) -> None:
    assert str(runs.before_the_student()) == "The teacher learns first. Then the student begins."
    runs.end_reference(ended("t"))
    assert "made ready" in str(runs.before_the_student())
    runs.start(RunHistory("a"))
    runs.add_plan(started("a", "alone"))
    assert str(runs.before_the_student()).startswith("The student alone learns first")


def test_a_run_that_is_gone_on_with_is_no_reference_whatever_it_was_trained_for() -> None:
    runs = LiveRuns()
    runs.start(RunHistory("t"))
    runs.add_plan(started("t", "teacher"))
    assert runs.roles == {}


def test_what_a_reference_reached_is_told_to_the_run_that_asked_for_it(runs: LiveRuns) -> None:
    assert runs.end_reference(ended("t")).run == "t"
    assert runs.find("t") is None
    assert there(runs.find("asked")).history.teacher == Reference(0.9)


def test_how_a_run_ended_is_known_until_the_list_says_it(runs: LiveRuns) -> None:
    runs.end_reference(ended("t"))
    late = RunInfo("t", Path("t"), state="running")
    runs.refresh({"t": late})
    assert runs.state(late) == "finished"
    runs.refresh({"t": replace(late, state="finished")})
    assert runs.state(late) == "running", "somebody else trains it again"


def test_a_run_that_ended_without_a_word_was_interrupted(runs: LiveRuns) -> None:
    for event in (started("asked"), started("t", "teacher")):
        there(runs.find(event.run)).history.handle_event(event)
    histories = runs.end_job(None)
    assert [history.run for history in histories] == ["asked", "t"]
    assert runs.state(RunInfo("t", Path("t"), state="running")) == "interrupted"
    assert runs.asked == ""


def test_the_training_that_runs_now_is_known_to_its_chain(runs: LiveRuns) -> None:
    assert runs.step_of("asked") is None
    plan = (StageBand("train", "train", 0, 10, labels=True),)
    there(runs.find("t")).history.handle_event(replace(started("t", "teacher"), parent="asked", plan=plan))
    assert there(runs.step_of("asked")).run == "t"
    assert runs.step_of("another") is None
    runs.end_reference(ended("t"))
    assert runs.step_of("asked") is None
