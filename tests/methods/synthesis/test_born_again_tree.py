"""Born-again trees: small, near to the ensemble, chosen on the true rows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_wine

from studio.methods.synthesis.born_again_tree import GrowthPlan, choose_subtree, fit_born_again
from studio.models.cart import fit_cart
from studio.models.tree_columns import TreeColumn
from studio.models.tree_growth import grow_tree
from studio.models.voting_trees import VotingTrees, fit_voting_trees

WINE = load_wine()
COLUMNS = tuple(map(TreeColumn, WINE.feature_names))
CLASSES = tuple(map(str, WINE.target_names))


def ensemble(rows: NDArray[np.float64], labels: NDArray[np.int64]) -> VotingTrees:
    *_, (trees, _) = fit_voting_trees(
        "boosted-trees", 25, rows.astype(np.float32), labels, len(CLASSES), np.random.default_rng
    )
    return trees


def test_a_tree_taught_by_an_ensemble_is_better_than_one_alone() -> None:
    """Wine, five splits, 150 rows to learn from."""
    wrong = np.zeros(3)
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(WINE.data))
        train, test = order[:118], order[118:]
        rows, labels = WINE.data[train], WINE.target[train].astype(np.int64)
        trees = ensemble(rows, labels)

        def answers(cases: NDArray[np.float64], trees: VotingTrees = trees) -> NDArray[np.int64]:
            return np.asarray(trees.probabilities(cases.astype(np.float32)).argmax(1))

        plan = GrowthPlan(cases=2000, budget=1000)
        chosen = fit_born_again(rows, labels, COLUMNS, CLASSES, answers, plan, np.random.default_rng)
        alone = fit_cart(rows, labels, COLUMNS, CLASSES, np.random.default_rng(seed))
        held, truth = WINE.data[test], WINE.target[test]
        answered = (chosen.tree.predict(held), alone.predict(held), answers(held))
        wrong += [(told != truth).mean() / 5 for told in answered]
    born_again, alone_wrong, together = wrong
    assert together < born_again < alone_wrong


def test_of_trees_that_err_alike_the_smallest_is_chosen() -> None:
    """The noise in the cases is not in the true rows: one question is right on all of them."""
    draw = np.random.default_rng(0)
    cases = draw.random((400, 2))
    noisy = (cases[:, 0] > 0.5) ^ (draw.random(400) < 0.1)
    columns, classes = (TreeColumn("x"), TreeColumn("y")), ("low", "high")
    tree = grow_tree(cases, noisy.astype(np.int64), columns, classes)
    rows = np.array([[0.1, 0.5], [0.2, 0.1], [0.9, 0.6], [0.8, 0.2]])
    chosen = choose_subtree(tree, rows, np.array([0, 0, 1, 1]))
    assert tree.leaves > 20
    assert chosen.tree.leaves == 2
    assert chosen.path[chosen.step].cost == 0


@pytest.mark.parametrize("most", [1, 4, 10])
def test_no_more_leaves_than_asked_for(most: int) -> None:
    labels = WINE.target.astype(np.int64)
    tree = grow_tree(WINE.data, np.roll(labels, 7), COLUMNS, CLASSES)
    assert choose_subtree(tree, WINE.data, labels, most).tree.leaves <= most
