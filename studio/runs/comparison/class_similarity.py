"""An order of classes in which those that networks mistake for each other stand side by side."""

from __future__ import annotations

import numpy as np

#: More classes are not put into the best of all orders of their tree: that takes their number to the fourth power.
MOST_OPTIMAL = 256
#: What a probability is taken for at least.
_LEAST = 1e-6


def mean_answers(probabilities: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """(K, K): the mean probability that pictures of the class of the row give to that of the column.

    Args:
        probabilities: (N, K).
        labels: (N,).
    """
    sums = np.zeros((classes, probabilities.shape[1]))
    np.add.at(sums, labels, probabilities)
    mean: np.ndarray = sums / np.maximum(np.bincount(labels, minlength=classes), 1)[:, None]
    return mean


def similarity_order(answers: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """(K,) classes in the order of the leaves of their tree: average linkage, distance -log of the mutual probability.

    Leaves are turned so that neighbours are as near as can be (Bar-Joseph et al., Bioinformatics 2001).

    Args:
        answers: (K, K), see :func:`mean_answers`.
        groups: (K,) the group of each class; the groups stay together and are put in order among each other first.
    """
    near = (answers + answers.T) / 2
    if groups is None:
        return _leaves(near)
    names = np.unique(groups)
    member = (groups[:, None] == names).astype(float)
    between = member.T @ near @ member / np.outer(member.sum(0), member.sum(0))
    ordered = []
    for group in names[_leaves(between)]:
        own = np.flatnonzero(groups == group)
        ordered.append(own[_leaves(near[np.ix_(own, own)])])
    return np.concatenate(ordered)


def _leaves(near: np.ndarray) -> np.ndarray:
    k = len(near)
    if k < 3:
        return np.arange(k)
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    distances = -np.log(np.maximum(near, _LEAST))
    np.fill_diagonal(distances, 0)
    distances -= min(0.0, float(distances.min()))
    tree = linkage(squareform(distances, checks=False), "average", optimal_ordering=k <= MOST_OPTIMAL)
    return np.asarray(leaves_list(tree), np.int64)
