"""Starting runs: what is written, which references are found again, and that every end leaves a run one can use."""

from __future__ import annotations

import errno
import json
from typing import Any

import pytest

from studio.core.errors import DiskFull, NotANumber, RunFailed, StoppedEarly, StudioError
from studio.events import Event, Listener, Notice, Phase, Resumed, RunEnded, RunStarted
from studio.experiment import Experiment, load
from studio.runs.files.lock import held, is_held
from studio.runs.launch import compare_with_alone, launch, resume
from studio.runs.run_info import RunInfo, read_history
from studio.runs.store.workspace import Workspace
from studio.systems.reference_experiments import TEACHER_SEEDS, teacher_experiment
from studio.training.control import Control
from tests.runs.fake_session import FakeSession, Meanwhile, Told, experiment


def summary(info: RunInfo) -> dict[str, object]:
    return dict(json.loads(info.places.summary.read_text()))


def raising(error: BaseException, student: str = "mlp-8", method: str = "kd") -> Meanwhile:
    """In the middle of the run that trains ``student`` by ``method``, ``error`` comes up."""

    def meanwhile(playing: Experiment, _listen: Listener, _control: Control) -> None:
        if (playing.student.key, playing.method.key) == (student, method):
            raise error

    return meanwhile


def quiet(_experiment: Experiment, _listen: Listener, _control: Control) -> None:
    """Nothing happens."""


class TestWhatIsWritten:
    def test_the_experiment_as_it_ran_every_default_written_out(
        self, workspace: Workspace, session: FakeSession
    ) -> None:
        info = launch(experiment(seed=5), workspace)
        stored = load(info.places.experiment)
        assert stored == experiment(seed=5).resolved()
        assert stored.method.settings["temperature"] == 4.0

    def test_what_it_really_ran_on(self, workspace: Workspace, session: FakeSession) -> None:
        environment = json.loads(launch(experiment("none"), workspace).places.environment.read_text())
        assert (environment["device"], environment["threads"], environment["precision"]) == ("cpu", 3, "exact")
        assert {"python", "torch", "numpy", "studio"} <= environment["versions"].keys()

    def test_what_was_reached(self, workspace: Workspace, session: FakeSession) -> None:
        told = summary(launch(experiment(), workspace))
        assert told["state"] == "finished"
        assert told["accuracy"] == {
            "teacher": {
                "value": 0.9,
                "low": pytest.approx(0.867, abs=1e-3),
                "high": pytest.approx(0.926, abs=1e-3),
                "n": 400,
            },
            "student": {
                "value": 0.8,
                "low": pytest.approx(0.758, abs=1e-3),
                "high": pytest.approx(0.836, abs=1e-3),
                "n": 400,
            },
            "alone": {
                "value": 0.5,
                "low": pytest.approx(0.451, abs=1e-3),
                "high": pytest.approx(0.549, abs=1e-3),
                "n": 400,
            },
        }
        gap = told["gap_closed"]
        assert isinstance(gap, dict)
        assert gap["value"] == pytest.approx(0.75)
        assert gap["low"] < 0.75 < gap["high"]
        assert str(told["sentence"]).startswith(
            "The student reached 80.0 %: 75 % of the gap to its teacher is closed (95 % interval:"
        )
        assert (told["seconds"], told["parameters"]) == (2.5, {"student": 610, "teacher": 4810})

    def test_without_the_student_alone_there_is_no_gap_and_it_says_so(
        self, workspace: Workspace, session: FakeSession
    ) -> None:
        info = launch(experiment(references={"alone": False}), workspace)
        assert info.gap is None
        assert summary(info)["gap_closed"] is None
        assert "no student was trained alone" in str(info.sentence)

    def test_where_the_teacher_is_no_better_there_is_no_gap_and_it_says_so(
        self, workspace: Workspace, session: FakeSession
    ) -> None:
        session.accuracies = (0.5, 0.5, 0.8)
        info = launch(experiment(), workspace)
        assert info.gap is None
        assert "There is no gap to close" in str(info.sentence)

    def test_until_it_ends_the_summary_says_what_it_is_if_nobody_comes_back(
        self, workspace: Workspace, session: FakeSession
    ) -> None:
        states: list[tuple[str, str, bool]] = []

        def look(playing: Experiment, _listen: Listener, _control: Control) -> None:
            info = workspace.run("last")
            states.append((str(summary(info)["state"]), info.state, is_held(info.places.lock)))

        session.meanwhile = look
        launch(experiment("none"), workspace)
        assert states == [("interrupted", "running", True)]


class TestReferences:
    def test_they_are_runs_of_their_own(self, workspace: Workspace, session: FakeSession) -> None:
        info = launch(experiment(seed=3), workspace)
        assert session.trained == [("none", "mlp-64", TEACHER_SEEDS), ("none", "mlp-8", 3), ("kd", "mlp-8", 3)]
        teacher, alone = (workspace.run(info.references[role]) for role in ("teacher", "alone"))
        assert teacher.experiment.dataset.per_class is None
        assert teacher.experiment.training.epochs == 7
        assert alone.experiment.dataset.per_class == 10
        assert alone.experiment.training == info.experiment.training
        assert teacher.parent == alone.parent == info.id

    def test_the_student_learns_from_the_trained_teacher(self, workspace: Workspace, session: FakeSession) -> None:
        info = launch(experiment(), workspace)
        (_, places, _) = session.seen[-1]
        assert places.teacher == info.places.teacher
        assert info.places.teacher.read_bytes() == workspace.run(info.references["teacher"]).places.student.read_bytes()

    def test_everything_says_what_it_is_in_the_whole(self, workspace: Workspace, session: FakeSession) -> None:
        told = Told()
        info = launch(experiment(), workspace, told)
        begun = {event.run: (event.role, event.parent) for event in told.of(RunStarted)}
        assert begun == {
            info.references["teacher"]: ("teacher", info.id),
            info.references["alone"]: ("alone", info.id),
            info.id: ("student", ""),
        }
        assert {run.id: (run.role, run.parent) for run in workspace.runs()} == begun

    def test_they_are_found_again(self, workspace: Workspace, session: FakeSession) -> None:
        first, told = launch(experiment(), workspace), Told()
        second = launch(experiment("rkd"), workspace, told)
        assert second.references == first.references
        assert session.trained[3:] == [("rkd", "mlp-8", 0)]
        assert [event.what.template for event in told.of(Notice)] == [
            "The same teacher was trained before; it is used again.",
            "The same student was trained alone before; that run is used again.",
        ]

    def test_seeds_share_the_teacher_but_not_the_student_alone(
        self, workspace: Workspace, session: FakeSession
    ) -> None:
        first, second = (launch(experiment(seed=seed), workspace) for seed in (0, 1))
        assert first.references["teacher"] == second.references["teacher"]
        assert first.references["alone"] != second.references["alone"]

    @pytest.mark.parametrize(
        "change",
        [
            {"dataset": {"per_class": 20}},
            {"training": {"epochs": 5}},
            {"training": {"precision": "fast"}},
            {"training": {"optimizer": {"lr": 0.01}}},
            {"student": {"key": "mlp-20"}},
        ],
        ids=str,
    )
    def test_what_decides_numbers_makes_another_run(
        self, workspace: Workspace, session: FakeSession, change: dict[str, Any]
    ) -> None:
        first, second = launch(experiment(), workspace), launch(experiment(**change), workspace)
        assert first.references["alone"] != second.references["alone"]

    def test_names_and_the_way_to_ask_for_a_device_do_not(
        self, workspace: Workspace, session: FakeSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("torch.cuda.is_available", lambda: False)
        monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
        first = launch(experiment(), workspace)
        second = launch(experiment(name="another", training={"device": "auto"}), workspace)
        assert first.references == second.references

    def test_another_version_of_torch_makes_another_run(
        self, workspace: Workspace, session: FakeSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = launch(experiment(), workspace)
        monkeypatch.setattr("studio.runs.references.versions", lambda: {"torch": "99"})
        assert launch(experiment(), workspace).references["teacher"] != first.references["teacher"]

    def test_a_run_without_a_teacher_serves_as_the_student_alone(
        self, workspace: Workspace, session: FakeSession
    ) -> None:
        alone = launch(experiment("none"), workspace)
        assert launch(experiment(), workspace).references["alone"] == alone.id

    def test_a_run_without_a_teacher_trains_none(self, workspace: Workspace, session: FakeSession) -> None:
        info = launch(experiment("none"), workspace)
        assert session.trained == [("none", "mlp-8", 0)]
        assert (info.teacher, info.references, info.gap) == ("", {}, None)
        assert str(info.sentence) == "The student reached 50.0 % without a teacher."

    def test_their_events_carry_their_own_id(self, workspace: Workspace, session: FakeSession) -> None:
        told = Told()
        info = launch(experiment(), workspace, told)
        ids = [event.run for event in told.of(RunStarted)]
        assert ids == [info.references["teacher"], info.references["alone"], info.id]
        phases = [event for event in told.of(Phase) if event.words.template.startswith("Training the")]
        assert [(event.run, event.words.template) for event in phases] == [
            (info.id, "Training the teacher, {network}"),
            (info.references["teacher"], "Training the student"),
            (info.id, "Training the student alone, for comparison"),
            (info.references["alone"], "Training the student"),
            (info.id, "Training the student"),
        ]

    def test_what_they_reached_is_known_before_the_student_begins(
        self, workspace: Workspace, session: FakeSession
    ) -> None:
        seen: list[RunInfo] = []

        def listen(event: Event) -> None:
            if isinstance(event, RunStarted) and event.teacher_accuracy is not None:
                seen.append(workspace.run(event.run))

        launch(experiment(), workspace, listen)
        teacher, alone = seen[0].teacher_reference, seen[0].alone_reference
        assert teacher is not None
        assert alone is not None
        assert (teacher.value, alone.value) == (0.9, 0.5)

    def test_one_that_was_interrupted_is_gone_on_with(self, workspace: Workspace, session: FakeSession) -> None:
        session.meanwhile = raising(KeyboardInterrupt(), "mlp-64", "none")
        with pytest.raises(KeyboardInterrupt):
            launch(experiment(), workspace)
        session.meanwhile = quiet
        interrupted = next(run for run in workspace.runs() if run.student == "mlp-64")
        info = launch(experiment(), workspace)
        assert info.references["teacher"] == interrupted.id
        assert [again for _, places, again in session.seen if places.folder == interrupted.folder] == [False, True]

    def test_the_student_of_an_earlier_run_can_teach(self, workspace: Workspace, session: FakeSession) -> None:
        teacher = launch(experiment("none", student={"key": "mlp-64"}), workspace)
        info = launch(experiment(teacher={"source": f"run:{teacher.id[:-1]}"}), workspace)
        assert info.experiment.teacher.source == f"run:{teacher.id}"
        assert session.seen[-1][1].teacher == info.places.teacher
        assert set(info.references) == {"alone"}

    @pytest.mark.parametrize("source", ["run:nothing", "file:/not/there.safetensors"])
    def test_a_teacher_that_is_not_there_is_refused_before_anything_is_written(
        self, workspace: Workspace, session: FakeSession, source: str
    ) -> None:
        with pytest.raises(StudioError, match="There is no"):
            launch(experiment(teacher={"source": source}), workspace)
        assert not workspace.path.exists()

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"dataset": {"splits": 3, "key": "waveform", "per_class": None}}, "every split would be the same"),
            ({"dataset": {"splits": 3}, "teacher": {"source": "run:earlier", "epochs": None}}, "has learnt already"),
        ],
        ids=["data with a test part", "a teacher that is there"],
    )
    def test_splits_that_cannot_be_are_refused_before_anything_is_written(
        self, workspace: Workspace, session: FakeSession, changes: dict[str, Any], why: str
    ) -> None:
        if "teacher" in changes:
            changes = {**changes, "teacher": {"source": f"run:{launch(experiment('none'), workspace).id}"}}
        before = {run.id for run in workspace.runs()}
        with pytest.raises(StudioError, match=why):
            launch(experiment(**changes), workspace)
        assert {run.id for run in workspace.runs()} == before

    def test_a_run_that_kept_no_student_cannot_teach(self, workspace: Workspace, session: FakeSession) -> None:
        session.meanwhile = raising(NotANumber("It broke."), method="none")
        with pytest.raises(NotANumber):
            launch(experiment("none"), workspace)
        with pytest.raises(StudioError, match="cannot teach"):
            launch(experiment(teacher={"source": "run:last"}), workspace)

    def test_the_student_alone_can_be_added_afterwards(self, workspace: Workspace, session: FakeSession) -> None:
        bare, told = launch(experiment(references={"alone": False}), workspace), Told()
        before = bare.places.experiment.read_bytes()
        info = compare_with_alone(workspace, bare.id, told)
        assert info.gap is not None
        told_of_gap = f"75 % of the gap to its teacher is closed ({info.gap.interval_words})."
        assert str(info.sentence) == f"The student reached 80.0 %: {told_of_gap}"
        assert bare.places.experiment.read_bytes() == before
        assert read_history(info).state == "finished"
        assert {event.run for event in told} == {info.id, info.references["alone"]}

    def test_a_run_without_a_teacher_cannot_be_compared(self, workspace: Workspace, session: FakeSession) -> None:
        with pytest.raises(StudioError, match="cannot be compared"):
            compare_with_alone(workspace, launch(experiment("none"), workspace).id)


class TestHowItEnds:
    def test_a_failure_is_kept_with_its_reason(self, workspace: Workspace, session: FakeSession) -> None:
        error = NotANumber("The loss is not a number since step {step}.", "", "Halve the learning rate.", step=17)
        session.meanwhile = raising(error)
        told = Told()
        with pytest.raises(NotANumber):
            launch(experiment(), workspace, told)
        info = workspace.run("last")
        assert info.state == "failed"
        assert str(info.reason) == "The loss is not a number since step 17. Halve the learning rate."
        assert summary(info)["reason"] == str(info.reason)
        assert [(event.run, event.state) for event in told.of(RunEnded)][-1] == (info.id, "failed")

    def test_an_error_of_the_program_is_said_in_words(self, workspace: Workspace, session: FakeSession) -> None:
        session.meanwhile = raising(ZeroDivisionError("division by zero"))
        with pytest.raises(RunFailed, match="ZeroDivisionError: division by zero") as told:
            launch(experiment(), workspace)
        assert "Traceback" in told.value.__notes__[0]
        assert workspace.run("last").state == "failed"

    def test_the_keyboard_interrupts_a_run_that_can_go_on(self, workspace: Workspace, session: FakeSession) -> None:
        session.meanwhile = raising(KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            launch(experiment(), workspace)
        info = workspace.run("last")
        assert (info.state, info.resumable) == ("interrupted", True)
        assert not is_held(info.places.lock)

    def test_a_stopped_run_is_kept(self, workspace: Workspace, session: FakeSession) -> None:
        session.meanwhile = lambda playing, _listen, control: control.stop() if playing.method.key == "kd" else None
        info = launch(experiment(), workspace)
        assert (info.state, info.test_accuracy) == ("stopped", 0.45)
        assert info.places.student.exists()

    def test_stopping_while_the_teacher_is_trained_stops_it_all(
        self, workspace: Workspace, session: FakeSession
    ) -> None:
        session.meanwhile = lambda _playing, _listen, control: control.stop()
        info = launch(experiment(), workspace)
        assert session.trained == [("none", "mlp-64", TEACHER_SEEDS)]
        assert (info.state, str(info.reason)) == ("stopped", "Stopped while the teacher was being trained.")
        session.meanwhile = quiet
        assert resume(workspace, info.id).state == "finished"

    def test_stopping_before_there_is_a_student_is_no_failure(self, workspace: Workspace, session: FakeSession) -> None:
        def stop(_playing: Experiment, _listen: Listener, control: Control) -> None:
            control.stop()
            raise StoppedEarly("The run was stopped before it began.")

        session.meanwhile = stop
        info = launch(experiment("none"), workspace)
        assert (info.state, str(info.reason)) == ("stopped", "The run was stopped before it began.")
        assert str(info.sentence).startswith("Stopped before the student was trained.")

    def test_a_run_killed_between_its_last_word_and_its_summary_is_measured_again(
        self, workspace: Workspace, session: FakeSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*_args: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("studio.runs.results.summarise.reached", killed)
            with pytest.raises(KeyboardInterrupt):
                launch(experiment("none"), workspace)
        info = workspace.run("last")
        assert (info.state, info.test_accuracy, info.settled, info.resumable) == ("finished", 0.5, False, True)
        assert resume(workspace, info.id).parameters == {"student": 610}

    def test_a_full_disk_leaves_a_run_that_can_go_on(self, workspace: Workspace, session: FakeSession) -> None:
        session.meanwhile = raising(DiskFull("The disk is full."))
        with pytest.raises(DiskFull):
            launch(experiment(), workspace)
        info = workspace.run("last")
        assert (info.state, str(info.reason)) == ("interrupted", "The disk is full.")
        session.meanwhile = quiet
        assert resume(workspace, info.id).state == "finished"

    def test_a_disk_that_is_full_from_the_start_leaves_nothing(
        self, workspace: Workspace, session: FakeSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(DiskFull):
            launch(experiment("none"), workspace)
        assert list(workspace.run_folder.iterdir()) == []


class TestGoingOn:
    @pytest.fixture
    def broken_off(self, workspace: Workspace, session: FakeSession) -> RunInfo:
        """A run that broke off behind a checkpoint."""
        session.meanwhile = raising(KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            launch(experiment(), workspace)
        session.meanwhile = quiet
        session.seen.clear()
        return workspace.run("last")

    def test_it_goes_on_where_it_was(self, workspace: Workspace, session: FakeSession, broken_off: RunInfo) -> None:
        info = resume(workspace, "last")
        assert info.id == broken_off.id
        assert (info.state, info.test_accuracy) == ("finished", 0.8)
        assert info.gap is not None
        ((_, places, again),) = session.seen
        assert again
        assert places.teacher == info.places.teacher

    def test_its_history_has_every_step_once(self, workspace: Workspace, broken_off: RunInfo) -> None:
        history = read_history(resume(workspace, "last"))
        assert history.terms["labels"].raw.x.tolist() == [1.0, 2.0, 3.0, 4.0]
        assert [moment.step for moment in history.moments] == [0, 1, 2, 3, 4]

    def test_it_needs_neither_teacher_nor_alone_to_be_there_still(
        self, workspace: Workspace, session: FakeSession, broken_off: RunInfo
    ) -> None:
        for run in broken_off.references.values():
            workspace.delete(run)
        info = resume(workspace, "last")
        assert session.trained == [("kd", "mlp-8", 0)]
        assert info.state == "finished"
        assert "no longer there" in str(info.sentence)

    def test_without_a_checkpoint_it_starts_over(
        self, workspace: Workspace, session: FakeSession, broken_off: RunInfo
    ) -> None:
        for file in broken_off.places.checkpoints.iterdir():
            file.unlink()
        told = Told()
        history = read_history(resume(workspace, "last", told))
        assert session.seen[0][2] is False
        assert told.of(Resumed)[0].step == 0
        assert history.terms["labels"].raw.x.tolist() == [1.0, 2.0, 3.0, 4.0]

    def test_a_finished_run_has_nothing_left_to_do(self, workspace: Workspace, session: FakeSession) -> None:
        info = launch(experiment("none"), workspace)
        before = info.places.events.read_bytes()
        with pytest.raises(StudioError, match="nothing left to do"):
            resume(workspace, info.id)
        assert info.places.events.read_bytes() == before

    def test_a_run_somebody_runs_is_left_alone(self, workspace: Workspace, broken_off: RunInfo) -> None:
        before = broken_off.places.events.read_bytes()
        with held(broken_off.places.lock), pytest.raises(StudioError, match="running now"):
            resume(workspace, "last")
        assert broken_off.places.events.read_bytes() == before

    def test_a_broken_folder_is_refused_and_left_as_it_is(self, workspace: Workspace, broken_off: RunInfo) -> None:
        broken_off.places.experiment.write_text("= nonsense")
        with pytest.raises(StudioError, match="cannot go on"):
            resume(workspace, "last")
        assert broken_off.places.experiment.read_text() == "= nonsense"

    def test_the_end_it_had_no_longer_counts(
        self, workspace: Workspace, session: FakeSession, broken_off: RunInfo
    ) -> None:
        states: list[str] = []
        session.meanwhile = lambda _playing, _listen, _control: states.append(workspace.run("last").state)
        resume(workspace, "last")
        assert states == ["running"]


def test_a_teacher_never_starts_from_its_student_s_weights() -> None:
    asked = experiment("kd")
    equal = asked.model_copy(update={"student": asked.student.model_copy(update={"key": asked.teacher.key})})
    assert equal.seed == equal.teacher.seed
    assert teacher_experiment(equal).seed != equal.seed


def test_a_damaged_teacher_is_trained_again_instead_of_standing_in_the_way(
    workspace: Workspace, session: FakeSession
) -> None:
    first = launch(experiment(), workspace)
    damaged = workspace.run(first.references["teacher"])
    damaged.places.student.unlink()  # it is linked into the first run: that one keeps its whole copy
    damaged.places.student.write_bytes(b"torn")
    second = launch(experiment(), workspace)
    assert second.state == "finished"
    assert second.references["teacher"] != damaged.id
