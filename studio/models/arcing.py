"""Arcing: full trees, each of which sees rows more often the more often those before it were wrong on them; they vote."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class ArcedTrees:
    """arc-x4, with the interface of scikit-learn's estimators.

    Row i is drawn with a probability in proportion to 1 + m_i⁴, m_i being how many trees so far answer it wrongly.

    Args:
        n_estimators: trees.
        random_state: seed.

    Attributes:
        classes_: (K,) the classes it has seen, in order.
        estimators_: the trees.

    Source: Breiman, "Arcing classifiers", Annals of Statistics 26(3), 1998, section 4; the teacher of Breiman and Shang,
    "Born again trees", 1996, is of this kind.
    """

    def __init__(self, n_estimators: int = 50, random_state: int = 0) -> None:
        self._count, self._seed = n_estimators, random_state
        self.classes_: NDArray[Any] = np.empty(0)
        self.estimators_: list[Any] = []

    def fit(self, inputs: NDArray[np.float32], labels: NDArray[np.int64]) -> ArcedTrees:
        """Learn from (n, E) inputs and (n,) labels."""
        from sklearn.tree import DecisionTreeClassifier

        self.classes_, numbers = np.unique(labels, return_inverse=True)
        draw = np.random.default_rng(self._seed)
        misses = np.zeros(len(labels))
        self.estimators_ = []
        for _ in range(self._count):
            chance = 1 + misses**4
            rows = draw.choice(len(labels), size=len(labels), p=chance / chance.sum())
            tree = DecisionTreeClassifier(random_state=int(draw.integers(2**31)))
            tree.fit(inputs[rows], numbers[rows], check_input=False)
            self.estimators_.append(tree)
            misses += tree.classes_[tree.tree_.predict(inputs).argmax(1)] != numbers
        return self

    def predict_proba(self, inputs: NDArray[np.float32]) -> NDArray[np.float64]:
        """(n, K) the share of the trees that vote for each class."""
        inputs = np.ascontiguousarray(inputs, dtype=np.float32)
        votes = np.zeros((len(inputs), len(self.classes_)))
        rows = np.arange(len(inputs))
        for tree in self.estimators_:
            votes[rows, tree.classes_[tree.tree_.predict(inputs).argmax(1)]] += 1
        return votes / max(len(self.estimators_), 1)
