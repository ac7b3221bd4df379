"""Growing a tree level by level until every leaf is of one class. Where its cases come from can be made to grow with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from studio.models.best_split import SplitFinder, TreeSplit
from studio.models.column_codes import ColumnCodes, codes_of
from studio.models.tree import DecisionTree
from studio.models.tree_columns import TreeColumn

#: Questions on the longest path. Balanced trees of a million cases have twenty.
MOST_QUESTIONS = 60


NodePath = tuple[tuple[TreeSplit, bool], ...]
"""The questions that lead to a node, each with whether its left answer does."""


@dataclass
class GrowingNode:
    """A node while the tree grows.

    Attributes:
        cases: (k, p) numbers of values; emptied when its children are made.
        labels: (k,).
        share: of all cases there could be, those that come here.
    """

    cases: NDArray[np.int32]
    labels: NDArray[np.int32]
    share: float
    path: NodePath = ()
    counts: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    split: TreeSplit | None = None
    children: tuple[int, int] = (-1, -1)


class CaseSource(Protocol):
    """What may give the nodes of a level more cases before they are looked at."""

    def fill(self, nodes: Sequence[GrowingNode]) -> None:
        """Add cases with their labels where a node has too few, and set its share where it is known better."""


class GrownFully:
    """A tree that grows level by level until every leaf is of one class.

    Attributes:
        nodes: all so far, children behind their parents.
        level: the numbers of those that are looked at next.

    Args:
        finder: of the columns.
        cases: (n, p) numbers of values.
        labels: (n,) classes, at least one case.
        classes: how many there are.
        least: cases that a node must have to be parted.
        source: of more cases; without one a node has those that come to it.
    """

    def __init__(
        self,
        finder: SplitFinder,
        cases: NDArray[np.int32],
        labels: NDArray[np.int32],
        classes: int,
        least: int = 2,
        source: CaseSource | None = None,
    ) -> None:
        self.nodes = [GrowingNode(cases, labels, 1.0)]
        self.level = [0]
        self.classes = classes
        self._finder, self._least, self._source = finder, least, source

    def levels(self) -> Iterator[int]:
        """Grow on from where it stands; after every level the number of nodes so far."""
        while self.level:
            grows = len(self.nodes[self.level[0]].path) < MOST_QUESTIONS
            if self._source is not None:
                self._source.fill([self.nodes[number] for number in self.level])
            self.level = [child for number in self.level for child in self._parted(self.nodes[number], grows)]
            yield len(self.nodes)

    def _parted(self, node: GrowingNode, grows: bool) -> tuple[int, ...]:
        """Count a node's cases and make its children, if it has any."""
        node.counts = np.bincount(node.labels, minlength=self.classes)
        if grows and len(node.labels) >= max(self._least, 2) and node.counts.max() < len(node.labels):
            node.split = self._finder.best(node.cases, node.labels)
        if node.split is None:
            return ()
        left = node.split.left[node.cases[:, node.split.column]]
        node.children = len(self.nodes), len(self.nodes) + 1
        for side in (left, ~left):
            path = (*node.path, (node.split, side is left))
            self.nodes.append(GrowingNode(node.cases[side], node.labels[side], node.share * float(side.mean()), path))
        node.cases = node.cases[:0]
        return node.children

    def tree(self, columns: tuple[TreeColumn, ...], classes: tuple[str, ...]) -> DecisionTree:
        """What has grown; every node that has no children yet is a leaf."""
        count, most = len(self.nodes), max((len(column.values) for column in columns), default=0)
        asked = np.full(count, -1, dtype=np.int32)
        threshold, left_values = np.full(count, np.nan), np.zeros((count, most), dtype=bool)
        missing_left = np.zeros(count, dtype=bool)
        for number, node in enumerate(self.nodes):
            if node.split is None:
                continue
            asked[number], threshold[number] = node.split.column, node.split.threshold
            missing_left[number] = node.split.left[-1]
            if columns[node.split.column].nominal:
                left_values[number, : len(node.split.left) - 1] = node.split.left[:-1]
        children = np.array([node.children for node in self.nodes], dtype=np.int32)
        return DecisionTree(
            columns, classes, asked, threshold, left_values, missing_left, children[:, 0], children[:, 1],
            counts=np.array([node.counts for node in self.nodes], dtype=np.float64),
            share=np.array([node.share for node in self.nodes]),
        )  # fmt: skip


def grow_tree(
    rows: NDArray[np.float64],
    labels: NDArray[np.int64],
    columns: tuple[TreeColumn, ...],
    classes: tuple[str, ...],
    least: int = 2,
) -> DecisionTree:
    """A tree grown on rows until every leaf is of one class, or its rows are alike, or fewer than ``least``.

    Args:
        rows: (n, p), at least one; missing values NaN, nominal ones as numbers of their values.
        labels: (n,) classes.

    Source: Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984.
    """
    codes = codes_for(rows, columns)
    growing = GrownFully(
        SplitFinder(codes, len(classes)), codes.encode(rows), labels.astype(np.int32), len(classes), least
    )
    for _ in growing.levels():
        pass
    return growing.tree(columns, classes)


def codes_for(rows: NDArray[np.float64], columns: tuple[TreeColumn, ...]) -> ColumnCodes:
    """The numbers of the values of these columns."""
    return codes_of(rows, tuple(len(column.values) for column in columns))
