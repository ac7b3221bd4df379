"""Finding, labelling, deleting and measuring runs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.runs.files.folder import tree_size
from studio.runs.files.lock import held
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession, experiment


def test_it_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path / "elsewhere"))
    assert Workspace().path == tmp_path / "elsewhere"
    assert Workspace(tmp_path / "here").path == tmp_path / "here"
    monkeypatch.delenv("STUDIO_WORKSPACE")
    assert "distillation-studio" in str(Workspace().path)


def test_looking_makes_nothing(workspace: Workspace) -> None:
    assert workspace.runs() == []
    assert workspace.size().total == 0
    workspace.check_writable()
    assert not workspace.path.exists()


def test_ids_sort_by_time_and_can_be_read(workspace: Workspace) -> None:
    with workspace.new_run("AB on CIFAR-10: ein Zehntel!", {}) as folder:
        assert re.fullmatch(r"\d{8}-\d{6}-ab-on-cifar-10-ein-zehntel-[0-9a-f]{4}", folder.id)
    with workspace.new_run("ab", {}) as first, workspace.new_run("ab", {}) as second:
        assert first.id != second.id


def test_a_run_is_found_by_the_beginning_of_its_id(workspace: Workspace, session: FakeSession) -> None:
    info = launch(experiment("none"), workspace)
    assert workspace.run(info.id).id == info.id
    assert workspace.run(info.id[:-2]).id == info.id


def test_an_unclear_beginning_names_the_runs(workspace: Workspace, session: FakeSession) -> None:
    runs = [launch(experiment("none", seed=seed), workspace) for seed in (0, 1)]
    with pytest.raises(StudioError, match="not clear") as told:
        workspace.run(runs[0].id[:4])
    assert runs[0].id in str(told.value)


@pytest.mark.parametrize("name", ["nothing-like-it", "", "../runs"])
def test_what_is_not_there_is_refused(workspace: Workspace, session: FakeSession, name: str) -> None:
    launch(experiment("none"), workspace)
    with pytest.raises(StudioError, match="There is no run"):
        workspace.run(name)


def test_last_is_the_newest_that_was_asked_for(workspace: Workspace, session: FakeSession) -> None:
    with pytest.raises(StudioError, match="no runs yet"):
        workspace.run("last")
    info = launch(experiment(), workspace)
    assert len(workspace.runs()) == 3
    assert workspace.run("last").id == info.id


def test_labels_change_and_nothing_else_does(workspace: Workspace, session: FakeSession) -> None:
    info = launch(experiment("none"), workspace)
    before = info.places.summary.read_bytes()
    workspace.label(info.id, name="The good one", tags=(" tidy ", "", "tidy"), favourite=True)
    workspace.label(info.id, notes="look at\nthis")
    now = workspace.run(info.id)
    assert (now.name, now.tags, now.favourite, now.notes) == ("The good one", ("tidy",), True, "look at\nthis")
    assert info.places.summary.read_bytes() == before


def test_labels_that_cannot_be_kept_leave_the_old_ones(workspace: Workspace, session: FakeSession) -> None:
    info = launch(experiment("none"), workspace)
    with pytest.raises(StudioError, match="The name cannot be kept"):
        workspace.label(info.id, name="x" * 201)
    assert workspace.run(info.id).name == "acted"


def test_a_deleted_run_goes_to_the_bin_and_comes_back(workspace: Workspace, session: FakeSession) -> None:
    info = launch(experiment("none"), workspace)
    workspace.delete(info.id)
    assert workspace.runs() == []
    assert [run.id for run in workspace.deleted()] == [info.id]
    assert workspace.restore(info.id).state == "finished"
    assert [run.id for run in workspace.runs()] == [info.id]
    workspace.delete(info.id)
    workspace.empty_bin()
    with pytest.raises(StudioError, match="no deleted run"):
        workspace.restore(info.id)


def test_a_running_run_is_not_deleted(workspace: Workspace, session: FakeSession) -> None:
    info = launch(experiment("none"), workspace)
    with held(info.places.lock), pytest.raises(StudioError, match="running now"):
        workspace.delete(info.id)
    assert workspace.run(info.id).state == "finished"


def test_its_size_counts_every_file_once(workspace: Workspace, session: FakeSession) -> None:
    info = launch(experiment("none"), workspace)
    workspace.cache.mkdir()
    (workspace.cache / "pictures").write_bytes(bytes(1000))
    (workspace.cache / "around").symlink_to(workspace.cache)
    size = workspace.size()
    assert size.cache - 1000 < 1000  # and the link itself
    assert size.runs == tree_size(info.folder) > 1000
    assert size.total == size.runs + size.cache


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path: Path, session: FakeSession) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    workspace = Workspace(in_the_way / "workspace")
    with pytest.raises(StudioError, match="cannot be written to") as told:
        launch(experiment("none"), workspace)
    assert "--workspace" in str(told.value.remedy)
    with pytest.raises(StudioError, match=r"cannot be read\. Not a directory"):
        workspace.runs()
    assert not session.seen


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_workspace_can_be_looked_at(workspace: Workspace, session: FakeSession) -> None:
    launch(experiment("none"), workspace)
    workspace.path.chmod(0o500)
    try:
        assert [run.state for run in workspace.runs()] == ["finished"]
        with pytest.raises(StudioError, match="cannot be written to"):
            workspace.check_writable()
    finally:
        workspace.path.chmod(0o700)
