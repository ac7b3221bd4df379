"""Stored arrays are read back, or given up without an error, whatever has happened to their file."""

from __future__ import annotations

import io
import random
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from studio.core import limits
from studio.core.arrays import read_arrays, write_arrays

ARRAYS: dict[str, np.ndarray] = {"student": np.arange(60, dtype=np.float32).reshape(20, 3), "labels": np.arange(20)}


@pytest.fixture(params=["stored", "compressed"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """As snapshots are written, and as predictions are."""
    path = tmp_path / "arrays.npz"
    if request.param == "stored":
        write_arrays(path, ARRAYS)
    else:
        np.savez_compressed(path, student=ARRAYS["student"], labels=ARRAYS["labels"])
    return path


def test_they_are_read_back(file: Path) -> None:
    read = read_arrays(file)
    assert read.keys() == ARRAYS.keys()
    assert all(np.array_equal(read[name], ARRAYS[name]) for name in ARRAYS)


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.float64(2.5),
        np.zeros((0, 4), np.float32),
        np.array(["cup", "ring"]),
        np.array([True, False]),
        np.arange(3, dtype=">i4"),
    ],
    ids=["by columns", "a number", "empty", "words", "truth values", "other byte order"],
)
def test_they_keep_shape_type_and_order_and_can_be_written_to(tmp_path: Path, array: np.ndarray) -> None:
    np.savez(tmp_path / "arrays.npz", array=array)
    read = read_arrays(tmp_path / "arrays.npz")["array"]
    assert (read.shape, read.dtype) == (np.shape(array), np.asarray(array).dtype)
    assert np.array_equal(read, array)
    assert read.flags.writeable


@pytest.mark.parametrize(
    "array",
    [*ARRAYS.values(), np.array(2.5), np.empty((0, 4)), np.array(["cup", "ring"]), np.empty(0, "U64"), np.arange(9).T],
    ids=lambda array: f"{array.dtype.str} {array.shape}",
)
def test_they_are_written_as_numpy_writes_them_whatever_the_pieces(
    tmp_path: Path, array: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.core.arrays.PIECE", 7)
    write_arrays(tmp_path / "ours.npz", {"array": array})
    plain = io.BytesIO()
    np.lib.format.write_array(plain, array, allow_pickle=False)
    with zipfile.ZipFile(tmp_path / "ours.npz") as archive:
        assert archive.read("array.npy") == plain.getvalue()


def test_objects_of_python_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="objects"):
        write_arrays(tmp_path / "ours.npz", {"array": np.array([None])})
    assert not (tmp_path / "ours.npz").exists()


@pytest.mark.parametrize("seed", range(4))
def test_damage_of_any_kind_raises_nothing(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    whole = file.read_bytes()
    given_up = 0
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 8))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.3:
            content = content[: chance.randrange(len(content))]
        file.write_bytes(content)
        given_up += read_arrays(file) == {}
    assert given_up > 30


def test_what_is_no_archive_is_given_up(tmp_path: Path) -> None:
    assert read_arrays(tmp_path / "missing.npz") == {}
    (tmp_path / "text.npz").write_text("no archive")
    assert read_arrays(tmp_path / "text.npz") == {}
    (tmp_path / "folder.npz").mkdir()
    assert read_arrays(tmp_path / "folder.npz") == {}


def test_what_unpacks_to_much_more_than_it_is_is_given_up_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SMALL_UNPACKED", 1_000_000)
    packed = tmp_path / "zeros.npz"
    np.savez_compressed(packed, zeros=np.zeros(1_000_000))
    assert packed.stat().st_size < 100_000
    loaded: list[object] = []
    with monkeypatch.context() as patched:
        patched.setattr(np, "load", lambda *args, **_options: loaded.append(args))
        assert read_arrays(packed) == {}
        assert loaded == []
    monkeypatch.undo()
    assert read_arrays(packed).keys() == {"zeros"}


def test_large_arrays_that_do_not_shrink_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SMALL_UNPACKED", 1_000)
    np.savez_compressed(tmp_path / "a.npz", a=np.random.default_rng(0).normal(size=10_000))
    assert read_arrays(tmp_path / "a.npz")["a"].shape == (10_000,)


def test_an_array_that_claims_more_than_it_has_is_given_up_before_room_is_made(tmp_path: Path) -> None:
    member = io.BytesIO()
    np.lib.format.write_array_header_1_0(member, {"descr": "<f8", "fortran_order": False, "shape": (10**9,)})
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("a.npy", member.getvalue())
    tracemalloc.start()
    assert read_arrays(tmp_path / "a.npz") == {}
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


def test_an_archive_of_very_many_members_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE_MEMBERS", 3)
    np.savez(tmp_path / "a.npz", allow_pickle=False, **{str(i): np.zeros(1) for i in range(4)})
    assert read_arrays(tmp_path / "a.npz") == {}
