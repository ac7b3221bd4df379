"""Run folders are read back whatever became of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from studio.core.arrays import read_arrays, write_arrays
from studio.events import Resumed, Snapshot, TermReading, Terms
from studio.runs.files.folder import RunFolder
from studio.runs.files.history import RunHistory
from studio.runs.files.lock import held
from studio.runs.files.recorder import Recorder
from studio.runs.files.snapshot_thinning import MOST
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo, read_events, read_history, read_info
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession, Told, experiment, started


@pytest.fixture
def done(workspace: Workspace, session: FakeSession) -> RunInfo:
    """A finished run with its references."""
    return launch(experiment(), workspace)


def begin(folder: RunFolder, steps: int) -> None:
    """A run that has said ``steps`` of its four steps, and then no more."""
    folder.experiment.write_text('name = "begun"\nseed = 3\n[method]\nkey = "kd"\n')
    with Recorder(folder) as recorder:
        recorder.record(started(experiment()))
        for step in range(steps):
            reading = TermReading(1.0, 1.0, "task")
            recorder.record(Terms(step=step + 1, terms={"labels": reading}, learning_rate=0.1, pictures_per_second=1.0))


def test_a_finished_run_tells_what_it_was(done: RunInfo) -> None:
    assert (done.method, done.dataset, done.teacher, done.student) == ("kd", "digits", "mlp-64", "mlp-8")
    assert (done.method_title, done.student_title) == ("Soft targets", "MLP 8")
    assert (done.state, done.progress, done.seconds) == ("finished", 1.0, 2.5)
    assert done.experiment == experiment().resolved()


@pytest.mark.usefixtures("session")
def test_whether_somebody_named_it_is_known(workspace: Workspace) -> None:
    made = launch(experiment(name=""), workspace)
    given = launch(experiment(name=made.name), workspace)
    made_for_it = workspace.run(made.references["teacher"])
    assert [info.is_named for info in (made, given, made_for_it)] == [False, True, False]
    workspace.label(made.id, notes="Looked at.")
    assert not workspace.run(made.id).is_named
    workspace.label(made.id, name="Mine")
    workspace.label(made_for_it.id, name="My teacher")
    assert all(workspace.run(info.id).is_named for info in (made, made_for_it))


def test_a_name_that_nobody_gave_does_not_go_with_what_is_changed(workspace: Workspace, done: RunInfo) -> None:
    assert done.experiment_to_change == done.experiment
    made = launch(experiment(name=""), workspace)
    assert (made.experiment.name, made.experiment_to_change.name) == (made.name, "")


def test_a_run_that_said_no_last_word_is_interrupted(folder: RunFolder) -> None:
    begin(folder, 3)
    info = read_info(folder)
    assert (info.state, info.progress, info.seed) == ("interrupted", 0.75, 3)
    assert info.resumable


def test_a_run_that_is_held_is_running(folder: RunFolder) -> None:
    begin(folder, 1)
    with held(folder.lock):
        info = read_info(folder)
    assert (info.state, info.progress) == ("running", 0.25)
    assert not info.resumable


def test_how_far_it_is_counts_from_where_it_went_on(folder: RunFolder) -> None:
    begin(folder, 3)
    with Recorder(folder) as recorder:
        recorder.record(Resumed(step=2))
    assert read_info(folder).progress == 0.5


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"state": "dancing"}', '{"accuracy": {"student": "good"}}']
)
def test_without_a_usable_summary_the_events_say_how_it_ended(done: RunInfo, content: str) -> None:
    done.places.summary.write_text(content)
    info = read_info(done.places)
    assert info.state == "finished"
    assert info.test_accuracy == done.test_accuracy
    done.places.summary.unlink()
    assert read_info(done.places).state == "finished"


@pytest.mark.parametrize("name", ["labels.json", "environment.json"])
def test_other_garbled_documents_cost_only_what_stood_in_them(done: RunInfo, name: str) -> None:
    (done.folder / name).write_bytes(b"\xff\x00{")
    info = read_info(done.places)
    assert (info.state, info.gap, info.problem) == (done.state, done.gap, done.problem)


def test_a_folder_that_is_no_run_is_listed_with_its_reason(workspace: Workspace, done: RunInfo) -> None:
    (workspace.run_folder / "stray").mkdir()
    done.places.experiment.write_text("= nonsense")
    told = {info.id: str(info.problem) for info in workspace.runs() if info.problem}
    assert told == {
        "stray": "experiment.toml is missing.",
        done.id: "experiment.toml is not valid TOML: Invalid statement (at line 1, column 1).",
    }
    assert all(info.state == "failed" for info in workspace.runs() if info.problem)


def test_the_history_from_disk_is_the_one_that_was_heard(workspace: Workspace, session: FakeSession) -> None:
    told = Told()
    info = launch(experiment("none"), workspace, told)
    live, read = RunHistory(info.id), read_history(info)
    for event in told:
        live.handle_event(event)
    assert read.terms.keys() == live.terms.keys()
    assert read.terms["labels"].raw.y.tolist() == live.terms["labels"].raw.y.tolist()
    assert read.test.x.tolist() == live.test.x.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert [moment.step for moment in read.moments] == [moment.step for moment in live.moments]
    first, second = read.moments[1].load(), live.moments[1].load()
    assert first["logits/student"].tolist() == second["logits/student"].tolist()


def test_a_history_has_its_references(done: RunInfo) -> None:
    history = read_history(done)
    assert history.teacher is not None
    assert history.alone is not None
    assert (history.teacher.value, history.alone.value) == (0.9, 0.5)
    assert history.label == "Soft targets, seed 0"


def test_what_came_after_the_step_it_went_on_from_is_forgotten(folder: RunFolder) -> None:
    begin(folder, 4)
    with Recorder(folder) as recorder:
        recorder.record(Resumed(step=2))
    assert read_history(read_info(folder)).terms["labels"].raw.x.tolist() == [1.0, 2.0]


def test_damaged_lines_are_passed_over(folder: RunFolder) -> None:
    begin(folder, 2)
    content = folder.events.read_bytes().splitlines(keepends=True)
    folder.events.write_bytes(content[0] + b"\x00\x00\n" + content[1] + b"not json\n" + content[2] + b'{"seq": 9')
    assert [event.kind for event in read_events(folder)] == ["run_started", "terms", "terms"]


def test_snapshots_that_were_thinned_away_are_no_moments(done: RunInfo) -> None:
    (done.places.snapshots / "000000002.npz").unlink()
    assert [moment.step for moment in read_history(done).moments] == [0, 1, 3, 4]


def test_a_snapshot_never_leads_out_of_its_folder(folder: RunFolder, tmp_path: Path) -> None:
    begin(folder, 0)
    write_arrays(tmp_path / "secret.npz", {"a": np.ones(1)})
    line = {"seq": 9, "time": 0, "kind": "snapshot", "step": 1, "file": f"../../../../../..{tmp_path}/secret.npz"}
    with folder.events.open("a") as events:
        events.write(json.dumps(line) + "\n")
    assert read_history(read_info(folder)).moments == []


def test_damaged_or_poisoned_arrays_read_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.npz"
    file.write_bytes(b"PK\x03\x04 torn")
    assert read_arrays(file) == {}
    np.savez(file, allow_pickle=True, a=np.array([print], dtype=object))
    assert read_arrays(file) == {}
    np.savez_compressed(file, a=np.zeros(100_000))
    monkeypatch.setattr("studio.core.limits.MOST_UNPACKED", 1000)
    assert read_arrays(file) == {}
    assert read_arrays(tmp_path / "missing.npz") == {}


def test_a_live_history_keeps_as_many_moments_as_the_folder_does() -> None:
    history = RunHistory("r")
    for step in range(MOST + 50):
        history.handle_event(Snapshot(step=step))
    assert len(history.moments) == MOST
    assert (history.moments[0].step, history.moments[-1].step) == (0, MOST + 49)


def test_a_run_without_its_folder_reads_as_broken(done: RunInfo) -> None:
    shutil.rmtree(done.folder)
    assert read_info(done.places).problem
    assert read_history(done).moments == []
