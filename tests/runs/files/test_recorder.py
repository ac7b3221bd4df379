"""What a run says is on disk at once, whole, and never more than its share of the disk."""

from __future__ import annotations

import errno
import json
from typing import Any

import numpy as np
import pytest

from studio.core.arrays import read_arrays
from studio.core.errors import DiskFull
from studio.core.message import Text
from studio.events import EpochDone, Phase, Progress, Resumed, RunEnded, Snapshot
from studio.runs.files.folder import RunFolder
from studio.runs.files.recorder import Recorder
from studio.runs.run_info import read_events
from tests.runs.fake_session import experiment, started
from tests.runs.small_disk import SmallDisk


def lines(folder: RunFolder) -> list[dict[str, Any]]:
    return [json.loads(line) for line in folder.events.read_text(encoding="utf-8").splitlines()]


def snapshot(step: int, size: int = 4) -> Snapshot:
    return Snapshot(step=step, arrays={"logits/student": np.full(size, step, np.float32)})


def kept(folder: RunFolder) -> list[int]:
    return sorted(int(file.stem) for file in folder.snapshots.glob("*.npz"))


def test_every_event_is_a_numbered_line_as_soon_as_it_is_said(folder: RunFolder) -> None:
    clock = iter([10.0, 11.0]).__next__
    with Recorder(folder, clock=clock) as recorder:
        recorder.record(started(experiment()))
        recorder.record(EpochDone(step=1, labelled=True))
        assert [(line["seq"], line["time"], line["kind"]) for line in lines(folder)] == [
            (0, 10.0, "run_started"),
            (1, 11.0, "epoch"),
        ]


def test_live_events_are_not_recorded(folder: RunFolder) -> None:
    with Recorder(folder) as recorder:
        recorder.record(Progress(words=Text("on the way")))
    assert not lines(folder)


def test_arrays_of_a_snapshot_go_to_a_file_the_event_names(folder: RunFolder) -> None:
    with Recorder(folder) as recorder:
        said = recorder.record(snapshot(42))
    assert isinstance(said, Snapshot)
    assert lines(folder)[0]["file"] == said.file
    assert read_arrays(folder.snapshots / said.file)["logits/student"].tolist() == [42.0] * 4


def test_snapshots_are_thinned_evenly_and_first_and_last_stay(folder: RunFolder) -> None:
    with Recorder(folder, most=10) as recorder:
        for step in range(0, 1000, 10):
            recorder.record(snapshot(step))
    steps = kept(folder)
    gaps = np.diff(steps)[:-1]
    assert len(steps) == 10
    assert steps[0] == 0
    assert steps[-1] == 990
    assert gaps.max() <= 3 * gaps.min()


def test_snapshots_stay_below_their_share_of_the_disk(folder: RunFolder) -> None:
    with Recorder(folder, max_bytes=100_000) as recorder:
        for step in range(50):
            recorder.record(snapshot(step, size=2_000))
    assert sum(file.stat().st_size for file in folder.snapshots.iterdir()) <= 100_000
    assert kept(folder)[-1] == 49


def test_going_on_cuts_a_torn_line_and_counts_on(folder: RunFolder) -> None:
    with Recorder(folder) as recorder:
        recorder.record(Phase(words=Text("one")))
        recorder.record(Phase(words=Text("two")))
    with folder.events.open("ab") as stream:
        stream.write(b'{"seq":2,"time":3.0,"kind":"ph')
    with Recorder(folder) as recorder:
        assert recorder.continues
        recorder.record(Phase(words=Text("three")))
    assert [line["seq"] for line in lines(folder)] == [0, 1, 2]
    assert [line["words"] for line in lines(folder)] == ["one", "two", "three"]


def test_going_on_forgets_snapshots_of_later_steps(folder: RunFolder) -> None:
    with Recorder(folder) as recorder:
        for step in (0, 10, 20, 30):
            recorder.record(snapshot(step))
    with Recorder(folder) as recorder:
        recorder.record(Resumed(step=10))
        assert kept(folder) == [0, 10]


def test_it_remembers_the_last_word(folder: RunFolder) -> None:
    with Recorder(folder) as recorder:
        assert recorder.ended is None
        recorder.record(RunEnded(state="stopped", reason=Text("Enough.")))
        assert recorder.ended is not None


def test_a_full_disk_is_said_and_leaves_no_torn_line(folder: RunFolder, small_disk: type[SmallDisk]) -> None:
    with Recorder(folder) as recorder:
        recorder.record(Phase(words=Text("one")))
        before = folder.events.read_bytes()
        small_disk.left = 20
        with pytest.raises(DiskFull):
            recorder.record(Phase(words=Text("two")))
        assert folder.events.read_bytes() == before
        small_disk.left = 10_000
        recorder.record(Phase(words=Text("two, again")))
    assert [(line["seq"], line["words"]) for line in lines(folder)] == [(0, "one"), (1, "two, again")]


def test_a_full_disk_leaves_no_half_snapshot(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Recorder(folder) as recorder:
        recorder.record(snapshot(0))
        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(DiskFull) as told:
            recorder.record(snapshot(1))
        monkeypatch.undo()
    assert [file.name for file in folder.snapshots.iterdir()] == ["000000000.npz"]
    assert [event.step for event in read_events(folder)] == [0]
    assert "resume" in told.value.offers
