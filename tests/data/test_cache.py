"""Decoded arrays on disk: whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from studio.core.errors import DiskFull, StudioError
from studio.data import storage
from studio.data.cache import CachedData, CacheEntry, CacheWriter, digest_of

ARRAYS: dict[str, np.ndarray] = {
    "inputs": np.arange(4 * 5 * 5 * 3, dtype=np.uint8).reshape(4, 5, 5, 3),
    "labels": np.arange(4, dtype=np.int64),
    "none": np.empty((0, 3), np.float32),
}


@pytest.fixture
def entry(tmp_path: Path) -> CacheEntry:
    return CacheEntry(tmp_path / "cache", "things", "0123456789abcdef")


@pytest.fixture
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "available_memory", lambda: 0)


def refuse_writes(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The disk takes nothing from now on."""

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)


def read(entry: CacheEntry) -> CachedData:
    """What an entry has, and that it has something."""
    found = entry.read()
    assert found is not None
    return found


def test_what_is_written_is_read_back(entry: CacheEntry) -> None:
    digest = entry.write(ARRAYS, {"classes": ["ä", "b"]})
    kept = read(entry)
    assert kept.facts == {"classes": ["ä", "b"]}
    assert kept.digest == digest == digest_of(ARRAYS)
    for name, array in ARRAYS.items():
        assert kept.arrays[name].dtype == array.dtype
        assert np.array_equal(kept.arrays[name], array)


def test_nothing_is_read_where_nothing_is(entry: CacheEntry) -> None:
    assert not entry.exists()
    assert entry.read() is None


def test_any_other_content_has_another_digest() -> None:
    changed = {**ARRAYS, "labels": ARRAYS["labels"][::-1]}
    assert digest_of(changed) != digest_of(ARRAYS)
    assert digest_of({**ARRAYS, "inputs": ARRAYS["inputs"].reshape(4, 25, 3)}) != digest_of(ARRAYS)


def flip_a_bit(path: Path) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[-7] ^= 1
    path.write_bytes(damaged)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [flip_a_bit, cut_off, empty, remove])
@pytest.mark.parametrize("file", ["inputs.npy", "labels.npy", "facts.json"])
def test_a_damaged_entry_counts_as_absent_and_can_be_written_again(
    entry: CacheEntry, damage: Callable[[Path], None], file: str
) -> None:
    entry.write(ARRAYS, {"name": "something long enough to be damaged"})
    damage(entry.folder / file)
    assert entry.read() is None
    entry.write(ARRAYS, {})
    assert np.array_equal(read(entry).arrays["inputs"], ARRAYS["inputs"])


def test_a_pickle_in_place_of_an_array_is_not_loaded(entry: CacheEntry) -> None:
    entry.write(ARRAYS, {})
    np.save(entry.folder / "inputs.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert entry.read() is None


def test_an_older_layout_counts_as_absent(entry: CacheEntry) -> None:
    entry.write(ARRAYS, {})
    facts = json.loads((entry.folder / "facts.json").read_text())
    (entry.folder / "facts.json").write_text(json.dumps({**facts, "layout": 0}))
    assert entry.read() is None


def test_what_does_not_fit_in_memory_is_mapped(entry: CacheEntry, no_memory: None) -> None:
    entry.write(ARRAYS, {})
    kept = read(entry)
    assert kept.placement.kind == "disk"
    assert isinstance(kept.arrays["inputs"], np.memmap)
    assert np.array_equal(kept.arrays["inputs"], ARRAYS["inputs"])
    assert "read from disk" in str(kept.placement.words)


@pytest.mark.parametrize("damage", [cut_off, empty, remove])
def test_damage_to_mapped_files_is_found_by_their_size(
    entry: CacheEntry, no_memory: None, damage: Callable[[Path], None]
) -> None:
    entry.write(ARRAYS, {})
    damage(entry.folder / "inputs.npy")
    assert entry.read() is None


def test_arrays_can_grow_piece_by_piece(entry: CacheEntry) -> None:
    with CacheWriter(entry) as writer:
        file = writer.array("inputs", (5, 5, 3), np.uint8)
        for picture in ARRAYS["inputs"]:
            file.append(picture[None])
        writer.commit({})
    assert np.array_equal(read(entry).arrays["inputs"], ARRAYS["inputs"])


def test_an_entry_that_is_not_finished_leaves_nothing(entry: CacheEntry) -> None:
    with CacheWriter(entry) as writer:
        writer.array("inputs", (5, 5, 3), np.uint8).append(ARRAYS["inputs"])
    assert list(entry.folder.parent.iterdir()) == []


def test_a_full_disk_says_so_and_leaves_the_old_entry(entry: CacheEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    entry.write(ARRAYS, {})
    refuse_writes(monkeypatch, errno.ENOSPC)
    other = CacheEntry(entry.folder.parents[1], entry.name, "fedcba9876543210")
    with pytest.raises(DiskFull, match="disk is full"):
        other.write(ARRAYS, {})
    assert entry.read() is not None
    assert [folder.name for folder in entry.folder.parent.iterdir()] == [entry.folder.name]


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(StudioError, match=r"cache.*cannot|cannot.*cache"):
        CacheEntry(tmp_path / "cache", "things", "0" * 16).write(ARRAYS, {})


def test_a_newer_entry_of_the_same_name_replaces_the_older(entry: CacheEntry) -> None:
    entry.write(ARRAYS, {})
    newer = CacheEntry(entry.folder.parents[1], entry.name, "fedcba9876543210")
    newer.write(ARRAYS, {})
    assert not entry.exists()
    assert newer.exists()


def test_two_who_write_the_same_at_once_both_succeed(entry: CacheEntry) -> None:
    failures: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(10):
                entry.write(ARRAYS, {})
        except Exception as error:  # noqa: BLE001 - whatever it is, the test fails with it
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert np.array_equal(read(entry).arrays["inputs"], ARRAYS["inputs"])
    assert [folder.name for folder in entry.folder.parent.iterdir()] == [entry.folder.name]


def test_what_a_killed_process_left_half_written_is_swept_away(entry: CacheEntry) -> None:
    say_id = [sys.executable, "-c", "import os; print(os.getpid())"]
    gone = subprocess.run(say_id, capture_output=True, text=True, check=True)
    left = entry.folder.parent / f"things-0.{int(gone.stdout)}.abcd.unfinished"
    left.mkdir(parents=True)
    entry.write(ARRAYS, {})
    assert not left.exists()
