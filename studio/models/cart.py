"""CART: a tree grown on the rows and cut back to the size that cross-validation finds best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.models.tree import DecisionTree
from studio.models.tree_columns import TreeColumn
from studio.models.tree_growth import grow_tree
from studio.models.tree_pruning import misclassified_share, pruning_path, tree_after, wrong_rows

FOLDS = 10


class CrossValidatedTree:
    """A tree of all rows, and what trees of parts of them tell about how far to cut it.

    Args:
        rows: (n, p); missing values NaN, nominal ones as numbers of their values.
        labels: (n,) classes.
        generator: deals the rows out into folds, each class evenly.
        folds: at most as many as there are rows are used.

    Attributes:
        folds: as they are; 0 where there is but one row.
        done: folds that have told.
        wrong: by step of the pruning sequence how many rows of those folds are answered wrongly.

    Source: Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984, chapters 3 and 11.
    """

    def __init__(
        self,
        rows: NDArray[np.float64],
        labels: NDArray[np.int64],
        columns: tuple[TreeColumn, ...],
        classes: tuple[str, ...],
        generator: np.random.Generator,
        folds: int = FOLDS,
    ) -> None:
        self._rows, self._labels, self._columns, self._classes = rows, labels, columns, classes
        self._tree = grow_tree(rows, labels, columns, classes)
        self._path = pruning_path(self._tree, misclassified_share(self._tree))
        prices = np.array([step.price for step in self._path])
        self._typical = np.append(np.sqrt(prices[:-1] * prices[1:]), np.inf)
        self._part = _dealt(labels, generator, folds)
        self.folds = int(self._part.max()) + 1 if self._part.max() else 0
        self.done, self.wrong = 0, np.zeros(len(self._path))

    def __len__(self) -> int:
        """How many rows."""
        return len(self._labels)

    def add_fold(self) -> None:
        """Let the next fold tell."""
        held = self._part == self.done
        other = grow_tree(self._rows[~held], self._labels[~held], self._columns, self._classes)
        steps = pruning_path(other, misclassified_share(other), wrong_rows(other, self._rows[held], self._labels[held]))
        place = np.searchsorted([step.price for step in steps], self._typical, side="right") - 1
        self.wrong = self.wrong + np.array([step.cost for step in steps])[place]
        self.done += 1

    def go_on(self, wrong: NDArray[np.float64], done: int) -> None:
        """Stand where another of the same rows stood.

        Raises:
            ValueError: it was of other rows.
        """
        if wrong.shape != self.wrong.shape or not 0 <= done <= self.folds:
            raise ValueError("of other rows")
        self.wrong, self.done = wrong, done

    def best(self) -> DecisionTree:
        """The tree at the price at which the others err least; of equal ones the smallest, where folds have told."""
        step = len(self._path) - 1 - int(self.wrong[::-1].argmin()) if self.done else 0
        return tree_after(self._tree, self._path, step)


def fit_cart(
    rows: NDArray[np.float64],
    labels: NDArray[np.int64],
    columns: tuple[TreeColumn, ...],
    classes: tuple[str, ...],
    generator: np.random.Generator,
    folds: int = FOLDS,
) -> DecisionTree:
    """All of it in one go; see :class:`CrossValidatedTree`."""
    fit = CrossValidatedTree(rows, labels, columns, classes, generator, folds)
    for _ in range(fit.folds):
        fit.add_fold()
    return fit.best()


def _dealt(labels: NDArray[np.int64], generator: np.random.Generator, folds: int) -> NDArray[np.intp]:
    """(n,) the fold of each row: classes one after the other, so that each is spread evenly."""
    order = generator.permutation(len(labels))
    order = order[labels[order].argsort(kind="stable")]
    part = np.empty(len(labels), dtype=np.intp)
    part[order] = np.arange(len(labels)) % max(1, min(folds, len(labels)))
    return part
