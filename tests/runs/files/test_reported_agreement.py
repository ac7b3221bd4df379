"""The agreement a run reported is read from its events, whatever became of its snapshots."""

from __future__ import annotations

import numpy as np
import pytest

from studio.core.arrays import write_arrays
from studio.events import AgreementReading, Event, GroupAgreement, KeyMoment, Resumed, Snapshot
from studio.runs.files.agreement import read_agreement
from studio.runs.files.folder import RunFolder
from studio.runs.files.recorder import Recorder
from studio.runs.files.snapshot_arrays import read_snapshot
from studio.runs.run_info import read_history, read_info

ARRAYS = {"probe/labels": np.arange(8)}


def reading(percent: int) -> tuple[GroupAgreement, ...]:
    value = AgreementReading(percent / 100, 0.5)
    return (GroupAgreement("group1", value, value, "connector"), GroupAgreement("group2", value))


def snapshot(step: int, percent: int, *moments: KeyMoment) -> Snapshot:
    return Snapshot(step=step, arrays=ARRAYS, moments=moments, agreement=reading(percent))


def recorded(folder: RunFolder, *events: Event, most: int = 120) -> None:
    with Recorder(folder, most=most) as recorder:
        for event in events:
            recorder.record(event)


def test_what_was_reported_last_counts(folder: RunFolder) -> None:
    recorded(folder, snapshot(0, 60, "start"), snapshot(5, 70, "copied"), snapshot(10, 80, "copied"))
    recorded(folder, snapshot(12, 65), snapshot(20, 55, "end"))
    found = {"start": reading(60), "copied": reading(80), "end": reading(55)}
    assert read_agreement(folder) == found
    assert {name: told.agreement for name, told in read_history(read_info(folder)).key_moments.items()} == found


def test_what_stands_later_than_where_the_run_went_on_from_does_not_count(folder: RunFolder) -> None:
    recorded(folder, snapshot(0, 60, "start"), snapshot(5, 70, "copied"), snapshot(10, 80, "end"), Resumed(step=5))
    assert read_agreement(folder) == {"start": reading(60), "copied": reading(70)}
    assert set(read_history(read_info(folder)).key_moments) == {"start", "copied"}


def test_it_outlives_snapshots_that_were_given_up(folder: RunFolder) -> None:
    recorded(folder, *(snapshot(step, 50 + step, *(("copied",) if step == 3 else ())) for step in range(8)), most=2)
    assert len(list(folder.snapshots.iterdir())) == 2
    assert read_agreement(folder) == {"copied": reading(53)}
    assert read_history(read_info(folder)).key_moments["copied"].agreement == reading(53)


def test_a_run_that_told_nothing_of_it_has_none(folder: RunFolder) -> None:
    assert read_agreement(folder) == {}
    recorded(folder, Snapshot(step=0, arrays=ARRAYS, moments=("start",)))
    assert read_agreement(folder) == {}


@pytest.mark.parametrize("how", [0, 1])
def test_what_was_not_read_behind_a_fitted_map_is_kept_apart(folder: RunFolder, how: int) -> None:
    """Version 0.1.0 read each run in the way that suited its method."""
    old: dict[str, np.ndarray] = {
        "agreement/group1": np.array(83, np.float32),
        "chance/group1": np.array(52, np.float32),
        "channels/group1": np.full(4, 83, np.float32),
        "firing/group1": np.full(4, 0.5, np.float32),
    }
    folder.snapshots.mkdir()
    write_arrays(folder.snapshots / "000000000.npz", {**old, "how/group1": np.array(how, np.int8)})
    found = read_snapshot(folder.snapshots / "000000000.npz")
    assert set(found) == {"firing/group1", "own/how/group1"} | {f"own/{name}" for name in old}
    assert found["own/agreement/group1"] == 83
    assert found["own/how/group1"] == how


def test_what_was_read_behind_a_fitted_map_stays_what_it_is(folder: RunFolder) -> None:
    arrays: dict[str, np.ndarray] = {"agreement/group1": np.array(83, np.float32), "how/group1": np.array(2, np.int8)}
    folder.snapshots.mkdir()
    write_arrays(folder.snapshots / "000000000.npz", arrays)
    assert set(read_snapshot(folder.snapshots / "000000000.npz")) == set(arrays)
