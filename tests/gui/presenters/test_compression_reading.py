"""What a chain of model compression came to, read back from its folders: whole, begun, and beside arrays that do not fit."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from studio.core.arrays import read_arrays, write_arrays
from studio.gui.presenters.compression_reading import Compression, read_compression
from studio.runs.files.folder import RunFolder
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from tests.gui.at_hand import there
from tests.systems.chains import small_chain


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("workspace")
    launch(small_chain("compress"), Workspace(place))
    return place


@pytest.fixture
def runs(made: Path, tmp_path: Path) -> dict[str, RunInfo]:
    """The runs of the chain by role in a copy of its workspace; the chain's own is "chain"."""
    shutil.copytree(made, tmp_path / "w")
    return {run.role if run.parent else "chain": run for run in Workspace(tmp_path / "w").runs()}


def whole(runs: dict[str, RunInfo]) -> Compression:
    return there(read_compression(runs["chain"]))


def test_all_models_are_measured(runs: dict[str, RunInfo]) -> None:
    found = whole(runs)
    assert [model.key for model in found.models] == ["ensemble", "student", "best", "alone"]
    for model in found.models:
        assert 0 <= there(model.squared_error) <= 2
        assert 0 <= there(model.accuracy) <= 1
        assert there(model.milliseconds) > 0
    assert there(found.model("ensemble").size) > there(found.model("student").size)
    assert found.cases == 250
    assert found.units == 16
    assert 0 < there(found.to_ensemble) < 1


def test_chosen_members_weigh_one_together_and_say_their_settings(runs: dict[str, RunInfo]) -> None:
    found = whole(runs)
    assert sum(member.weight for member in found.members) == pytest.approx(1)
    weights = [member.weight for member in found.members]
    assert weights == sorted(weights, reverse=True)
    assert found.library == 10
    assert all(str(member.settings) for member in found.members)


def test_rows_are_as_they_stand_in_the_table(runs: dict[str, RunInfo]) -> None:
    samples = there(whole(runs).samples)
    assert len(samples.columns) == 4
    first = np.array([[float(cell.replace("−", "-")) for cell in pair.true] for pair in samples.pairs])
    assert (first > 0.09).all(), "centimetres of petals, not shares of a range"
    assert (first < 8).all()


def test_other_runs_are_no_compression(runs: dict[str, RunInfo]) -> None:
    assert read_compression(runs["student"]) is None
    runs["chain"].places.chain.unlink()
    assert read_compression(runs["chain"]) is None


@pytest.mark.parametrize(
    ("role", "name", "array"),
    [
        ("teacher", "weights", np.array([np.nan])),
        ("teacher", "bytes", np.array(["a"])),
        ("teacher", "settings", np.array(["no json"])),
        ("cases", "cases", np.zeros(3)),
        ("cases", "encoding", np.array("{}")),
        ("student", "hidden", np.array([0.5])),
    ],
)
def test_arrays_that_cannot_be_are_left_out(runs: dict[str, RunInfo], role: str, name: str, array: np.ndarray) -> None:
    folder = RunFolder(runs[role].folder)
    write_arrays(folder.arrays, {**read_arrays(folder.arrays), name: array})
    assert whole(runs).model("student").squared_error is not None
    folder.arrays.write_bytes(b"no arrays")
    assert whole(runs).model("student").squared_error is not None
