"""Cost-complexity pruning: from a grown tree to ever smaller ones, each the best of its size for some price of a leaf."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.models.tree import DecisionTree


@dataclass(frozen=True)
class PruningStep:
    """One tree of the sequence.

    Attributes:
        price: of a leaf, from which on this tree is the best; 0 of the first.
        ends: nodes that became leaves since the tree before.
        leaves: that the tree has.
        cost: of the tree in the second measure, see :func:`pruning_path`.
    """

    price: float
    ends: tuple[int, ...]
    leaves: int
    cost: float


def pruning_path(
    tree: DecisionTree, risk: NDArray[np.float64], cost: NDArray[np.float64] | None = None
) -> list[PruningStep]:
    """The sequence of trees from all of it to its root alone, cut at the weakest links.

    Args:
        risk: (m,), what each node would add to the tree's risk as a leaf: the share of all cases that end there and are
            answered wrongly.
        cost: (m,), a second measure of the nodes that decides nothing, summed over the leaves of each tree; the risk
            itself where it is None.

    Returns:
        At least one step, with prices that rise; what a step's tree is, :func:`tree_after` tells.

    Source: Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984, chapter 3.
    """
    return _Links(tree, risk, risk if cost is None else cost).path()


def tree_after(tree: DecisionTree, path: list[PruningStep], step: int) -> DecisionTree:
    """The tree at one place of its sequence."""
    return tree.pruned(frozenset(end for each in path[: step + 1] for end in each.ends))


def misclassified_share(tree: DecisionTree) -> NDArray[np.float64]:
    """(m,) the share of all cases that come to a node and are not of its class."""
    total = tree.counts.sum(1)
    return np.asarray(tree.share * (total - tree.counts.max(1)) / np.maximum(total, 1))


def wrong_rows(tree: DecisionTree, rows: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """(m,) how many of these rows come to each node and are not of its class."""
    wrong = np.zeros(len(tree))
    before = np.full(len(rows), -1)
    for nodes in tree.path_of(rows):
        moved = nodes != before
        np.add.at(wrong, nodes[moved], (tree.labels[nodes] != labels)[moved])
        before = nodes
    return wrong


class _Links:
    """The links of a tree, the weakest on top; sums over the leaves below a node are kept up with every cut."""

    def __init__(self, tree: DecisionTree, risk: NDArray[np.float64], cost: NDArray[np.float64]) -> None:
        self._tree, self._risk, self._cost = tree, risk, cost
        self._parent = np.full(len(tree), -1)
        self._leaves = np.ones(len(tree), dtype=np.int64)
        self._below, self._cost_below = risk.astype(float), cost.astype(float)
        for node in range(len(tree) - 1, -1, -1):
            if tree.column[node] >= 0:
                children = [tree.left[node], tree.right[node]]
                self._parent[children] = node
                for sums in (self._leaves, self._below, self._cost_below):
                    sums[node] = sums[children].sum()
        self._inner = tree.column >= 0
        self._heap = [(self._price(node), node) for node in np.flatnonzero(self._inner).tolist()]
        heapq.heapify(self._heap)

    def _price(self, node: int) -> float:
        return float((self._risk[node] - self._below[node]) / (self._leaves[node] - 1))

    def path(self) -> list[PruningStep]:
        steps = [self._step(0.0, self._cut_up_to(1e-12))]
        while self._inner[0]:
            price = self._weakest()
            steps.append(self._step(price, self._cut_up_to(price + 1e-12)))
        return steps

    def _step(self, price: float, ends: list[int]) -> PruningStep:
        return PruningStep(price, tuple(ends), int(self._leaves[0]), float(self._cost_below[0]))

    def _weakest(self) -> float:
        """The price of the weakest link; those that changed or are cut were entered anew or are passed over."""
        while True:
            price, node = self._heap[0]
            if self._inner[node] and price == self._price(node):
                return price
            heapq.heappop(self._heap)

    def _cut_up_to(self, price: float) -> list[int]:
        ends = []
        while self._inner[0] and self._weakest() <= price:
            node = heapq.heappop(self._heap)[1]
            ends.append(node)
            self._cut(node)
        return ends

    def _cut(self, node: int) -> None:
        below = [node]
        while below:
            inner = below.pop()
            if self._inner[inner]:
                self._inner[inner] = False
                below += [int(self._tree.left[inner]), int(self._tree.right[inner])]
        leaves = self._leaves[node] - 1
        risk, cost = self._risk[node] - self._below[node], self._cost[node] - self._cost_below[node]
        while node >= 0:
            self._leaves[node] -= leaves
            self._below[node] += risk
            self._cost_below[node] += cost
            if self._inner[node]:
                heapq.heappush(self._heap, (self._price(node), node))
            node = int(self._parent[node])
