"""Many trees that vote, as plain arrays: bagged, boosted by arcing, or a random forest. Loading them executes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Voting = Literal["bagged-trees", "boosted-trees", "forest"]
"""How the trees come to differ: by the rows they see, by rows that those before were wrong on, by columns as well."""

#: Rows and trees that are gone through at once.
CHUNK = 1_000_000


@dataclass(frozen=True)
class VotingTrees:
    """T trees of M nodes together; they ask about encoded inputs, as networks are given them.

    Attributes:
        roots: (T,) int64, the first node of each tree.
        feature: (M,) int32, which input a node asks about; -1 at a leaf.
        threshold: (M,) float64, inputs up to it go left.
        left, right: (M,) int32, children; -1 at a leaf.
        answers: (M, K) float32, of each node the share of its training rows of each class.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    answers: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.roots)

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, K) the mean answer of the trees to (n, E) inputs."""
        lines = max(1, CHUNK // max(1, len(self)))
        parts = [self._mean(inputs[start : start + lines]) for start in range(0, len(inputs), lines)]
        return np.concatenate(parts) if parts else np.zeros((0, self.answers.shape[1]), np.float32)

    def _mean(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        nodes = np.repeat(self.roots, len(inputs))  # all rows at the root of the first tree, of the second ...
        moving = np.arange(len(nodes))
        while (moving := moving[self.feature[nodes[moving]] >= 0]).size:
            at = nodes[moving]
            left = inputs[moving % len(inputs), self.feature[at]] <= self.threshold[at]
            nodes[moving] = np.where(left, self.left[at], self.right[at])
        answers = self.answers[nodes].reshape(len(self), len(inputs), -1)
        return np.asarray(answers.mean(0, dtype=np.float64), dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All of it by name."""
        return {
            "roots": self.roots, "feature": self.feature, "threshold": self.threshold,
            "left": self.left, "right": self.right, "answers": self.answers,
        }  # fmt: skip

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> VotingTrees:
        """The way back from :meth:`arrays`.

        Raises:
            KeyError: one is missing.
            ValueError: they are no trees.
        """
        trees = cls(
            arrays["roots"].astype(np.int64), arrays["feature"].astype(np.int32), arrays["threshold"].astype(np.float64),
            arrays["left"].astype(np.int32), arrays["right"].astype(np.int32), arrays["answers"].astype(np.float32),
        )  # fmt: skip
        count = len(trees.feature)
        inner = trees.feature >= 0
        places = np.flatnonzero(inner)
        shapes = {array.shape for array in (trees.feature, trees.threshold, trees.left, trees.right)}
        if shapes != {(count,)} or trees.answers.ndim != 2 or len(trees.answers) != count:
            raise ValueError("arrays of different lengths")
        if not len(trees) or (trees.roots < 0).any() or (trees.roots >= count).any():
            raise ValueError("no roots")
        for children in (trees.left[inner], trees.right[inner]):
            if (children <= places).any() or (children >= count).any():
                raise ValueError("nodes that do not hang together")
        return trees

    def joined(self, other: VotingTrees) -> VotingTrees:
        """These trees and, after them, the others."""
        nodes = len(self.feature)
        return VotingTrees(
            np.concatenate([self.roots, other.roots + nodes]),
            np.concatenate([self.feature, other.feature]),
            np.concatenate([self.threshold, other.threshold]),
            np.concatenate([self.left, np.where(other.left < 0, -1, other.left + nodes)]).astype(np.int32),
            np.concatenate([self.right, np.where(other.right < 0, -1, other.right + nodes)]).astype(np.int32),
            np.concatenate([self.answers, other.answers]),
        )


def no_trees(classes: int) -> VotingTrees:
    """What has not begun to learn."""
    empty = np.zeros(0, np.int32)
    return VotingTrees(np.zeros(0, np.int64), empty, np.zeros(0), empty, empty, np.zeros((0, classes), np.float32))


def next_tree(
    how: Voting,
    inputs: NDArray[np.float32],
    labels: NDArray[np.int64],
    classes: int,
    missed: NDArray[np.float64],
    generator: np.random.Generator,
) -> VotingTrees:
    """One tree, grown until its leaves are of one class.

    "bagged-trees" and "forest" draw as many rows as there are, each as likely; a forest looks for each question at a few
    columns. "boosted-trees" is arc-x4: row i is drawn with a probability in proportion to 1 + m_i⁴.

    Args:
        inputs: (n, E).
        labels: (n,).
        classes: how many there are, those that the rows lack among them.
        missed: (n,) m, how many of the trees before answer each row wrongly.
        generator: of this tree alone.

    Source: Breiman, "Bagging predictors", Machine Learning 24, 1996; "Random forests", 45, 2001; "Arcing classifiers",
    Annals of Statistics 26(3), 1998, section 4.
    """
    from sklearn.tree import DecisionTreeClassifier

    chance = np.ones(len(labels))
    if how == "boosted-trees":
        chance += missed**4
    rows = generator.choice(len(labels), size=len(labels), p=chance / chance.sum())
    columns = "sqrt" if how == "forest" else None
    seed = int(generator.integers(2**31))
    fitted = DecisionTreeClassifier(random_state=seed, max_features=columns).fit(inputs[rows], labels[rows])
    grown = fitted.tree_
    answers = np.zeros((grown.node_count, classes), np.float32)
    shares = grown.value[:, 0, :]
    answers[:, fitted.classes_] = shares / shares.sum(1, keepdims=True)
    leaf = grown.children_left < 0
    return VotingTrees(
        np.zeros(1, np.int64),
        np.where(leaf, -1, grown.feature).astype(np.int32),
        np.where(leaf, 0.0, grown.threshold),
        grown.children_left.astype(np.int32),
        grown.children_right.astype(np.int32),
        answers,
    )


def fit_voting_trees(
    how: Voting,
    count: int,
    inputs: NDArray[np.float32],
    labels: NDArray[np.int64],
    classes: int,
    generators: Callable[[int], np.random.Generator],
) -> Iterator[tuple[VotingTrees, NDArray[np.float64]]]:
    """Tree after tree: those so far, and how many of them answer each row wrongly.

    Args:
        generators: gives tree number 0, 1, 2 ... its own.
    """
    yield from more_trees(how, count, inputs, labels, (no_trees(classes), np.zeros(len(labels))), generators)


def more_trees(
    how: Voting,
    count: int,
    inputs: NDArray[np.float32],
    labels: NDArray[np.int64],
    so_far: tuple[VotingTrees, NDArray[np.float64]],
    generators: Callable[[int], np.random.Generator],
) -> Iterator[tuple[VotingTrees, NDArray[np.float64]]]:
    """As :func:`fit_voting_trees`, on from trees and misses that it gave before."""
    trees, missed = so_far
    classes = trees.answers.shape[1]
    for number in range(len(trees), count):
        new = next_tree(how, inputs, labels, classes, missed, generators(number))
        missed = missed + (new.probabilities(inputs).argmax(1) != labels)
        trees = trees.joined(new)
        yield trees, missed
