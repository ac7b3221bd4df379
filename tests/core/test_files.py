"""What is on the disk when writing breaks off: the old or the new, whole, and nothing beside it."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.errors import DiskFull, NotWritten
from studio.core.files import AtomicFile, AtomicFolder, move, write_export, write_together, write_whole, writing
from studio.core.format import byte_size

FULL = OSError(errno.ENOSPC, "No space left on device")


class Killed(BaseException):
    """The process ends here."""


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def at_call(number: int, original: Callable[..., object], error: BaseException) -> Callable[..., object]:
    """As ``original`` until it is called that often."""
    calls = iter(range(number))

    def call(*given: object) -> object:
        if next(calls, None) is None:
            raise error
        return original(*given)

    return call


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is brought to the disk and what takes its place, in this order."""
    done: list[str] = []
    sync, replace = os.fsync, os.replace

    def watched_sync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def watched_replace(before: object, after: object) -> None:
        done.append(f"-> {Path(str(after)).name}")
        replace(before, after)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(os, "replace", watched_replace)
    return done


# --- one file ---------------------------------------------------------------------------------------------------------


def test_a_file_is_replaced_and_nothing_stands_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    for data in (b"old", b"new"):
        write_whole(file, data)
        assert file.read_bytes() == data
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(os.name == "nt", reason="Windows brings folders to the disk by itself")
def test_the_data_are_on_the_disk_before_the_name_and_the_name_at_the_end(tmp_path: Path, synced: list[str]) -> None:
    write_whole(tmp_path / "a", b"data")
    assert synced == ["file", "-> a", "folder"]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
@pytest.mark.parametrize("error", [FULL, OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_an_old_file_is_intact_when_writing_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, error: BaseException
) -> None:
    file = tmp_path / "a"
    write_whole(file, b"old")
    monkeypatch.setattr(os, broken, raising(error))
    with pytest.raises(NotWritten if isinstance(error, OSError) else KeyboardInterrupt):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_disk_that_fills_while_bytes_are_written_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    write_whole(file, b"old")
    opened = Path.open

    class Small:
        def __init__(self, stream: object) -> None:
            self.close = stream.close  # type: ignore[attr-defined]  # the stream's own

        def write(self, _data: bytes) -> None:
            raise FULL

    monkeypatch.setattr(Path, "open", lambda path, *given: Small(opened(path, *given)))
    with pytest.raises(DiskFull):
        write_whole(file, b"new")
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_says_what_was_needed_where_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", raising(FULL))
    with pytest.raises(DiskFull) as told:
        write_whole(tmp_path / "a.bin", b"x" * 12_000)
    assert str(told.value) == (
        f"The disk is full: a.bin cannot be written. {byte_size(12_000)} were needed in {tmp_path}. "
        "What was saved before is intact. Free some space, then go on."
    )
    assert told.value.offers == ("resume",)


def test_a_refused_right_says_why_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotWritten) as told:
        write_whole(tmp_path / "nowhere" / "a", b"x")
    assert not isinstance(told.value, DiskFull)
    assert "No such file or directory. What was saved before is intact." in str(told.value)
    assert "Make the folder writable" in str(told.value.remedy)


def test_who_writes_may_say_it_in_other_words(tmp_path: Path) -> None:
    def refused(file: Path, size: int, error: OSError) -> NotWritten:
        return NotWritten("No {name}, {size}, {errno}.", name=file.name, size=size, errno=error.errno)

    with pytest.raises(NotWritten, match=rf"^No a, 3, {errno.ENOENT}\.$"):
        write_whole(tmp_path / "nowhere" / "a", b"abc", refused)
    with pytest.raises(NotWritten, match=r"^No b, 0, "), writing(tmp_path / "b", refusal=refused):
        raise OSError(errno.EROFS, "Read-only file system")


def test_a_file_system_that_cannot_sync_folders_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def files_only(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(handle)

    monkeypatch.setattr(os, "fsync", files_only)
    write_whole(tmp_path / "a", b"data")
    assert (tmp_path / "a").read_bytes() == b"data"


@pytest.mark.skipif(os.name == "nt", reason="Windows brings folders to the disk by itself")
def test_a_name_that_does_not_reach_the_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", at_call(1, os.fsync, FULL))
    with pytest.raises(DiskFull):
        write_whole(tmp_path / "a", b"data")
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


# --- several files ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows brings folders to the disk by itself")
def test_several_files_take_their_places_in_order_when_all_are_on_the_disk(tmp_path: Path, synced: list[str]) -> None:
    (tmp_path / "b").mkdir()
    write_together({tmp_path / "2": b"2", tmp_path / "1": b"1", tmp_path / "b" / "3": b"3"})
    assert synced == ["file", "file", "file", "-> 2", "-> 1", "-> 3", "folder", "folder"]


@pytest.mark.parametrize("survived", range(3))
def test_a_kill_between_the_renames_leaves_a_beginning_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    files = [tmp_path / name for name in ("first", "second", "third")]
    write_together(dict.fromkeys(files, b"old"))
    monkeypatch.setattr(os, "replace", at_call(survived, os.replace, Killed()))
    with pytest.raises(Killed):
        write_together(dict.fromkeys(files, b"new"))
    assert [file.read_bytes() for file in files] == [b"new"] * survived + [b"old"] * (3 - survived)


def test_where_one_of_several_does_not_fit_none_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", at_call(1, os.fsync, FULL))
    with pytest.raises(DiskFull, match="second cannot be written"):
        write_together({tmp_path / "first": b"1", tmp_path / "second": b"2"})
    assert list(tmp_path.iterdir()) == []


# --- streams and folders ----------------------------------------------------------------------------------------------


def test_a_stream_takes_its_place_with_the_commit_alone(tmp_path: Path) -> None:
    file = tmp_path / "a"
    with AtomicFile(file) as new:
        new.write(b"one ")
        new.write(b"two")
        assert not file.exists()
        new.commit()
    assert file.read_bytes() == b"one two"
    with AtomicFile(file) as new:
        new.write(b"three")
    assert file.read_bytes() == b"one two"
    assert list(tmp_path.iterdir()) == [file]


def test_an_error_of_who_fills_a_stream_is_passed_on_as_it_is(tmp_path: Path) -> None:
    def fetch() -> None:
        with AtomicFile(tmp_path / "a") as new:
            new.write(b"half")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fetch()
    assert list(tmp_path.iterdir()) == []


def fill(folder: Path, name: str) -> None:
    """Make a folder of one file."""
    with AtomicFolder(folder) as new:
        (new.path / name).write_bytes(b"content")
        new.commit()


@pytest.mark.skipif(os.name == "nt", reason="Windows brings folders to the disk by itself")
def test_all_a_folder_holds_is_on_the_disk_before_it_takes_its_place(tmp_path: Path, synced: list[str]) -> None:
    with AtomicFolder(tmp_path / "deep" / "made") as new:
        (new.path / "inner").mkdir()
        (new.path / "a").write_bytes(b"a")
        (new.path / "inner" / "b").write_bytes(b"b")
        new.commit()
    assert synced == ["file", "folder", "file", "folder", "-> made", "folder"]
    assert (tmp_path / "deep" / "made" / "inner" / "b").read_bytes() == b"b"
    assert [entry.name for entry in (tmp_path / "deep").iterdir()] == ["made"]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_folder_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    monkeypatch.setattr(os, broken, raising(FULL))
    with pytest.raises(DiskFull):
        fill(tmp_path / "made", "a")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_stands_there_already_stays(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "old").touch()
    with pytest.raises(NotWritten):
        fill(tmp_path / "made", "new")
    assert [entry.name for entry in tmp_path.rglob("*")] == ["made", "old"]


@pytest.mark.skipif(os.name == "nt", reason="Windows brings folders to the disk by itself")
def test_a_move_reaches_the_disk_in_both_folders(tmp_path: Path, synced: list[str]) -> None:
    for name in ("from", "to"):
        (tmp_path / name).mkdir()
    (tmp_path / "from" / "a").write_bytes(b"a")
    move(tmp_path / "from" / "a", tmp_path / "to" / "b")
    assert synced == ["-> b", "folder", "folder"]
    with pytest.raises(FileNotFoundError):
        move(tmp_path / "from" / "a", tmp_path / "to" / "c")


# --- who is killed, who writes beside ---------------------------------------------------------------------------------

KILLED_WHILE_IT_WRITES = """
import os, sys
from pathlib import Path
from studio.core.files import AtomicFile, AtomicFolder
os.chdir(sys.argv[1])
with AtomicFolder(Path("made")) as folder, AtomicFile(Path("a")) as file:
    (folder.path / "b").write_bytes(b"half")
    file.write(b"half")
    os._exit(9)
"""


def test_what_a_killed_process_left_goes_with_the_next_write(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"old")
    subprocess.run([sys.executable, "-c", KILLED_WHILE_IT_WRITES, str(tmp_path)], check=False, timeout=60)
    assert len(list(tmp_path.iterdir())) == 3
    assert (tmp_path / "a").read_bytes() == b"old"
    with AtomicFile(tmp_path / "mine") as mine:  # what this process writes meanwhile is nobody's to remove
        write_whole(tmp_path / "other", b"new")
        mine.commit()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "mine", "other"]


def test_two_who_write_one_file_at_once_do_not_mix(tmp_path: Path) -> None:
    file = tmp_path / "a"
    with AtomicFile(file) as one, AtomicFile(file) as other:
        one.write(b"one")
        other.write(b"other")
        one.commit()
        assert file.read_bytes() == b"one"
        other.commit()
    assert file.read_bytes() == b"other"
    assert list(tmp_path.iterdir()) == [file]


# --- what a person saves ----------------------------------------------------------------------------------------------


def test_an_export_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "a", tmp_path / "link"
    target.write_bytes(b"old")
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("no links here")
    write_export(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_an_export_leaves_a_locked_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    file.chmod(0o444)
    if os.access(file, os.W_OK):
        pytest.skip("nothing is locked for this user")
    with pytest.raises(NotWritten, match="Permission denied"):
        write_export(file, b"new")
    assert file.read_bytes() == b"old"
