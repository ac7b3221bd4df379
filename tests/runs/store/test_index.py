"""The index is only quicker: whatever becomes of it, the list is what the folders say."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import studio.runs.store.index as index
from studio.runs.files.folder import RunFolder
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo, read_info
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


def test_what_was_written_a_moment_ago_is_read_again(
    workspace: Workspace, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of a file stands still between two ticks."""
    monkeypatch.setattr(index, "FRESH", 600_000_000_000)
    launch(experiment("none"), workspace)
    read: list[str] = []

    def count(folder: RunFolder) -> RunInfo:
        read.append(folder.id)
        return read_info(folder)

    monkeypatch.setattr(index, "read_info", count)
    assert workspace.runs() == workspace.runs() == Workspace(workspace.path).runs()
    assert len(read) == 3


def test_a_change_is_seen_though_size_and_time_were_put_back(filled: Workspace) -> None:
    first = filled.runs()[0]
    file = first.places.labels
    stat = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace(first.name, "x" * len(first.name)), encoding="utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert filled.runs()[0].name == "x" * len(first.name)
    assert Workspace(filled.path).runs()[0].name == "x" * len(first.name)


def test_a_run_that_has_not_changed_is_the_same_object(filled: Workspace) -> None:
    before = filled.runs()
    filled.label(before[0].id, favourite=True)
    after = filled.runs()
    assert after[0] is not before[0]
    assert all(now is then for now, then in zip(after[1:], before[1:], strict=True))


def test_the_bin_has_its_own_rows(filled: Workspace) -> None:
    gone = filled.runs()[0]
    filled.delete(gone.id)
    assert [info.id for info in filled.deleted()] == [gone.id]
    assert len(filled.runs()) == 2
    with sqlite3.connect(file(filled)) as rows:
        assert rows.execute("SELECT count(*) FROM deleted").fetchone() == (1,)
        assert rows.execute("SELECT count(*) FROM runs").fetchone() == (2,)
    rows.close()


LIST = """
import sys
from pathlib import Path
from studio.runs.store import index
from studio.runs.store.workspace import Workspace
index.FRESH = 0
for round in range(20):
    workspace = Workspace(Path(sys.argv[1]))
    workspace.label(sys.argv[2], notes=f"{sys.argv[2]} {round}")
    assert len(workspace.runs()) == 3
"""


def test_two_processes_may_write_it_at_once(filled: Workspace) -> None:
    ids = [info.id for info in filled.runs()]
    command = [sys.executable, "-c", LIST, str(filled.path)]
    writers = [subprocess.Popen([*command, run], stderr=subprocess.PIPE) for run in ids]
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0)] * 3
    assert {info.notes for info in Workspace(filled.path).runs()} == {f"{run} 19" for run in ids}
    assert not list(filled.path.glob("*.damaged-*"))


def test_it_can_be_deleted_with_the_cache_at_any_time(filled: Workspace) -> None:
    for part in filled.path.glob("studio.sqlite*"):
        part.unlink()
    shutil.rmtree(filled.cache, ignore_errors=True)
    assert len(filled.runs()) == 3
