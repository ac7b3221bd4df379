"""Repeated generation: nodes of a growing tree that have too few cases get new ones that satisfy the path to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from studio.methods.synthesis.smearing import Region, smear, whole_space
from studio.models.column_codes import ColumnCodes
from studio.models.tree_growth import GrowingNode, NodePath

#: Answers rows (n, p) with their classes (n,).
Answers = Callable[[NDArray[np.float64]], NDArray[np.int64]]


class NodeCases:
    """Smeared cases for the nodes of a tree, labelled by an ensemble.

    Args:
        codes: of the columns of the training rows.
        rows: (n, p) the training rows as numbers of values.
        answers: of the ensemble.
        p_alt: probability that a value is replaced.
        least: cases that every node is to have.
        budget: cases that may be made for nodes in all.
        generators: gives each level of the tree its own; 0 for the first cases, then 1, 2 ...

    Attributes:
        level: of the tree that was filled last.
        made: cases made so far.
        refused: nodes that did not get their cases because the budget was met.
    """

    def __init__(
        self,
        codes: ColumnCodes,
        rows: NDArray[np.int32],
        answers: Answers,
        *,
        p_alt: float,
        least: int,
        budget: int,
        generators: Callable[[int], np.random.Generator],
    ) -> None:
        self.made = self.refused = self.level = 0
        #: Of the nodes of the level before and, as they are looked at, of this one.
        self._before: dict[NodePath, Region] = {}
        self._regions: dict[NodePath, Region] = {(): whole_space(len(rows), rows.shape[1], p_alt)}
        self._codes, self._rows, self._answers = codes, rows, answers
        self._p_alt, self._least, self._budget, self._generators = p_alt, least, budget, generators

    def first(self, cases: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Cases of the whole space and their labels, for the root."""
        drawn = smear(self._rows, cases, self._p_alt, self._generators(0))
        return drawn, self._labels(drawn)

    def fill(self, nodes: Sequence[GrowingNode]) -> None:
        """Give the nodes of a level what they lack; those to which most cases come have the first claim."""
        self._before, self._regions = self._regions, {}
        self.level += 1
        generator = self._generators(self.level)
        lacking: list[tuple[GrowingNode, NDArray[np.int32]]] = []
        for node in sorted(nodes, key=lambda node: -node.share):
            lack, region = self._least - len(node.labels), self._region(node)
            node.share = region.share
            if lack <= 0 or region.share <= 0:
                continue
            if self.made + lack > self._budget:
                self.refused += 1
                continue
            self.made += lack
            lacking.append((node, smear(self._rows, lack, self._p_alt, generator, region)))
        if not lacking:
            return
        labels = self._labels(np.concatenate([drawn for _, drawn in lacking]))
        ends = np.cumsum([len(drawn) for _, drawn in lacking])[:-1]
        for (node, drawn), own in zip(lacking, np.split(labels, ends), strict=True):
            node.cases = np.concatenate([node.cases, drawn])
            node.labels = np.concatenate([node.labels, own])

    def go_on(self, nodes: Sequence[GrowingNode], made: int, refused: int, level: int) -> None:
        """Stand where another stood before it filled these nodes of the next level."""
        self.made, self.refused, self.level = made, refused, level
        whole = self._regions[()]
        self._regions = {node.path[:-1]: whole for node in nodes}
        for path in self._regions:
            for split, left in path:
                allowed = split.left[self._rows[:, split.column]] == left
                self._regions[path] = self._regions[path].cut(split.column, allowed)

    def _region(self, node: GrowingNode) -> Region:
        """That of the node above and one condition more."""
        region = self._before[node.path[:-1]]
        if node.path:
            split, left = node.path[-1]
            region = region.cut(split.column, split.left[self._rows[:, split.column]] == left)
        self._regions[node.path] = region
        return region

    def _labels(self, cases: NDArray[np.int32]) -> NDArray[np.int32]:
        return self._answers(self._codes.decode(cases)).astype(np.int32)
