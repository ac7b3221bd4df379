"""The engine behind the windows of tests does what the real one does: events, folders, ends."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studio import catalog
from studio.core.errors import NotANumber, StudioError
from studio.events import EpochDone, Event, Notice, RunEnded, RunStarted, StateChanged, WritingRefused, ignore_event
from studio.experiment import Experiment, load, validated
from studio.gui.training.worker import Engine, WorkspaceEngine
from studio.models.files import load_model
from studio.runs.files.history import RunHistory
from studio.runs.run_info import RunInfo, read_events, read_history
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.contracts.run_contract import check_run
from tests.gui.fake_engine import FakeEngine
from tests.runs.fake_session import Told
from tests.runs.small_disk import SmallDisk, use_small_disk
from tests.training.small_runs import small

WITH_TEACHER = small(teacher={"epochs": 1}, references={"alone": True})
BARE = small(teacher={"epochs": 1}, references={"alone": False})


@pytest.fixture(scope="module")
def references(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which both references were trained for another run."""
    place = tmp_path_factory.mktemp("references")
    WorkspaceEngine(place).launch(WITH_TEACHER, ignore_event, Control())
    return place


@pytest.fixture(params=["real", "fake"])
def engine(request: pytest.FixtureRequest, references: Path, tmp_path: Path) -> Engine:
    """Over a workspace where the references need not be trained."""
    if request.param == "fake":
        return FakeEngine(tmp_path / "place")
    shutil.copytree(references, tmp_path / "place")
    return WorkspaceEngine(tmp_path / "place")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "place")


def launch(engine: Engine, wish: Experiment, react: Callable[[Event, Control], None] | None = None) -> Launched:
    control, told = Control(interactive=True), Told()

    def listen(event: Event) -> None:
        told.append(event)
        if react is not None:
            react(event, control)

    return engine.launch(wish, listen, control), told


Launched = tuple[RunInfo, Told]


def stop_at_first_epoch(event: Event, control: Control) -> None:
    if isinstance(event, EpochDone):
        control.stop()


def check_folder(info: RunInfo, told: Told) -> None:
    """The folder has what was told, and the run can be read back from it."""
    recorded = [event for event in told if event.recorded]
    kept = list(read_events(info.places))
    assert [(event.kind, event.step) for event in kept][-len(recorded) :] == [(e.kind, e.step) for e in recorded]
    read, live = read_history(info), RunHistory(info.id)
    for event in kept:
        live.handle_event(event)
    assert read.plan == live.plan
    assert read.test.x.tolist() == live.test.x.tolist() == sorted(set(live.test.x))
    assert [moment.step for moment in read.moments] == [moment.step for moment in live.moments]
    assert all(moment.load() for moment in read.moments)
    assert load(info.places.experiment) == info.experiment


def check_result(info: RunInfo, told: Told, *, teacher: bool) -> None:
    """What the list of runs says is what the run said itself."""
    (end,) = told.of(RunEnded)
    assert (info.state, info.test_accuracy, info.steps) == (end.state, end.test_accuracy, end.step)
    assert (info.role, info.parent) == ("student", "")
    assert (info.settled, info.problem.template) == (True, "")
    roles = {"student", "teacher"} if teacher else {"student"}
    assert info.parameters.keys() == info.macs.keys() == info.latency_ms.keys() == roles
    assert info.seconds is not None
    assert (info.teacher_reference is not None) == teacher
    assert str(info.sentence)
    assert str(info.reason) == str(end.reason)
    assert info.student_title
    assert (info.teacher, info.teacher_title) == (("cnn-8", "Small CNN 8") if teacher else ("", ""))
    assert info.places.student.is_file()
    assert info.places.predictions.is_file()
    assert info.places.has_checkpoint


def test_a_run_with_its_references(engine: Engine) -> None:
    info, told = launch(engine, WITH_TEACHER)
    started = check_run(told, ended="finished", teacher=True)
    assert (started.run, started.role, started.parent) == (info.id, "student", "")
    check_folder(info, told)
    check_result(info, told, teacher=True)
    assert len([event for event in told.of(Notice) if "used again" in str(event.what)]) == 2
    assert set(info.references) == {"teacher", "alone"}
    assert info.alone_reference is not None
    assert (info.gap is None) == bool(info.gap_words)
    assert (info.progress, info.resumable) == (1.0, False)


def test_a_run_without_the_student_alone(engine: Engine) -> None:
    info, told = launch(engine, BARE)
    check_run(told, ended="finished", teacher=True)
    check_result(info, told, teacher=True)
    assert set(info.references) == {"teacher"}
    assert (info.gap, info.alone_reference) == (None, None)
    assert str(info.gap_words) in str(info.sentence)


def test_a_run_without_a_teacher(engine: Engine) -> None:
    info, told = launch(engine, small("none", training={"epochs": 2}))
    check_run(told, ended="finished", teacher=False)
    check_folder(info, told)
    check_result(info, told, teacher=False)
    assert (info.references, info.gap, str(info.gap_words)) == ({}, None, "")


def test_a_run_on_points(engine: Engine) -> None:
    points = {
        "dataset": {"key": "moons", "per_class": 30},
        "teacher": {"key": "mlp-8-8"},
        "student": {"key": "mlp-8-8"},
    }
    info, told = launch(engine, small("none", **points, training={"epochs": 2}))
    assert check_run(told, ended="finished", teacher=False).examples == "points"
    check_folder(info, told)


@pytest.mark.parametrize("system", catalog.keys("system"))
def test_what_takes_several_trainings_ends_with_a_model_that_can_be_read(tmp_path: Path, system: str) -> None:
    """The engine behind the windows of tests acts it as one; the real one takes minutes, see ``tests/systems``."""
    learner = "student" in catalog.find("system", system).needs.learners
    pair = {"teacher": {"key": "mlp-8-8"}, "student": {"key": "tree" if learner else "mlp-8"}}
    wish = validated({"dataset": {"key": "iris"}, **pair, "method": {"key": system}})
    info = FakeEngine(tmp_path).launch(wish, ignore_event, Control())
    assert info.state == "finished"
    assert str(info.sentence)
    assert load_model(info.places.student).key == wish.student.key


def test_a_run_is_stopped_and_goes_on(engine: Engine, workspace: Workspace) -> None:
    info, told = launch(engine, WITH_TEACHER, stop_at_first_epoch)
    check_run(told, ended="stopped", teacher=True)
    check_result(info, told, teacher=True)
    assert 0 < info.progress < 1
    assert info.resumable
    assert workspace.run(info.id) == info

    rest = Told()
    again = engine.resume(info.id, rest, Control())
    check_run(rest, ended="finished", teacher=True, resumed_at=info.steps)
    assert (again.id, again.state, again.progress, again.resumable) == (info.id, "finished", 1.0, False)
    check_folder(again, rest)


def test_a_run_is_paused_and_goes_on(engine: Engine) -> None:
    held: list[int] = []

    def react(event: Event, control: Control) -> None:
        if isinstance(event, EpochDone) and not held:
            control.pause()
        elif isinstance(event, StateChanged) and event.state == "paused":
            held.append(event.step)
            (control.step if len(held) == 1 else control.resume)()

    info, told = launch(engine, BARE, react)
    check_run(told, ended="finished", teacher=True)
    assert held[1] == held[0] + 1
    assert [event.state for event in told.of(StateChanged)] == ["paused", "running", "paused", "running"]
    assert info.state == "finished"


def test_a_run_that_fails_is_kept_with_its_reason(engine: Engine, workspace: Workspace, references: Path) -> None:
    if isinstance(engine, FakeEngine):
        engine.fault = (6, NotANumber("The loss is no longer a number.", offers=("lower_learning_rate",)))
    told = Told()
    teacher = next(run for run in Workspace(references).runs() if run.role == "teacher")
    wild = small(
        "logits",
        teacher={"source": f"file:{teacher.places.student}"},
        training={"epochs": 30, "optimizer": {"lr": 10.0, "momentum": 0.99}},
    )
    with pytest.raises(NotANumber) as error:
        engine.launch(wild, told, Control())
    check_run(told, ended="failed", teacher=True)
    info = workspace.run(told[-1].run)
    assert (info.state, info.resumable) == ("failed", True)
    assert str(info.reason) == str(error.value)
    assert error.value.offers == ("lower_learning_rate",)
    check_folder(info, told)


def test_a_full_disk_pauses_and_nothing_is_left_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(engine, FakeEngine):
        engine.full_at = 6
    else:
        use_small_disk(monkeypatch).left = 2_500

    def react(event: Event, control: Control) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            SmallDisk.left = 10**9
            control.resume()

    info, told = launch(engine, BARE, react)
    check_run(told, ended="finished", teacher=True)
    check_folder(info, told)
    (refused,) = told.of(WritingRefused)
    place = told.index(refused)
    assert (refused.level, refused.offers, refused.recorded) == ("error", ("resume",), False)
    paused, running = told[place + 1 : place + 3]
    assert isinstance(paused, StateChanged)
    assert isinstance(running, StateChanged)
    assert (paused.state, str(paused.words), running.state) == ("paused", str(refused.what), "running")


def test_a_run_is_compared_with_its_student_alone(engine: Engine, workspace: Workspace) -> None:
    seldom = BARE.model_copy(update={"seed": 5})  # whose student alone was never trained
    info, _ = launch(engine, seldom)
    told = Told()
    compared = engine.compare(info.id, told, Control())
    trained = Told(event for event in told if event.run != info.id)
    started = check_run(trained, ended="finished", teacher=False)
    assert (started.role, started.parent) == ("alone", info.id)
    assert not [event for event in told if event.run == info.id and isinstance(event, (RunStarted, RunEnded))]
    alone = workspace.run(started.run)
    assert (alone.role, alone.parent, alone.method) == ("alone", info.id, "none")
    assert (compared.id, compared.references["alone"]) == (info.id, alone.id)
    assert compared.alone_reference == alone.reached
    assert (compared.gap is None) == bool(compared.gap_words)

    again = Told()
    assert engine.compare(info.id, again, Control()).references == compared.references
    assert [type(event) for event in again] == [Notice]


def test_what_has_no_teacher_cannot_be_compared(engine: Engine) -> None:
    info, _ = launch(engine, small("none", training={"epochs": 2}))
    with pytest.raises(StudioError, match="cannot be compared"):
        engine.compare(info.id, ignore_event, Control())


def test_what_has_ended_or_is_not_there_cannot_go_on(engine: Engine) -> None:
    info, _ = launch(engine, BARE)
    with pytest.raises(StudioError, match="nothing left to do"):
        engine.resume(info.id, ignore_event, Control())
    with pytest.raises(StudioError, match="There is no run"):
        engine.resume("nowhere", ignore_event, Control())
