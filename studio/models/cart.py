"""CART: a tree grown on the rows and cut back to the size that cross-validation finds best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.models.tree import DecisionTree
from studio.models.tree_columns import TreeColumn
from studio.models.tree_growth import grow_tree
from studio.models.tree_pruning import misclassified_share, pruning_path, tree_after, wrong_rows

FOLDS = 10


def fit_cart(
    rows: NDArray[np.float64],
    labels: NDArray[np.int64],
    columns: tuple[TreeColumn, ...],
    classes: tuple[str, ...],
    generator: np.random.Generator,
    folds: int = FOLDS,
) -> DecisionTree:
    """A tree of the rows, pruned at the price of a leaf at which trees of the other folds err least; ties: the smaller.

    Args:
        rows: (n, p); missing values NaN, nominal ones as numbers of their values.
        labels: (n,) classes.
        generator: deals the rows out into folds, each class evenly.
        folds: at most as many as there are rows are used; below 2 nothing is pruned.

    Source: Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984, chapters 3 and 11.
    """
    tree = grow_tree(rows, labels, columns, classes)
    path = pruning_path(tree, misclassified_share(tree))
    prices = np.array([step.price for step in path])
    typical = np.append(np.sqrt(prices[:-1] * prices[1:]), np.inf)
    wrong = np.zeros(len(path))
    part = _dealt(labels, generator, folds)
    for fold in range(part.max() + 1 if part.max() else 0):
        held = part == fold
        other = grow_tree(rows[~held], labels[~held], columns, classes)
        steps = pruning_path(other, misclassified_share(other), wrong_rows(other, rows[held], labels[held]))
        place = np.searchsorted([step.price for step in steps], typical, side="right") - 1
        wrong += np.array([step.cost for step in steps])[place]
    best = len(path) - 1 - int(wrong[::-1].argmin()) if wrong.any() or part.max() else 0
    return tree_after(tree, path, best)


def _dealt(labels: NDArray[np.int64], generator: np.random.Generator, folds: int) -> NDArray[np.intp]:
    """(n,) the fold of each row: classes one after the other, so that each is spread evenly."""
    order = generator.permutation(len(labels))
    order = order[labels[order].argsort(kind="stable")]
    part = np.empty(len(labels), dtype=np.intp)
    part[order] = np.arange(len(labels)) % max(1, min(folds, len(labels)))
    return part
