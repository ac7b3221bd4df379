"""What vanishes or refuses to be written ends in one clear sentence, and what was there before stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.errors import NotWritten, StudioError
from studio.events import Event, Listener, Notice, StateChanged
from studio.experiment import Experiment
from studio.runs.files.lock import held
from studio.runs.launch import compare_with_alone, launch, resume
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.runs.fake_session import FakeSession, Told, experiment


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def while_training(method: str, act: Callable[[], object]) -> Callable[[Experiment, Listener, Control], None]:
    """In the middle of the run that learns by ``method``, do ``act``."""

    def meanwhile(playing: Experiment, _listen: Listener, _control: Control) -> None:
        if playing.method.key == method:
            act()

    return meanwhile


def put_in_the_way(file: Path) -> None:
    """A folder where a file belongs: nobody can write there, not even root."""
    file.unlink(missing_ok=True)
    file.mkdir()


class TestATeacherThatVanishes:
    @pytest.fixture
    def teacher(self, workspace: Workspace, session: FakeSession) -> RunInfo:
        return launch(experiment("none", student={"key": "mlp-64"}), workspace)

    def test_it_is_secured_before_the_student_alone_is_trained(
        self, workspace: Workspace, session: FakeSession, teacher: RunInfo
    ) -> None:
        def delete() -> None:
            workspace.delete(teacher.id)
            workspace.empty_bin()

        session.meanwhile = while_training("none", delete)
        info = launch(experiment(teacher={"source": f"run:{teacher.id}"}), workspace)
        assert info.state == "finished"
        assert info.gap is not None

    def test_one_that_was_deleted_too_early_is_said(
        self, workspace: Workspace, session: FakeSession, teacher: RunInfo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        next_sequence = Workspace.next_sequence

        def deleted_meanwhile(self: Workspace) -> int:
            workspace.delete(teacher.id)
            return next_sequence(self)

        monkeypatch.setattr(Workspace, "next_sequence", deleted_meanwhile)
        with pytest.raises(StudioError, match="cannot teach") as told:
            launch(experiment(teacher={"source": f"run:{teacher.id}"}), workspace)
        assert "bin" in str(told.value.remedy)
        assert workspace.run("last").state == "failed"


class TestGoingOnIsRefused:
    @pytest.fixture
    def stopped(self, workspace: Workspace, session: FakeSession) -> RunInfo:
        control = Control()
        session.meanwhile = while_training("kd", control.stop)
        return launch(experiment(), workspace, control=control)

    def test_a_run_that_cannot_be_gone_on_with_keeps_what_it_reached(
        self, workspace: Workspace, session: FakeSession, stopped: RunInfo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_args: object, **_named: object) -> None:
            raise StudioError("The run cannot go on from its checkpoint.", "It is of another student.")

        monkeypatch.setattr("studio.training.session.run_session", refuse)
        before = contents(stopped.folder)
        with pytest.raises(StudioError, match="cannot go on from its checkpoint"):
            resume(workspace, stopped.id)
        assert contents(stopped.folder) == before
        again = workspace.run(stopped.id)
        assert (again.state, again.test_accuracy, again.resumable) == ("stopped", 0.45, True)

    @pytest.mark.parametrize("door", [resume, compare_with_alone])
    def test_a_folder_that_cannot_be_held(
        self, workspace: Workspace, stopped: RunInfo, door: Callable[[Workspace, str], RunInfo]
    ) -> None:
        put_in_the_way(stopped.places.lock)
        with pytest.raises(StudioError, match="cannot be written to") as told:
            door(workspace, stopped.id)
        assert told.value.exit_code == 2
        assert workspace.run(stopped.id).state == "stopped"

    def test_events_that_cannot_be_written(self, workspace: Workspace, stopped: RunInfo) -> None:
        put_in_the_way(stopped.places.events)
        with pytest.raises(NotWritten, match=r"events\.jsonl cannot be written"):
            resume(workspace, stopped.id)
        again = workspace.run(stopped.id)
        assert (again.state, again.test_accuracy) == ("stopped", 0.45)


class TestAReferenceThatCannotGoOn:
    """The run that asks for it must not fail for good because of one that was broken off."""

    @pytest.fixture
    def broken_off(self, workspace: Workspace, session: FakeSession) -> RunInfo:
        def interrupt() -> None:
            raise KeyboardInterrupt

        session.meanwhile = while_training("none", interrupt)
        with pytest.raises(KeyboardInterrupt):
            launch(experiment("none"), workspace)
        session.meanwhile = lambda _experiment, _listen, _control: None
        return workspace.run("last")

    def test_it_is_trained_anew(self, workspace: Workspace, session: FakeSession, broken_off: RunInfo) -> None:
        put_in_the_way(broken_off.places.lock)
        told = Told()
        info = launch(experiment(), workspace, told)
        assert info.state == "finished"
        assert info.references["alone"] != broken_off.id
        assert "it is trained anew" in str(told.of(Notice)[0].what)

    def test_one_that_somebody_has_just_taken_up_is_left_to_them(
        self, workspace: Workspace, session: FakeSession, broken_off: RunInfo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("studio.runs.run_obtainer.find_equal", lambda *_args: broken_off)
        with held(broken_off.places.lock):
            info = launch(experiment(teacher={"source": f"run:{self.teacher(workspace)}"}), workspace)
        assert info.references["alone"] != broken_off.id
        assert workspace.run(broken_off.id).state == "interrupted"

    @staticmethod
    def teacher(workspace: Workspace) -> str:
        return launch(experiment("none", student={"key": "mlp-64"}), workspace).id


class TestAFolderThatRefuses:
    def test_an_unwatched_run_breaks_off_and_can_be_gone_on_with(
        self, workspace: Workspace, session: FakeSession
    ) -> None:
        def refuse() -> None:
            snapshots = workspace.run("last").places.snapshots
            snapshots.rename(snapshots.with_name("aside"))
            snapshots.write_bytes(b"in the way")

        session.meanwhile = while_training("none", refuse)
        with pytest.raises(NotWritten, match=r"npz cannot be written|snapshots cannot be written") as told:
            launch(experiment("none"), workspace)
        assert "resume" in told.value.offers
        info = workspace.run("last")
        assert (info.state, info.resumable) == ("interrupted", True)
        assert "interrupted" in str(info.sentence)
        info.places.snapshots.unlink()
        session.meanwhile = lambda _experiment, _listen, _control: None
        assert resume(workspace, info.id).state == "finished"

    def test_labels_that_cannot_be_written_are_said(self, workspace: Workspace, session: FakeSession) -> None:
        info = launch(experiment("none"), workspace)
        put_in_the_way(info.places.labels)
        with pytest.raises(NotWritten, match=r"labels\.json cannot be written"):
            workspace.label(info.id, favourite=True)


def test_a_watched_run_waits_until_its_folder_can_be_written_to_again(workspace: Workspace) -> None:
    wish = experiment("none", student={"key": "cnn-4"}, training={"epochs": 2, "batch_size": 50})
    control, told = Control(interactive=True), Told()

    def listen(event: Event) -> None:
        told(event)
        if isinstance(event, StateChanged) and event.state == "paused":
            workspace.run("last").places.snapshots.unlink()
            control.resume()
        elif not told.of(StateChanged):
            workspace.run("last").places.snapshots.write_bytes(b"in the way")

    assert launch(wish, workspace, listen, control).state == "finished"
    (notice,) = [event for event in told.of(Notice) if event.level == "error"]
    assert "snapshots cannot be written" in str(notice.what)
    assert notice.offers == ("resume",)
