"""Stored arrays are read back, or given up without an error, whatever has happened to their file."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from studio.runs.files.arrays import read_arrays, write_arrays

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
