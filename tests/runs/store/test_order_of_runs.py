"""In which order runs are listed, and which is the last: the clock has no say where it was set back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession, experiment


def change_environment(info: RunInfo, **values: object) -> None:
    file = info.places.environment
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | values), encoding="utf-8")


def test_a_run_made_after_the_clock_was_set_back_is_the_last(workspace: Workspace, session: FakeSession) -> None:
    first = launch(experiment("none", seed=1), workspace)
    change_environment(first, created="2099-01-01T00:00:00Z")
    second = launch(experiment("none", seed=2), workspace)
    assert workspace.run("last").id == second.id
    assert [info.id for info in workspace.runs()] == [second.id, first.id]
    assert [info.id for info in Workspace(workspace.path).runs()] == [second.id, first.id]


def test_runs_of_the_version_before_were_made_before(workspace: Workspace, session: FakeSession) -> None:
    old, older, new = (launch(experiment("none", seed=seed), workspace) for seed in (1, 2, 3))
    change_environment(old, created="2098-01-01T00:00:00Z", sequence=0)
    change_environment(older, created="2097-01-01T00:00:00Z", sequence=0)
    assert [info.id for info in workspace.runs()] == [new.id, old.id, older.id]


def test_runs_a_person_asked_for_stand_before_those_trained_for_them(
    workspace: Workspace, session: FakeSession
) -> None:
    asked = [launch(experiment(seed=seed), workspace).id for seed in (1, 2)]
    listed = workspace.runs()
    assert [info.id for info in listed[:2]] == asked[::-1]
    assert len(listed) > 2
    assert all(info.parent for info in listed[2:])


def test_the_last_deleted_is_the_one_with_the_largest_number(workspace: Workspace, session: FakeSession) -> None:
    first, second = (launch(experiment("none", seed=seed), workspace) for seed in (1, 2))
    change_environment(first, created="2099-01-01T00:00:00Z")
    for run in (first, second):
        workspace.delete(run.id)
    assert [info.id for info in workspace.deleted()] == [second.id, first.id]
    assert workspace.restore("last").id == second.id


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are always text there")
class TestAPlaceThatCannotBeWrittenDown:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        return tmp_path / os.fsdecode(b"caf\xe9")

    def test_it_is_refused_before_anything_is_done(self, place: Path, session: FakeSession) -> None:
        with pytest.raises(StudioError, match="not UTF-8") as told:
            launch(experiment("none"), Workspace(place))
        assert "--workspace" in str(told.value.remedy)
        str(told.value).encode()  # it can be said
        assert not session.seen
        assert not place.exists()

    def test_the_terminal_says_so(self, place: Path, tmp_path: Path) -> None:
        file = tmp_path / "e.toml"
        file.write_text(
            '[dataset]\nkey = "digits"\n[teacher]\nkey = "cnn-4"\n[student]\nkey = "cnn-4"\n[method]\nkey = "none"\n'
        )
        done = subprocess.run(
            [sys.executable, "-m", "studio", "train", str(file)],
            env={**os.environ, "STUDIO_WORKSPACE": str(place)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2
        assert b"not UTF-8" in done.stderr
        assert b"Traceback" not in done.stderr
        assert not place.exists()
