"""Content is known by what is in the files; reading is saved only where nothing can have changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.core.errors import StudioError
from studio.core.message import Text
from studio.data import change_times, content_sums, decoding, storage
from studio.data.base import silent
from studio.data.content_sums import ContentSums, FileState, FoundFile, NotReadYet, files_content
from studio.data.picture_reader import read_picture
from tests.data.picture_folders import Load, classes, link, loader, save

#: Nanoseconds: long enough after a change that it counts as settled.
LATER = 5_000_000_000


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Three small files."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name in "abc":
        (folder / name).write_bytes(name.encode())
    return folder


def found(folder: Path) -> list[FoundFile]:
    return [(str(file), FileState.of(file.stat())) for file in sorted(folder.iterdir())]


def late_clock(folder: Path) -> Callable[[], int]:
    """Says that it is a while after the last change."""
    return lambda: max(file.stat().st_ctime_ns for file in folder.iterdir()) + LATER


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose content is read."""
    read: list[str] = []
    whole = ContentSums._sum

    def watched(self: ContentSums, path: str) -> tuple[FileState, int, bytes] | None:
        read.append(Path(path).name)
        return whole(self, path)

    monkeypatch.setattr(ContentSums, "_sum", watched)
    monkeypatch.setattr(content_sums, "has_true_change_time", lambda *_: True)
    return read


def sums(folder: Path, tmp_path: Path, clock: Callable[[], int] | None = None) -> list[bytes]:
    return ContentSums(tmp_path / "cache", folder, clock or late_clock(folder)).of(found(folder), silent)


def test_what_is_unchanged_is_read_once(place: Path, tmp_path: Path, reads: list[str]) -> None:
    first = sums(place, tmp_path)
    assert sums(place, tmp_path) == first
    assert len(set(first)) == 3
    assert sorted(reads) == ["a", "b", "c"]


def test_content_changed_and_time_put_back_is_seen(place: Path, tmp_path: Path, reads: list[str]) -> None:
    first = sums(place, tmp_path)
    before = (place / "b").stat()
    (place / "b").write_bytes(b"x")
    os.utime(place / "b", ns=(before.st_atime_ns, before.st_mtime_ns))
    second = sums(place, tmp_path)
    assert (second[0], second[2]) == (first[0], first[2])
    assert second[1] != first[1]
    assert reads[3:] == ["b"]


def test_a_file_read_right_after_its_change_is_read_again(place: Path, tmp_path: Path, reads: list[str]) -> None:
    at_once = lambda: max(file.stat().st_ctime_ns for file in place.iterdir()) + 1_000_000  # noqa: E731
    first = sums(place, tmp_path, at_once)
    assert sums(place, tmp_path) == first
    assert len(reads) == 6


def test_without_a_true_time_of_change_content_is_read_each_time(
    place: Path, tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_sums, "has_true_change_time", lambda *_: False)
    assert sums(place, tmp_path) == sums(place, tmp_path)
    assert len(reads) == 6


def test_more_than_was_allowed_is_not_read(place: Path, tmp_path: Path, reads: list[str]) -> None:
    store = ContentSums(tmp_path / "cache", place, late_clock(place))
    with pytest.raises(NotReadYet):
        store.of(found(place), silent, most=2)
    assert not reads
    store.of(found(place), silent)
    assert store.of(found(place), silent, most=0)


def test_a_damaged_list_only_costs_time(place: Path, tmp_path: Path, reads: list[str]) -> None:
    first = sums(place, tmp_path)
    (kept,) = (tmp_path / "cache" / "sums").iterdir()
    data = bytearray(kept.read_bytes())
    data[-1] ^= 1
    kept.write_bytes(data)
    assert sums(place, tmp_path) == first
    assert len(reads) == 6


def test_what_was_read_before_somebody_cancelled_is_remembered(
    place: Path, tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_sums, "TASK", 1)

    def cancel(_words: Text, fraction: float | None) -> None:
        if fraction:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ContentSums(tmp_path / "cache", place, late_clock(place)).of(found(place), cancel)
    sums(place, tmp_path)
    assert reads.count("a") == 1


def test_a_file_that_cannot_be_read_has_an_empty_sum(place: Path, tmp_path: Path) -> None:
    listed = found(place)
    (place / "b").unlink()
    assert [len(one) for one in ContentSums(tmp_path / "cache", place).of(listed, silent)] == [16, 0, 16]


def test_a_few_files_have_one_word(place: Path, tmp_path: Path) -> None:
    files = sorted(place.iterdir())
    first = files_content(files, tmp_path / "cache")
    assert files_content(files[::-1], tmp_path / "cache") != first
    (place / "a").write_bytes(b"other")
    assert files_content(files, tmp_path / "cache") != first


def test_windows_keeps_no_time_of_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_times, "POSIX", False)
    assert not change_times.has_true_change_time(0, 0.0)


@pytest.mark.skipif(os.name != "posix", reason="devices have numbers of two parts on POSIX alone")
def test_file_systems_that_keep_no_time_of_change_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("36 35 8:1 / /a rw - ext4 /dev/a rw\n37 35 8:2 / /b rw shared:1 - exfat /dev/b rw\nodd\n")
    monkeypatch.setattr(change_times, "_MOUNTS", mounts)
    assert change_times.has_true_change_time(os.makedev(8, 1), 1e9)
    assert not change_times.has_true_change_time(os.makedev(8, 2), 1e9)


# of pictures


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


@pytest.fixture
def load(root: Path, tmp_path: Path) -> Load:
    return loader(root, tmp_path / "cache")


def test_a_picture_changed_with_its_time_put_back_is_read_anew(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    file = save(root / "a" / "0.bmp", colour=(5, 0, 0))
    first = load()
    before = file.stat()
    other = save(root.parent / "other.bmp", colour=(7, 0, 0)).read_bytes()
    assert len(other) == before.st_size  # by its size nothing has changed either
    file.write_bytes(other)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load().content != first.content


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_what_links_lead_to_is_what_counts(root: Path, load: Load, linked: str) -> None:
    classes(root, "b")
    store = classes(root.parent / "store", "bright", "dark")
    if linked == "folder":
        link(root / "a", store / "bright")
    else:
        (root / "a").mkdir()
        for file in sorted((store / "bright").iterdir()):
            link(root / "a" / file.name, file)
    save(store / "dark" / "1.png", colour=(99, 99, 99))
    first = load()
    (store / "bright").rename(store / "x")
    (store / "dark").rename(store / "bright")
    changed = load()
    assert changed.content != first.content
    assert int(changed.train.inputs.max()) == 99


def test_touching_a_picture_changes_nothing(root: Path, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    classes(root, "a", "b")
    first = load()
    os.utime(root / "a" / "0.png")
    monkeypatch.setattr("studio.data.decoding.read_picture", None)
    assert load().content == first.content


@pytest.mark.parametrize("fits", [True, False])
def test_pictures_that_change_while_they_are_read_are_not_kept(
    root: Path, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: bool
) -> None:
    classes(root, "a", "b")
    read = read_picture

    def meanwhile(path: Path, side: int, **options: Any) -> NDArray[np.uint8]:
        save(root / "b" / "1.png", colour=(1, 2, 3))
        return read(path, side, **options)

    monkeypatch.setattr(storage, "available_memory", lambda: 10**12 if fits else 0)
    monkeypatch.setattr(decoding, "read_picture", meanwhile)
    with pytest.raises(StudioError, match="changed while they were read"):
        load()
    assert not list((tmp_path / "cache").rglob("*.npy"))
    monkeypatch.setattr(decoding, "read_picture", read)
    assert len(load().train) == 8
