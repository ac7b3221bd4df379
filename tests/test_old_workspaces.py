"""What earlier versions wrote is still read, gone on with and brought back.

``tests/fixtures`` holds a small workspace of every format there ever was, as a zip with what stands in it beside it as
JSON. Every later change of a file format adds one more zip, written by the program before that change; none is ever
written anew.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.cli import main
from studio.networks.files import load_network
from studio.runs.files.folder import RunFolder
from studio.runs.launch import launch, resume
from studio.runs.run_info import RunInfo, read_events, read_history
from studio.runs.store.saved_methods import SavedMethods
from studio.runs.store.workspace import Workspace

FIXTURES = Path(__file__).parent / "fixtures"
Expected = dict[str, Any]


@pytest.fixture(params=sorted(FIXTURES.glob("workspace-*.zip")), ids=lambda archive: archive.stem)
def archive(request: pytest.FixtureRequest) -> Path:
    """One of the old workspaces, packed."""
    path: Path = request.param
    return path


@pytest.fixture
def workspace(archive: Path, tmp_path: Path) -> Workspace:
    """It, unpacked where the command line looks for it."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "workspace")
    return Workspace()


@pytest.fixture
def expected(archive: Path) -> Expected:
    """What stands in it."""
    document: Expected = json.loads(archive.with_suffix(".json").read_text(encoding="utf-8"))
    return document


def json_of(capsys: pytest.CaptureFixture[str], *command: str) -> Any:
    """What a command writes as JSON."""
    assert main([*command, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def check_facts(run: dict[str, Any], expected: Expected) -> None:
    """Compare what the command line says of a run with what is expected of it."""
    for name in ("name", "state", "method", "teacher", "student", "seed", "references"):
        assert run[name] == expected[name], name
    reached = {role: found and round(found["value"], 6) for role, found in run["accuracy"].items()}
    assert reached == expected["accuracy"]
    gap = run["gap_closed"]
    assert (gap and [round(gap[end], 6) for end in ("value", "low", "high")]) == expected["gap_closed"]
    for name, default in (("favourite", False), ("tags", []), ("notes", "")):
        assert run[name] == expected.get(name, default), name
    assert run["problem"] is None
    assert run["sentence"]


def check_history(info: RunInfo, expected: Expected) -> None:
    """Read what the views draw: curves, stages and the arrays of every snapshot."""
    history = read_history(info)
    assert [band.name for band in history.plan] == expected["stages"]
    assert (history.step, len(history.test)) == (expected["step"], expected["epochs_tested"])
    assert {name: len(term.raw) for name, term in history.terms.items()} == expected["terms"]
    assert [moment.step for moment in history.moments] == expected["snapshots"]
    for moment in history.moments:
        arrays = moment.load()
        assert arrays["logits/student"].shape == (len(arrays["probe/inputs"]), len(history.classes))
        assert all(np.isfinite(array).all() for array in arrays.values())


def test_there_is_one_of_every_version() -> None:
    archives = sorted(path.stem for path in FIXTURES.glob("workspace-*.zip"))
    assert archives
    assert archives == sorted(path.stem for path in FIXTURES.glob("workspace-*.json"))


def test_its_runs_are_listed_and_shown(
    workspace: Workspace, expected: Expected, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = {run["id"]: run for run in json_of(capsys, "runs")}
    assert listed.keys() == expected["runs"].keys()
    for run_id, facts in expected["runs"].items():
        check_facts(listed[run_id], facts)
        shown = json_of(capsys, "show", run_id)
        check_facts(shown, facts)
        assert shown["experiment"]["method"]["key"] == facts["method"]
    assert [info.id for info in workspace.runs()] == list(listed)  # the second time from the index


def test_without_its_index_the_same_is_listed(workspace: Workspace, expected: Expected) -> None:
    before = workspace.runs()
    for part in workspace.path.glob("studio.sqlite*"):
        part.unlink()
    assert workspace.runs() == before
    assert {info.id: info.state for info in before} == {
        run_id: facts["state"] for run_id, facts in expected["runs"].items()
    }


def test_histories_snapshots_and_networks_are_read(workspace: Workspace, expected: Expected) -> None:
    for run_id, facts in expected["runs"].items():
        info = workspace.run(run_id)
        check_history(info, facts)
        assert info.experiment.seed == facts["seed"]
        assert load_network(info.places.student).key == facts["student"]
        lines = info.places.events.read_text(encoding="utf-8").splitlines()
        assert len(list(read_events(info.places))) == len(lines)


def test_what_was_broken_off_can_be_gone_on_with_to_its_end(workspace: Workspace, expected: Expected) -> None:
    assert {info.id for info in workspace.runs() if info.resumable} == set(expected["resumable"])
    for run_id in expected["resumable"]:
        before = expected["runs"][run_id]
        info = resume(workspace, run_id)
        history = read_history(info)
        assert (info.id, info.state, info.name) == (run_id, "finished", before["name"])
        assert info.test_accuracy is not None
        assert info.references == before["references"]
        assert history.step == info.steps == history.steps > before["step"]
        assert len(history.test) == info.experiment.training.epochs


def test_an_equal_experiment_can_be_launched_beside_it(workspace: Workspace, expected: Expected) -> None:
    """Whether it finds the old references again is up to the versions of what computes."""
    run_id = next(run_id for run_id, facts in expected["runs"].items() if facts["references"])
    old = workspace.run(run_id)
    info = launch(old.experiment, workspace)
    assert (info.state, info.method, info.student) == ("finished", old.method, old.student)
    assert info.references.keys() == old.references.keys()
    assert {*info.references.values(), *expected["runs"]} <= {run.id for run in workspace.runs()}


def test_its_deleted_runs_can_be_brought_back(
    workspace: Workspace, expected: Expected, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {info.id for info in workspace.deleted()} == expected["deleted"].keys()
    for run_id, facts in expected["deleted"].items():
        check_history(workspace.restore(run_id), facts)
        check_facts(json_of(capsys, "show", run_id), facts)
    assert workspace.deleted() == []


def test_its_saved_methods_are_there(workspace: Workspace, expected: Expected) -> None:
    saved = SavedMethods(workspace.path).all()
    assert {own.name: own.choice and own.choice.key for own in saved} == expected["methods"]


def test_labels_can_be_changed_and_all_else_stays(workspace: Workspace, expected: Expected) -> None:
    for run_id in expected["runs"]:
        places: RunFolder = workspace.run(run_id).places
        before = {file: file.read_bytes() for file in places.path.rglob("*") if file.is_file()}
        workspace.label(run_id, notes="Seen again.")
        assert workspace.run(run_id).notes == "Seen again."
        changed = [file for file, data in before.items() if file.read_bytes() != data]
        assert changed == [places.labels]
