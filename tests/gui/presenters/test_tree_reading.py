"""The tree of a run read back from its folder: whole, missing, damaged, too large, and beside arrays that do not fit."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.core.arrays import read_arrays, write_arrays
from studio.gui.presenters import tree_reading
from studio.gui.presenters.tree_reading import DrawableTree, TreeOfRun, read_tree
from studio.runs.files.folder import RunFolder
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo, read_info
from studio.runs.store.workspace import Workspace
from tests.gui.at_hand import there
from tests.systems.chains import small_chain


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("workspace")
    launch(small_chain("ba_tree"), Workspace(place))
    return place


@pytest.fixture
def runs(made: Path, tmp_path: Path) -> dict[str, RunInfo]:
    """The runs of a chain by method, in a copy of its workspace."""
    shutil.copytree(made, tmp_path / "w")
    return {run.method: run for run in Workspace(tmp_path / "w").runs()}


def drawn(info: RunInfo) -> DrawableTree:
    return there(there(read_tree(info)).tree)


def test_a_chain_and_its_step_show_the_same_tree(runs: dict[str, RunInfo]) -> None:
    chain, step = drawn(runs["ba_tree"]), drawn(runs["grow_born_again"])
    assert chain.made_up
    assert (chain.tree.column == step.tree.column).all()
    assert there(chain.sizes).leaves[there(chain.sizes).chosen] == chain.tree.leaves
    assert (there(chain.rows)[0] == there(step.rows)[0]).all()
    tried = there(chain.cases_tried)
    assert tried.wrong[-1] == there(chain.sizes).wrong[there(chain.sizes).chosen]
    assert len(there(chain.samples).columns) == len(chain.tree.columns)
    followed = there(chain.followed)
    assert chain.way_of(0)[-1] == int(chain.tree.leaf_of(followed.rows[:1])[0])
    assert len(chain.way_to(chain.largest_leaf)) == chain.places[chain.largest_leaf, 1] + 1


def test_rows_of_a_question_are_those_of_its_answers(runs: dict[str, RunInfo]) -> None:
    read = drawn(runs["ba_tree"])
    tree, rows = read.tree, there(read.rows)
    inner = np.flatnonzero(tree.column >= 0)
    assert len(inner)
    assert (rows[inner] == rows[tree.left[inner]] + rows[tree.right[inner]]).all()


def test_a_plain_tree_has_neither_made_up_cases_nor_sizes(runs: dict[str, RunInfo]) -> None:
    plain = drawn(runs["fit_cart"])
    assert not plain.made_up
    assert plain.sizes is None
    assert plain.rows is None


def test_what_is_no_tree_or_has_not_ended_has_none(runs: dict[str, RunInfo]) -> None:
    assert read_tree(runs["fit_trees"]) is None
    assert read_tree(replace(runs["ba_tree"], state="running")) is None


def test_a_missing_and_a_damaged_file_are_told(runs: dict[str, RunInfo]) -> None:
    info = runs["ba_tree"]
    whole = info.places.student.read_bytes()
    info.places.student.unlink()
    assert "missing" in problem(read_tree(info))
    for damaged in (b"", whole[: len(whole) // 2], b"\xff" * 200):
        info.places.student.write_bytes(damaged)
        assert "student.safetensors" in problem(read_tree(info))


def test_a_tree_that_is_too_large_is_told(runs: dict[str, RunInfo], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_reading, "MOST_NODES", 2)
    assert "leaves" in problem(read_tree(runs["ba_tree"]))
    monkeypatch.setattr(tree_reading, "MOST_BYTES", 10)
    assert "too large" in problem(read_tree(runs["ba_tree"]))


def problem(reading: TreeOfRun | None) -> str:
    assert there(reading).tree is None
    return str(there(reading).problem)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("leaves", np.array([3, 2, 1])),
        ("wrong_test", np.array([0.1, np.nan])),
        ("chosen", np.array(10_000)),
        ("chosen", np.array([[0.5]])),
        ("leaves", np.array(["a", "b"])),
        ("fewer_wrong", np.array([2.0])),
        ("made", np.array([0.5])),
    ],
)
def test_sizes_that_cannot_be_are_left_out(runs: dict[str, RunInfo], name: str, array: np.ndarray) -> None:
    folder = RunFolder(runs["grow_born_again"].folder)
    write_arrays(folder.arrays, {**read_arrays(folder.arrays), name: array})
    read = drawn(read_info(folder))
    assert read.sizes is None or read.cases_tried is None
    assert read.rows is not None


@pytest.mark.parametrize(
    ("name", "array"),
    [("true_labels", np.array([-1])), ("true_rows", np.full((3, 1), np.inf)), ("true_labels", np.array([0.5]))],
)
def test_rows_of_another_table_are_left_out(runs: dict[str, RunInfo], name: str, array: np.ndarray) -> None:
    folder = RunFolder(runs["grow_born_again"].folder)
    write_arrays(folder.arrays, {**read_arrays(folder.arrays), name: array})
    read = drawn(read_info(folder))
    assert read.rows is None
    assert read.sizes is not None
    folder.arrays.write_bytes(b"no arrays")
    assert drawn(read_info(folder)).sizes is None
