"""Where the nodes of a tree stand in a drawing: leaves side by side in their order, a question above the middle of its answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.models.tree import DecisionTree


def tree_layout(tree: DecisionTree) -> NDArray[np.float64]:
    """(m, 2) places of the nodes: across in widths of a leaf from 0 to the number of leaves − 1, down in questions asked.

    Example:
        >>> from studio.models.tree_columns import TreeColumn
        >>> from studio.models.tree_growth import grow_tree
        >>> tree_layout(grow_tree(np.array([[1.0], [6.0]]), np.array([0, 1]), (TreeColumn("size"),), ("a", "b")))
        array([[0.5, 0. ],
               [0. , 1. ],
               [1. , 1. ]])
    """
    places = np.zeros((len(tree), 2))
    leaves, waiting = 0, [0]
    while waiting:  # from left to right: leaves are numbered as they are met
        node = waiting.pop()
        if tree.column[node] < 0:
            places[node, 0] = leaves
            leaves += 1
            continue
        left, right = int(tree.left[node]), int(tree.right[node])
        places[[left, right], 1] = places[node, 1] + 1
        waiting += [right, left]
    for node in np.flatnonzero(tree.column >= 0)[::-1]:
        places[node, 0] = (places[tree.left[node], 0] + places[tree.right[node], 0]) / 2
    return places
