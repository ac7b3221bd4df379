"""The tree of a run, written for use elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from studio.core.errors import StudioError
from studio.models.files import load_model
from studio.models.tree_file import tree_from_json
from studio.models.tree_model import TreeModel
from studio.runs.exports.network_file import export_network
from studio.runs.exports.tree_text import FORMATS, export_tree
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from tests.systems.chains import small_chain


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("workspace"))
    launch(small_chain("ba_tree"), made)
    return made


@pytest.fixture
def chain(workspace: Workspace) -> RunInfo:
    return next(run for run in workspace.runs() if run.method == "ba_tree")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_tree_of_a_chain_is_written_in_every_format(chain: RunInfo, tmp_path: Path, suffix: str) -> None:
    written = export_tree(chain, tmp_path / f"tree{suffix}").read_text(encoding="utf-8")
    assert "petal" in written


def test_json_holds_the_very_tree(chain: RunInfo, tmp_path: Path) -> None:
    again = tree_from_json(export_tree(chain, tmp_path / "tree.json").read_bytes())
    kept = load_model(chain.places.student)
    assert isinstance(kept, TreeModel)
    assert json.dumps(again.counts.tolist()) == json.dumps(kept.tree.counts.tolist())


def test_the_function_knows_the_flowers(chain: RunInfo, tmp_path: Path) -> None:
    made: dict[str, Any] = {}
    exec(export_tree(chain, tmp_path / "tree.py").read_text(encoding="utf-8"), made)
    small = {"sepal length": 5.1, "sepal width": 3.5, "petal length": 1.4, "petal width": 0.2}
    assert made["classify"](small) == "setosa"


def test_it_is_also_kept_as_a_file_that_answers_alone(chain: RunInfo, tmp_path: Path) -> None:
    assert isinstance(load_model(export_network(chain, tmp_path / "tree.safetensors")), TreeModel)


def test_what_is_no_tree_is_said(workspace: Workspace, tmp_path: Path) -> None:
    teacher = next(run for run in workspace.runs() if run.method == "fit_trees")
    with pytest.raises(StudioError, match="no tree"):
        export_tree(teacher, tmp_path / "tree.py")
