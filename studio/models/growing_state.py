"""What a growing tree has come to, as arrays: it goes on from them as if it had never stood still."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studio.models.best_split import TreeSplit
from studio.models.tree_growth import GrowingNode, GrownFully

Packed = dict[str, NDArray[np.generic]]


def pack_growth(growing: GrownFully) -> Packed:
    """All nodes with their questions, and the cases of those that are still to be looked at."""
    nodes = growing.nodes
    wide = max((len(node.split.left) for node in nodes if node.split is not None), default=1)
    left = np.zeros((len(nodes), wide), dtype=bool)
    column, length = np.full((2, len(nodes)), -1)
    threshold = np.full(len(nodes), np.nan)
    counts = np.zeros((len(nodes), growing.classes), dtype=np.int64)
    for number, node in enumerate(nodes):
        counts[number, : len(node.counts)] = node.counts  # none yet where it is still to be looked at
        if node.split is not None:
            column[number], threshold[number] = node.split.column, node.split.threshold
            length[number] = len(node.split.left)
            left[number, : length[number]] = node.split.left
    level = [nodes[number] for number in growing.level]
    return {
        "column": column,
        "threshold": threshold,
        "left": left,
        "length": length,
        "children": np.array([node.children for node in nodes]),
        "share": np.array([node.share for node in nodes]),
        "counts": counts,
        "level": np.array(growing.level, dtype=np.int64),
        "cases": np.concatenate([nodes[0].cases[:0], *(node.cases for node in level)]),
        "labels": np.concatenate([nodes[0].labels[:0], *(node.labels for node in level)]),
        "sizes": np.array([len(node.labels) for node in level], dtype=np.int64),
    }


def unpack_growth(growing: GrownFully, packed: Mapping[str, NDArray[np.generic]]) -> None:
    """Put ``growing``, which has not grown yet, where :func:`pack_growth` found another.

    Raises:
        KeyError, ValueError, IndexError, TypeError: these arrays are none of a tree that grows.
    """
    empty = growing.nodes[0]
    nodes = [GrowingNode(empty.cases[:0], empty.labels[:0], float(share)) for share in packed["share"]]
    for number, node in enumerate(nodes):
        node.counts = packed["counts"][number].astype(np.intp)
        first, second = (int(child) for child in packed["children"][number])
        if first < 0:
            continue
        left = packed["left"][number, : int(packed["length"][number])].astype(bool)
        node.split = TreeSplit(int(packed["column"][number]), left, float(packed["threshold"][number]))
        node.children = first, second
        nodes[first].path = (*node.path, (node.split, True))
        nodes[second].path = (*node.path, (node.split, False))
    level = [int(number) for number in packed["level"]]
    ends = np.cumsum(packed["sizes"].astype(np.int64))[:-1]
    if level:
        cases, labels = (
            np.split(packed["cases"].astype(np.int32), ends),
            np.split(packed["labels"].astype(np.int32), ends),
        )
        for number, own, named in zip(level, cases, labels, strict=True):
            nodes[number].cases, nodes[number].labels = own, named
    growing.nodes, growing.level = nodes, level
