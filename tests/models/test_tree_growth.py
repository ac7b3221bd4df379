"""Growing and pruning trees: what is asked, what is cut, and that a library finds the same."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_iris, load_wine
from sklearn.tree import DecisionTreeClassifier

from studio.models.cart import fit_cart
from studio.models.tree import DecisionTree
from studio.models.tree_columns import TreeColumn
from studio.models.tree_growth import grow_tree
from studio.models.tree_pruning import misclassified_share, pruning_path, tree_after, wrong_rows

Rows = NDArray[np.float64]
Labels = NDArray[np.int64]


def on_board(name: str) -> tuple[Rows, Labels, tuple[TreeColumn, ...], tuple[str, ...]]:
    data = {"iris": load_iris, "wine": load_wine}[name]()
    columns = tuple(map(TreeColumn, data.feature_names))
    return data.data, data.target.astype(np.int64), columns, tuple(map(str, data.target_names))


def grown(rows: list[list[float]], labels: list[int], *columns: TreeColumn) -> DecisionTree:
    return grow_tree(np.array(rows), np.array(labels), columns, ("no", "yes", "maybe"))


@pytest.mark.parametrize("name", ["iris", "wine"])
def test_it_fits_its_rows_as_the_tree_of_a_library_does(name: str) -> None:
    rows, labels, columns, classes = on_board(name)
    tree = grow_tree(rows, labels, columns, classes)
    theirs = DecisionTreeClassifier(random_state=0).fit(rows, labels)
    assert (tree.predict(rows) == labels).all()
    assert abs(tree.leaves - theirs.get_n_leaves()) <= 2
    first, total = theirs.tree_, len(rows)
    parts = [first.n_node_samples[side] / total for side in (first.children_left[0], first.children_right[0])]
    assert sorted(tree.share[1:3]) == pytest.approx(sorted(parts))


@pytest.mark.parametrize("name", ["iris", "wine"])
def test_the_prices_of_leaves_are_those_of_a_library(name: str) -> None:
    """Where both trees are one; a library's impurity is the Gini index here and there."""
    rows, labels, columns, classes = on_board(name)
    rows, labels = rows[labels < 2], labels[labels < 2]
    rows = rows[:, :1]  # one column: no ties between columns
    tree = grow_tree(rows, labels, columns[:1], classes[:2])
    counts = tree.counts / tree.counts.sum(1, keepdims=True)
    gini = tree.share * (1 - (counts**2).sum(1))
    prices = [step.price for step in pruning_path(tree, gini)]
    theirs = DecisionTreeClassifier(random_state=0).cost_complexity_pruning_path(rows, labels).ccp_alphas
    assert prices == pytest.approx(sorted(set(theirs.tolist())), abs=1e-9)  # a library repeats the price of 0


def test_trees_of_a_path_grow_smaller_and_their_costs_are_those_of_the_trees() -> None:
    rows, labels, columns, classes = on_board("wine")
    noisy = np.where(np.random.default_rng(0).random(len(labels)) < 0.2, (labels + 1) % 3, labels)
    tree = grow_tree(rows, noisy, columns, classes)
    path = pruning_path(tree, misclassified_share(tree), wrong_rows(tree, rows, labels))
    assert [step.price for step in path] == sorted(step.price for step in path)
    for number, step in enumerate(path):
        cut = tree_after(tree, path, number)
        assert cut.leaves == step.leaves
        assert (cut.predict(rows) != labels).sum() == step.cost
    assert path[-1].leaves == 1


def test_nominal_values_go_left_or_right_as_a_set() -> None:
    """The classes alternate along the numbers of the values: no order of them would do with one question."""
    colour = TreeColumn("colour", ("red", "blue", "green", "white"))
    tree = grown([[value] for value in (0, 1, 2, 3) * 3], [0, 1, 0, 1] * 3, colour)
    assert tree.leaves == 2
    assert tree.left_values[0].tolist() in ([True, False, True, False], [False, True, False, True])


def test_a_column_of_many_nominal_values_is_parted_rightly_for_two_classes() -> None:
    values = tuple(f"v{number}" for number in range(30))
    draw = np.random.default_rng(0)
    rows = draw.integers(0, 30, (600, 1)).astype(float)
    labels = np.isin(rows[:, 0], draw.permutation(30)[:11]).astype(np.int64)
    assert grow_tree(rows, labels, (TreeColumn("v", values),), ("no", "yes")).leaves == 2


def test_missing_values_take_the_side_where_they_belong() -> None:
    nan = np.nan
    tree = grown([[1], [2], [8], [9], [nan], [nan]], [0, 0, 1, 1, 0, 0], TreeColumn("size"))
    assert tree.leaves == 2
    assert tree.missing_left[0]
    assert tree.threshold[0] == 5
    other = grown([[1], [2], [nan], [nan]], [0, 0, 1, 1], TreeColumn("size"))
    assert other.predict(np.array([[1.0], [nan]])).tolist() == [0, 1]


def test_what_no_case_has_goes_with_most_cases() -> None:
    colour = TreeColumn("colour", ("red", "blue", "never seen"))
    tree = grown([[0], [0], [0], [1]], [0, 0, 0, 1], colour)
    assert tree.predict(np.array([[2.0], [np.nan], [1.0]])).tolist() == [0, 0, 1]


def test_rows_that_are_alike_cannot_be_parted() -> None:
    tree = grown([[1.0], [1.0], [1.0]], [0, 1, 1], TreeColumn("size"))
    assert tree.leaves == 1
    assert tree.probabilities(np.array([[5.0]])).tolist() == [[1 / 3, 2 / 3, 0]]


def test_cross_validation_cuts_noise_away_and_keeps_what_is_there() -> None:
    draw = np.random.default_rng(0)
    rows = draw.random((300, 4))
    labels = ((rows[:, 0] > 0.5) ^ (draw.random(300) < 0.1)).astype(np.int64)
    columns, classes = tuple(TreeColumn(name) for name in "abcd"), ("no", "yes")
    tree = fit_cart(rows, labels, columns, classes, np.random.default_rng(0))
    assert tree.leaves == 2
    assert abs(tree.threshold[0] - 0.5) < 0.05
    again = fit_cart(rows, labels, columns, classes, np.random.default_rng(0))
    assert np.array_equal(tree.counts, again.counts)


def test_a_tree_of_one_row_and_of_one_class() -> None:
    for count in (1, 5):
        rows = np.arange(float(count))[:, None]
        tree = fit_cart(rows, np.zeros(count, np.int64), (TreeColumn("x"),), ("a", "b"), np.random.default_rng(0))
        assert tree.leaves == 1
        assert tree.depth == 0
