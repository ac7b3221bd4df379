"""A tree of questions, each about one column of a table, with a class at every end. Plain arrays; nothing is executed to load it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.models.tree_columns import TreeColumn


@dataclass(frozen=True)
class DecisionTree:
    """Node 0 is the root, and a child has a larger number than its parent. m nodes, K classes.

    Attributes:
        column: (m,) int32, which column a node asks about; -1 at a leaf.
        threshold: (m,), numbers up to it go left; NaN where the column is nominal and at a leaf.
        left_values: (m, V) bool, which values of a nominal column go left; all False elsewhere.
        missing_left: (m,) bool, whether a missing value goes left.
        left, right: (m,) int32, the children; -1 at a leaf.
        counts: (m, K), cases of each class that the node was grown on: rows, or made-up cases as they were answered.
        share: (m,), of all cases there could be, those that come to the node; 1 at the root.
    """

    columns: tuple[TreeColumn, ...]
    classes: tuple[str, ...]
    column: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left_values: NDArray[np.bool_]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    counts: NDArray[np.float64]
    share: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.column)

    @property
    def leaves(self) -> int:
        """How many ends it has."""
        return int((self.column < 0).sum())

    @property
    def depth(self) -> int:
        """Questions on its longest path; 0 of a tree that is but a leaf."""
        deep = np.zeros(len(self), dtype=int)
        for node in np.flatnonzero(self.column >= 0):
            deep[[self.left[node], self.right[node]]] = deep[node] + 1
        return int(deep.max())

    @property
    def labels(self) -> NDArray[np.intp]:
        """(m,) the class of most cases at each node; of equal ones the first."""
        return np.asarray(self.counts.argmax(1))

    def goes_left(self, node: int, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of these values of the node's column go left; (n,) in and out."""
        return self._left(np.full(len(values), node), values)

    def leaf_of(self, rows: NDArray[np.float64]) -> NDArray[np.intp]:
        """(n,) the leaf in which each row ends.

        Args:
            rows: (n, p), missing values NaN, nominal ones as numbers of their values.
        """
        return self.path_of(rows)[-1]

    def path_of(self, rows: NDArray[np.float64]) -> list[NDArray[np.intp]]:
        """The nodes at which rows stand after 0, 1, 2 ... questions, (n,) each; one that has ended stays in its leaf."""
        nodes = np.zeros(len(rows), dtype=np.intp)
        path = [nodes]
        moving = np.arange(len(rows))
        while (moving := moving[self.column[nodes[moving]] >= 0]).size:
            at = nodes[moving]
            nodes = nodes.copy()
            left = self._left(at, rows[moving, self.column[at]])
            nodes[moving] = np.where(left, self.left[at], self.right[at])
            path.append(nodes)
        return path

    def _left(self, nodes: NDArray[np.intp], values: NDArray[np.float64]) -> NDArray[np.bool_]:
        missing = np.isnan(values)
        numeric = ~np.isnan(self.threshold[nodes])
        left = np.zeros(len(nodes), dtype=bool)
        left[numeric] = values[numeric] <= self.threshold[nodes[numeric]]
        named = ~numeric & ~missing
        left[named] = self.left_values[nodes[named], values[named].astype(np.intp)]
        left[missing] = self.missing_left[nodes[missing]]
        return left

    def predict(self, rows: NDArray[np.float64]) -> NDArray[np.intp]:
        """(n,) class of each row."""
        return self.labels[self.leaf_of(rows)]

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, K) shares of the classes among the cases of each row's leaf."""
        counts = self.counts[self.leaf_of(rows)]
        return np.asarray(counts / counts.sum(1, keepdims=True))

    def pruned(self, ends: frozenset[int]) -> DecisionTree:
        """The tree in which these nodes are leaves; what hung below them is gone, and nodes are numbered anew."""
        kept = np.zeros(len(self), dtype=bool)
        kept[0] = True
        for node in range(len(self)):
            if kept[node] and self.column[node] >= 0 and node not in ends:
                kept[[self.left[node], self.right[node]]] = True
        ended = np.isin(np.arange(len(self)), list(ends)) | (self.column < 0)
        number = kept.cumsum() - 1

        def child(of: NDArray[np.int32]) -> NDArray[np.int32]:
            return np.where(ended, -1, number[of])[kept].astype(np.int32)

        return DecisionTree(
            self.columns,
            self.classes,
            column=np.where(ended, -1, self.column)[kept].astype(np.int32),
            threshold=np.where(ended, np.nan, self.threshold)[kept],
            left_values=(self.left_values & ~ended[:, None])[kept],
            missing_left=(self.missing_left & ~ended)[kept],
            left=child(self.left),
            right=child(self.right),
            counts=self.counts[kept],
            share=self.share[kept],
        )
