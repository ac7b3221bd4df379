"""The index is only quicker: whatever becomes of it, the list is what the folders say."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

import studio.runs.store.index as index
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession, experiment


@pytest.fixture
def filled(workspace: Workspace, session: FakeSession, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with a run and its two references, listed once, as a program that starts anew opens it."""
    monkeypatch.setattr(index, "FRESH", 0)  # what was written a moment ago is not written to again here
    launch(experiment(), workspace)
    assert len(workspace.runs()) == 3
    return Workspace(workspace.path)


def file(workspace: Workspace) -> Path:
    return workspace.path / "studio.sqlite"


def test_it_gives_back_what_was_read_from_the_folders(filled: Workspace) -> None:
    from_index = filled.runs()
    file(filled).unlink()
    assert Workspace(filled.path).runs() == from_index


def test_settled_runs_are_read_once(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(folder: object) -> RunInfo:
        pytest.fail(f"{folder} was read again")

    monkeypatch.setattr(index, "read_info", read)
    assert len(filled.runs()) == 3


def test_what_was_listed_before_is_looked_up_nowhere(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = filled.runs()
    monkeypatch.setattr("sqlite3.connect", lambda *_args, **_named: pytest.fail("the index was opened"))
    assert filled.runs() == before


def test_a_change_on_disk_is_seen(filled: Workspace) -> None:
    first = filled.runs()[0]
    filled.label(first.id, name="renamed")
    assert filled.runs()[0].name == "renamed"


def test_a_folder_that_went_or_came_is_seen(filled: Workspace) -> None:
    first = filled.runs()[0]
    elsewhere = filled.path / "elsewhere"
    first.folder.rename(elsewhere)
    assert len(filled.runs()) == 2
    elsewhere.rename(first.folder)
    assert len(filled.runs()) == 3


def test_a_workspace_that_was_moved_is_read_anew(filled: Workspace, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    filled.path.rename(moved)
    assert all(run.folder.parent == moved / "runs" for run in Workspace(moved).runs())


@pytest.mark.parametrize(
    "damage", [b"this is no database, and it is longer than a header of one hundred bytes" * 3, b"\x00"]
)
def test_a_damaged_index_is_set_aside_and_made_again(filled: Workspace, damage: bytes) -> None:
    before = Workspace(filled.path).runs()
    for part in filled.path.glob("studio.sqlite*"):
        part.unlink()
    file(filled).write_bytes(damage)
    assert filled.runs() == before
    with sqlite3.connect(file(filled)) as rows:
        assert rows.execute("SELECT count(*) FROM runs").fetchone() == (3,)
    rows.close()


def test_damage_in_the_middle_is_found(filled: Workspace) -> None:
    before = Workspace(filled.path).runs()
    content = bytearray(file(filled).read_bytes())
    for part in filled.path.glob("studio.sqlite-*"):
        part.unlink()
    content[4096:] = b"\xff" * len(content[4096:])
    file(filled).write_bytes(content)
    assert filled.runs() == before


def test_a_row_of_another_shape_is_read_anew(filled: Workspace) -> None:
    before = Workspace(filled.path).runs()
    with sqlite3.connect(file(filled)) as rows:
        rows.execute("""UPDATE runs SET info = '{"id": 3}'""")
    rows.close()
    assert filled.runs() == before


def test_an_index_of_another_version_is_made_again(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Workspace(filled.path).runs()
    monkeypatch.setattr(index, "VERSION", index.VERSION + 1)
    assert filled.runs() == before


def test_an_index_without_its_table_is_made_again(filled: Workspace) -> None:
    before = Workspace(filled.path).runs()
    with sqlite3.connect(file(filled)) as rows:
        rows.execute("DROP TABLE runs")
    rows.close()
    assert filled.runs() == before
    with sqlite3.connect(file(filled)) as rows:
        assert rows.execute("SELECT count(*) FROM runs").fetchone() == (3,)
    rows.close()


def test_a_locked_index_does_not_stop_a_list(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr("sqlite3.connect", lambda path, **_: connect(path, timeout=0.05))
    other = connect(file(filled), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert len(filled.runs()) == 3
    finally:
        other.close()


def test_it_can_be_deleted_with_the_cache_at_any_time(filled: Workspace) -> None:
    for part in filled.path.glob("studio.sqlite*"):
        part.unlink()
    shutil.rmtree(filled.cache, ignore_errors=True)
    assert len(filled.runs()) == 3
