"""A tree and trees that vote as models in files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.core.errors import StudioError
from studio.models.files import StoredModel, load_model, write_model
from studio.models.tree_columns import TreeColumn
from studio.models.tree_growth import grow_tree
from studio.models.tree_model import TreeModel
from studio.models.voting_model import VotingModel
from studio.models.voting_trees import fit_voting_trees

INPUTS = np.random.default_rng(0).random((80, 2)).astype(np.float32)
LABELS = (INPUTS.sum(1) > 1).astype(np.int64)
CLASSES = ("below", "above")


def tree() -> TreeModel:
    columns = (TreeColumn("a", low=0.0, high=1.0), TreeColumn("b", low=0.0, high=1.0))
    return TreeModel(grow_tree(INPUTS.astype(np.float64), LABELS, columns, CLASSES))


def voting() -> VotingModel:
    *_, (trees, _) = fit_voting_trees("forest", 5, INPUTS, LABELS, 2, np.random.default_rng)
    return VotingModel("forest", trees, CLASSES, 2)


@pytest.mark.parametrize("model", [tree(), voting()], ids=["tree", "voting"])
def test_it_is_read_back_as_it_was(model: TreeModel | VotingModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    again = load_model(tmp_path / "model")
    fresh = np.random.default_rng(1).random((50, 2)).astype(np.float32)
    assert np.array_equal(again.probabilities(fresh), model.probabilities(fresh))
    assert (again.key, again.classes, again.size) == (model.key, model.classes, model.size)
    assert (again.probabilities(INPUTS).argmax(1) == LABELS).mean() > 0.95
    assert again.milliseconds > 0
    assert "{" not in str(again.describe())


@pytest.mark.parametrize("kind", ["tree", "voting-trees"])
def test_arrays_of_something_else_are_refused(kind: str, tmp_path: Path) -> None:
    said = {"columns": [], "key": "forest", "width": 1}
    write_model(tmp_path / "model", StoredModel(kind, CLASSES, {"left": np.zeros(3)}, said))
    with pytest.raises(StudioError, match="What it holds"):
        load_model(tmp_path / "model")
