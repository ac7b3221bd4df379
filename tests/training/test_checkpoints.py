"""Checkpoints survive a kill, a full disk and a flipped bit."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest
import torch

from studio.core.errors import DiskFull, StudioError
from studio.training.checkpoints import Checkpoints


def payload(value: float) -> dict[str, object]:
    return {"step": int(value), "student": {"w": torch.full((3,), value)}}


def test_the_newest_two_and_the_best_are_kept(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save_best(payload(1))
    for step in range(1, 6):
        checkpoints.save(payload(step), step)
    assert sorted(f.name for f in tmp_path.glob("*.pt")) == ["best.pt", "step-000000004.pt", "step-000000005.pt"]
    latest, best = checkpoints.latest(), checkpoints.best()
    assert latest is not None
    assert best is not None
    assert latest["step"] == 5
    assert best["step"] == 1


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "no sum"])
def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(tmp_path: Path, damage: str) -> None:
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(payload(1), 1)
    name = checkpoints.save(payload(2), 2)
    data = bytearray((tmp_path / name).read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
        (tmp_path / name).write_bytes(data)
    elif damage == "cut":
        (tmp_path / name).write_bytes(data[:-20])
    elif damage == "empty":
        (tmp_path / name).write_bytes(b"")
    else:
        (tmp_path / f"{name}.sha256").unlink()
    latest = checkpoints.latest()
    assert latest is not None
    assert latest["step"] == 1


def test_when_all_are_damaged_it_says_so(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    name = checkpoints.save(payload(1), 1)
    (tmp_path / name).write_bytes(b"rubbish")
    with pytest.raises(StudioError, match="damaged"):
        checkpoints.latest()


def test_no_checkpoint_is_none(tmp_path: Path) -> None:
    assert Checkpoints(tmp_path / "none").latest() is None


def test_a_full_disk_leaves_the_old_checkpoint_intact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(payload(1), 1)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="Free some space"):
        checkpoints.save(payload(2), 2)
    monkeypatch.undo()
    latest = checkpoints.latest()
    assert latest is not None
    assert latest["step"] == 1
    assert {file.suffix for file in tmp_path.iterdir()} == {".pt", ".sha256"}


def test_nothing_in_a_checkpoint_can_execute(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (os.mkdir, (str(tmp_path / "sprung"),))

    checkpoints = Checkpoints(tmp_path)
    name = checkpoints.save(payload(1), 1)
    buffer = io.BytesIO()
    torch.save({"format": 1, "trap": Trap()}, buffer)
    import hashlib

    (tmp_path / name).write_bytes(buffer.getvalue())
    (tmp_path / f"{name}.sha256").write_text(hashlib.sha256(buffer.getvalue()).hexdigest())
    with pytest.raises(StudioError, match="damaged"):
        checkpoints.latest()
    assert not (tmp_path / "sprung").exists()


def test_a_kill_while_the_first_is_written_leaves_none_or_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before every rename in turn: going on finds a whole checkpoint, or nothing and starts afresh."""

    class Killed(BaseException):
        pass

    replace = os.replace
    for survived in range(3):
        left = survived

        def killed(file: Path, target: Path) -> None:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            replace(file, target)

        checkpoints = Checkpoints(tmp_path / str(survived))
        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", killed)
            if survived < 2:
                with pytest.raises(Killed):
                    checkpoints.save(payload(0), 0)
            else:
                checkpoints.save(payload(0), 0)
        latest = checkpoints.latest()
        assert (latest is not None) == (survived == 2)


def test_what_a_kill_left_half_written_goes_with_the_next_save(tmp_path: Path) -> None:
    (tmp_path / "step-000000001.pt.tmp").write_bytes(b"half")
    Checkpoints(tmp_path).save(payload(2), 2)
    assert not list(tmp_path.glob("*.tmp"))
