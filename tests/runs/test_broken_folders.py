"""One folder, one row, whatever is in it: a bad one is listed with its reason, and the others as if it were not there."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.runs.files.folder import RunFolder
from studio.runs.files.labels import Labels, read_labels
from studio.runs.launch import launch
from studio.runs.results.json_export import as_json
from studio.runs.results.table import rows, to_csv
from studio.runs.run_info import RunInfo, read_history
from studio.runs.store.workspace import Workspace
from tests.runs.broken_folders import DAMAGED, UNUSABLE
from tests.runs.fake_session import FakeSession, experiment

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no pipes with names")


@pytest.fixture
def two(workspace: Workspace, session: FakeSession) -> tuple[RunInfo, RunInfo]:
    """A run to be broken, and one that stays as it is."""
    broken, whole = (launch(experiment("none", seed=seed), workspace) for seed in (1, 2))
    return broken, whole


@pytest.fixture(autouse=True)
def _can_be_removed(workspace: Workspace) -> Iterator[None]:
    yield
    for folder in workspace.run_folder.glob("*"):
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o700)


def list_them(workspace: Workspace, whole: RunInfo) -> RunInfo:
    """Everything a list does; returns the broken one."""
    infos = workspace.runs()
    assert len(infos) == 2
    assert min(infos, key=lambda info: info.id != whole.id).test_accuracy == whole.test_accuracy
    assert len(rows(infos)) == 2
    assert sum(len(row.runs) for row in rows(infos, grouped=True)) == 2
    assert to_csv(infos).count("\n") == 3
    assert all(len(str(as_json(info))) < 100_000 for info in infos)
    return next(info for info in infos if info.id != whole.id)


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_run_that_cannot_be_used_says_why(workspace: Workspace, two: tuple[RunInfo, RunInfo], kind: str) -> None:
    if kind == "not_enterable" and os.geteuid() == 0:
        pytest.skip("root may enter everywhere")
    broken, whole = two
    spoil, why = UNUSABLE[kind]
    spoil(broken.folder)
    found = list_them(workspace, whole)
    assert why in str(found.problem)
    assert (found.state, found.resumable) == ("failed", False)
    with pytest.raises(StudioError):
        _ = found.experiment
    listed_again = list_them(Workspace(workspace.path), whole)  # from the index
    assert listed_again.problem == found.problem


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_costs_no_more_than_what_stood_in_it(
    workspace: Workspace, two: tuple[RunInfo, RunInfo], kind: str
) -> None:
    broken, whole = two
    DAMAGED[kind](broken.folder)
    tracemalloc.start()
    found = list_them(workspace, whole)
    read_history(found)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 60_000_000
    assert not found.problem
    assert len(found.name) <= 200
    assert len(found.method_title) <= 200


def test_the_reason_a_damaged_summary_is_not_shown_is_told(workspace: Workspace, two: tuple[RunInfo, RunInfo]) -> None:
    broken, whole = two
    DAMAGED["huge_summary.json"](broken.folder)
    found = list_them(workspace, whole)
    assert found.state == "finished"  # its events say so
    assert str(found.reason) == "summary.json is too large: more than 4.0\N{NO-BREAK SPACE}MB."


def test_what_nobody_foresaw_costs_one_row_too(
    workspace: Workspace, two: tuple[RunInfo, RunInfo], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = two

    def read(folder: RunFolder) -> Labels:
        if folder.path == broken.folder:
            raise MemoryError("out of it")
        return read_labels(folder)

    monkeypatch.setattr("studio.runs.run_info.read_labels", read)
    found = list_them(workspace, whole)
    assert str(found.problem) == "It cannot be read. MemoryError: out of it"


def test_a_lock_that_is_a_link_empties_no_other_file(workspace: Workspace, two: tuple[RunInfo, RunInfo]) -> None:
    broken, whole = two
    precious = workspace.path / "precious"
    precious.write_text("keep me")
    broken.places.lock.unlink()
    broken.places.lock.symlink_to(precious)
    list_them(workspace, whole)
    (broken.folder / "summary.json").unlink()
    list_them(workspace, whole)
    workspace.delete(broken.id)
    assert precious.read_text() == "keep me"


@pytest.mark.parametrize("kind", [kind for kind in UNUSABLE if kind != "not_enterable"])
def test_a_broken_run_is_deleted_listed_in_the_bin_and_brought_back(
    workspace: Workspace, two: tuple[RunInfo, RunInfo], kind: str
) -> None:
    broken, whole = two
    UNUSABLE[kind][0](broken.folder)
    gone = list_them(workspace, whole)
    workspace.delete(gone.id)
    workspace.delete(whole.id)
    assert {str(info.problem) for info in workspace.deleted()} == {str(gone.problem), ""}
    assert {workspace.restore(run).id for run in (gone.id, whole.id)} == {gone.id, whole.id}
    list_them(workspace, whole)


def test_the_terminal_lists_and_shows_them_all(workspace: Workspace, two: tuple[RunInfo, RunInfo]) -> None:
    UNUSABLE["not_utf8"][0](two[0].folder)
    DAMAGED["no_numbers"](two[1].folder)
    for command in (["runs"], ["runs", "--json"], ["show", two[1].id], ["bin", "list"]):
        done = subprocess.run(
            [sys.executable, "-m", "studio", *command, "--workspace", str(workspace.path)],
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        if command[0] == "runs":
            assert done.stdout.count(b"kd-") + done.stdout.count(b"none-digits") >= 2


def test_odd_things_beside_the_run_folders_are_no_runs(workspace: Workspace, two: tuple[RunInfo, RunInfo]) -> None:
    runs = workspace.run_folder
    (runs / "circle").symlink_to("circle")
    (runs / "nowhere").symlink_to("nothing-there")
    (runs / "zero").symlink_to("/dev/zero")
    os.mkfifo(runs / "pipe")
    (runs / "file").write_text("a note")
    assert len(workspace.runs()) == 2


def test_the_files_of_an_index_that_are_none_are_set_aside(workspace: Workspace, two: tuple[RunInfo, RunInfo]) -> None:
    for file in workspace.path.glob("studio.sqlite*"):
        file.unlink()
    os.mkfifo(workspace.path / "studio.sqlite")
    assert len(Workspace(workspace.path).runs()) == 2
    assert not Path(workspace.path / "studio.sqlite").is_fifo()
