"""Checkpoints survive a kill, a full disk and a flipped bit."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from studio.core.errors import DiskFull, StudioError
from studio.training import checkpoint_file
from studio.training.checkpoints import Checkpoints
from studio.training.resume_point import ResumePoint
from tests.training.made_checkpoints import best_payload, payload


def latest(checkpoints: Checkpoints) -> int | None:
    """The step a run would go on from."""
    content = ResumePoint(checkpoints).content
    return content.step if content is not None else None


def test_the_newest_two_and_the_best_are_kept(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save_best(best_payload(1))
    for step in range(1, 6):
        checkpoints.save(payload(step), step)
    assert sorted(f.name for f in tmp_path.glob("*.pt")) == ["best.pt", "step-000000004.pt", "step-000000005.pt"]
    assert latest(checkpoints) == 5
    kept = checkpoints.best()
    assert kept is not None
    assert kept.step == 1


def test_those_of_later_steps_go_when_a_run_goes_on_from_an_earlier_one(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    for step in (10, 20):
        checkpoints.save(payload(step), step)
    (tmp_path / "step-000000020.pt").write_bytes(b"rubbish")
    checkpoints.save(payload(15), 15)
    assert sorted(f.name for f in tmp_path.glob("*.pt")) == ["step-000000010.pt", "step-000000015.pt"]
    assert {file.stem for file in tmp_path.glob("*.sha256")} == {"step-000000010.pt", "step-000000015.pt"}


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ("flip", "It does not match the sum"),
        ("cut", "It does not match the sum"),
        ("empty", "It does not match the sum"),
        ("no sum", "step-000000002.pt.sha256 is missing"),
        ("strange sum", "It does not match the sum"),
        ("folder", "is not a regular file"),
    ],
)
def test_a_damaged_checkpoint_is_replaced_by_the_one_before_and_that_is_said(
    tmp_path: Path, damage: str, why: str
) -> None:
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(payload(1), 1)
    file = tmp_path / checkpoints.save(payload(2), 2)
    data = bytearray(file.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    elif damage == "cut":
        file.write_bytes(data[:-20])
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "no sum":
        checkpoint_file.sum_file(file).unlink()
    elif damage == "strange sum":
        checkpoint_file.sum_file(file).write_bytes(b"\xff\xfe")
    else:
        file.unlink()
        file.mkdir()
    point = ResumePoint(checkpoints)
    assert point.content is not None
    assert point.content.step == 1
    notice = point.notice(steps_per_epoch=4)
    assert notice is not None
    assert notice.level == "warning"
    said = str(notice.paragraph())
    assert "The newest checkpoint of the run, step-000000002.pt, is damaged" in said
    assert why in said
    assert "from the one before, step-000000001.pt: 1 step (epochs: 0.25) are learnt again" in said


def test_when_all_are_damaged_it_says_so(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    name = checkpoints.save(payload(1), 1)
    (tmp_path / name).write_bytes(b"rubbish")
    with pytest.raises(StudioError, match=r"all its checkpoints are damaged.*does not match the sum.*studio train"):
        ResumePoint(checkpoints)


def test_no_checkpoint_is_none(tmp_path: Path) -> None:
    assert latest(Checkpoints(tmp_path / "none")) is None


def test_a_run_that_begins_looks_at_none(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(payload(1), 1)
    assert ResumePoint(checkpoints, wanted=False).content is None


def test_a_full_disk_leaves_the_old_checkpoint_intact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(payload(1), 1)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="Free some space"):
        checkpoints.save(payload(2), 2)
    monkeypatch.undo()
    assert latest(checkpoints) == 1
    assert {file.suffix for file in tmp_path.iterdir()} == {".pt", ".sha256"}


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
        assert (latest(checkpoints) is not None) == (survived == 2)


def test_what_a_kill_left_half_written_goes_with_the_next_save(tmp_path: Path) -> None:
    (tmp_path / "step-000000001.pt.tmp").write_bytes(b"half")
    Checkpoints(tmp_path).save(payload(2), 2)
    assert not list(tmp_path.glob("*.tmp"))
