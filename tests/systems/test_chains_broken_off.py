"""A chain that is killed, stopped or hindered anywhere goes on and ends bit for bit like an undisturbed one."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from studio.core.arrays import read_arrays
from studio.core.errors import RunFailed, StudioError
from studio.events import Event, ItemDone, Listener, RunStarted, Terms, ignore_event
from studio.runs.files.chain import read_chain
from studio.runs.launch import launch, resume
from studio.runs.results.role_text import role_text
from studio.runs.run_info import RunInfo, read_history
from studio.runs.store.workspace import Workspace
from studio.training import session
from studio.training.control import Control
from tests.faults.full_disk import fill_after
from tests.systems.chains import CHAINS, KillAt, Killed, reached, small_chain, toy_in_catalog

#: Kills of each chain, at events drawn at random.
KILLS = 3
#: Roles of the toy that are no trainings.
PROCEDURES = ("cases", "centres")


@pytest.fixture(autouse=True, scope="module")
def toy() -> Iterator[None]:
    with toy_in_catalog():
        yield


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@dataclass(frozen=True)
class Whole:
    """A chain that nothing disturbed: where it is, what it reached, and how many events it said on the way."""

    workspace: Workspace
    info: RunInfo
    reached: dict[str, Any]
    events: int


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Whole]:
    """Each chain undisturbed; nobody changes it."""

    @cache
    def run(name: str) -> Whole:
        workspace = Workspace(tmp_path_factory.mktemp("whole"))
        ear = KillAt()
        info = launch(small_chain(name), workspace, ear)
        assert info.state == "finished"
        return Whole(workspace, info, reached(workspace, info), len(ear.heard))

    return run


@pytest.fixture(scope="module")
def nearly_whole(tmp_path_factory: pytest.TempPathFactory, whole: Callable[[str], Whole]) -> Workspace:
    """A toy that was killed right before its end; nobody changes it."""
    workspace = Workspace(tmp_path_factory.mktemp("nearly_whole"))
    with pytest.raises(Killed):
        launch(small_chain("toy"), workspace, KillAt(whole("toy").events - 2))
    return workspace


def begin_or_go_on(
    name: str, workspace: Workspace, listener: Listener = ignore_event, control: Control | None = None
) -> RunInfo:
    """Go on with a chain, or begin it where it was broken off before there was anything to go on with."""
    method = small_chain(name).method.key
    parent = next((run for run in workspace.runs() if run.experiment.method.key == method), None)
    if parent is None:
        return launch(small_chain(name), workspace, listener, control)
    assert parent.resumable
    return resume(workspace, parent.id, listener, control)


def go_on_to_the_end(workspace: Workspace) -> RunInfo:
    parent = next(run for run in reversed(workspace.runs()) if not run.parent)
    assert parent.resumable
    return resume(workspace, parent.id)


@pytest.mark.parametrize("name", CHAINS)
def test_killed_anywhere_it_ends_like_an_undisturbed_one(
    name: str, whole: Callable[[str], Whole], workspace: Workspace
) -> None:
    """One chain is killed several times, each time further on, and gone on with each time."""
    expected, events = whole(name).reached, whole(name).events
    numbers = sorted(random.Random(name).sample(range(events), KILLS))
    for number, last in zip(numbers, [0, *numbers], strict=False):
        with pytest.raises(Killed):
            begin_or_go_on(name, workspace, KillAt(number - last))
    assert reached(workspace, begin_or_go_on(name, workspace)) == expected, f"killed at events {numbers} of {events}"


def test_killed_again_and_again_it_ends_like_an_undisturbed_one(
    whole: Callable[[str], Whole], workspace: Workspace
) -> None:
    expected, events = whole("toy").reached, whole("toy").events
    draw = random.Random(1)
    with pytest.raises(Killed):
        launch(small_chain("toy"), workspace, KillAt(events // 3))
    parent = next(run for run in workspace.runs() if not run.parent)
    for _ in range(4):
        with pytest.raises(Killed):
            resume(workspace, parent.id, KillAt(draw.randrange(8)))
    assert reached(workspace, go_on_to_the_end(workspace)) == expected


@pytest.mark.parametrize("name", CHAINS)
def test_stopped_in_any_step_it_keeps_what_is_done_and_goes_on(
    name: str, whole: Callable[[str], Whole], workspace: Workspace
) -> None:
    """One chain is stopped in each of its steps in turn, and gone on with each time."""
    expected = whole(name).reached
    for step, (role, *_) in enumerate(expected["roles"]):
        control = Control()
        learning = ""

        def listen(event: Event, role: str = role, control: Control = control) -> None:
            nonlocal learning
            learning = event.role if isinstance(event, RunStarted) else learning
            if isinstance(event, Terms | ItemDone) and learning == role:
                control.stop()

        info = begin_or_go_on(name, workspace, listen, control)
        assert info.state == "stopped"
        assert f"Stopped at {role_text(role)}" in str(info.sentence)
        chain = read_chain(info.places)
        assert chain is None or len(chain.steps) == step
    assert reached(workspace, begin_or_go_on(name, workspace)) == expected


@pytest.mark.parametrize("role", ["round 1", "cases"])
@pytest.mark.parametrize("damage", ["deleted", "flipped"])
def test_a_step_that_is_gone_or_damaged_is_taken_anew(
    damage: str, role: str, whole: Callable[[str], Whole], nearly_whole: Workspace, workspace: Workspace
) -> None:
    expected = whole("toy").reached
    shutil.copytree(nearly_whole.path, workspace.path)
    parent = next(run for run in workspace.runs() if not run.parent)
    chain = read_chain(parent.places)
    assert chain is not None
    step = chain.step(role)
    assert step is not None
    lost = workspace.folder(step.run)
    if damage == "deleted":
        shutil.rmtree(lost.path)
    else:
        file = lost.arrays if role in PROCEDURES else lost.student
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 0x40
        file.write_bytes(data)
    assert reached(workspace, go_on_to_the_end(workspace)) == expected


def test_a_failing_step_keeps_the_chain_and_can_be_gone_on_from(
    whole: Callable[[str], Whole], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = whole("toy").reached
    real, runs = session.run_session, 0

    def fail_third(*args: Any, **kwargs: Any) -> Any:
        nonlocal runs
        runs += 1
        if runs == 3:
            raise RunFailed("It broke.")
        return real(*args, **kwargs)

    monkeypatch.setattr(session, "run_session", fail_third)
    with pytest.raises(RunFailed, match="Round 2: It broke"):
        launch(small_chain("toy"), workspace)
    parent = next(run for run in workspace.runs() if not run.parent)
    assert (parent.state, parent.resumable) == ("failed", True)
    chain = read_chain(parent.places)
    assert chain is not None
    assert [step.role for step in chain.steps] == ["teacher", *PROCEDURES, "round 1"]
    assert reached(workspace, resume(workspace, parent.id)) == expected


@pytest.mark.parametrize("files", [12, 30, 60])
def test_a_disk_that_fills_keeps_the_chain_and_it_goes_on_when_there_is_room(
    files: int, whole: Callable[[str], Whole], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = whole("toy").reached
    with monkeypatch.context() as patched:
        fill_after(files, patched)
        with pytest.raises(StudioError, match="The disk is full"):
            launch(small_chain("toy"), workspace)
    parent = go_on_to_the_end(workspace)
    assert reached(workspace, parent) == expected


def test_two_studios_cannot_work_on_one_chain(workspace: Workspace) -> None:
    refused: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, RunStarted) and not refused:
            parent = next(run for run in workspace.runs() if not run.parent)
            with pytest.raises(StudioError) as error:
                resume(workspace, parent.id)
            refused.append(str(error.value))

    info = launch(small_chain("toy"), workspace, listen)
    assert info.state == "finished"
    assert len(refused) == 1
    assert "running" in refused[0]


def test_equal_steps_are_found_again(whole: Callable[[str], Whole], workspace: Workspace) -> None:
    first = whole("toy").info
    shutil.copytree(whole("toy").workspace.path, workspace.path)
    trained = len(workspace.runs())
    second = launch(small_chain("toy", method={"key": "toy", "settings": {"rounds": 4}}), workspace)
    assert len(workspace.runs()) == trained + 3  # the parent, one round more, and another average
    assert second.id != first.id
    chain = read_chain(second.places)
    assert chain is not None
    assert [step.role for step in chain.steps] == ["teacher", *PROCEDURES, "round 1", "round 2", "round 3", "round 4"]


def test_models_are_compared_with_the_first_teacher_and_the_student_alone_picture_by_picture(
    whole: Callable[[str], Whole],
) -> None:
    info, workspace = whole("ban").info, whole("ban").workspace
    models, chain = read_history(info).models, read_chain(info.places)
    assert chain is not None
    compared = {role: [told.to for told in model.differences] for role, model in models.items()}
    average = "mean of teacher and generations 1 and 2"
    assert compared["teacher"] == ["alone"]
    assert compared["alone"] == ["teacher"]
    assert compared["generation 1"] == compared["generation 2"] == compared[average] == ["teacher", "alone"]
    for role, model in models.items():
        for told in model.differences:
            assert told.value == pytest.approx(model.accuracy - models[told.to].accuracy, abs=1e-6), role
            assert told.low <= told.value <= told.high
    ensemble, teacher = (
        read_arrays(workspace.folder(run).predictions) for run in (chain.averages[-1].run, info.references["teacher"])
    )
    right = [told["student"].argmax(1) == told["labels"] for told in (ensemble, teacher)]
    assert models[average].differences[0].value == pytest.approx(float(right[0].mean() - right[1].mean()))


def test_the_parent_tells_all_steps_on_one_axis(whole: Callable[[str], Whole]) -> None:
    info, workspace = whole("toy").info, whole("toy").workspace
    history, chain = read_history(info), read_chain(info.places)
    assert chain is not None
    assert [band.name for band in history.plan] == ["teacher", *PROCEDURES, "round 1", "round 2", "round 3"]
    assert history.steps == history.plan[-1].end
    assert list(history.models) == ["teacher", "centres", "round 1", "round 2", "round 3", "mean of rounds 1, 2 and 3"]
    for band, step in zip(history.plan, chain.steps, strict=True):
        own = read_history(workspace.run(step.run)).test
        inside = (history.test.x > band.begin) & (history.test.x <= band.end)
        assert (history.test.x[inside] - band.begin).tolist() == [x for x in own.x if x > 0]
        assert history.test.y[inside].tolist() == own.y[own.x > 0].tolist()
        assert (step.accuracy is None) == (step.role == "cases")
        assert step.accuracy is None or history.models[step.role].accuracy == step.accuracy.value
    steps = [moment.step for moment in history.moments]
    assert {band.end for band in history.plan if band.name not in PROCEDURES} <= set(steps)


def test_a_step_that_takes_further_stages_moves_the_steps_behind_it(whole: Callable[[str], Whole]) -> None:
    info, workspace = whole("toy").info, whole("toy").workspace
    history, chain = read_history(info), read_chain(info.places)
    assert chain is not None
    lengths = {band.name: band.end - band.begin for band in history.plan}
    step = chain.step("round 2")
    assert step is not None
    own = read_history(workspace.run(step.run))
    assert [band.name for band in own.plan][:3] == ["nearer", "round 1", "round 2"]
    assert lengths["round 2"] == own.plan[-1].end > lengths["round 1"] == lengths["round 3"]
    assert history.plan[-1].end == history.steps == history.step
