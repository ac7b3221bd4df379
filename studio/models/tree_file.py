"""A tree as JSON: arrays of plain numbers. Reading one executes nothing, and what is no tree is refused."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np

from studio.core.bounded_read import parse_json
from studio.models.tree import DecisionTree
from studio.models.tree_columns import TreeColumn

FORMAT = "distillation-studio tree 1"
#: Nodes of a tree that is read; those grown here have some thousands.
MOST_NODES = 1_000_000


def tree_json(tree: DecisionTree) -> str:
    """All of a tree, and nothing else."""
    nominal = {
        str(node): np.flatnonzero(tree.left_values[node]).tolist()
        for node in np.flatnonzero((tree.column >= 0) & np.isnan(tree.threshold)).tolist()
    }
    return json.dumps(
        {
            "format": FORMAT,
            "columns": [asdict(column) for column in tree.columns],
            "classes": tree.classes,
            "column": tree.column.tolist(),
            "threshold": [None if np.isnan(value) else value for value in tree.threshold.tolist()],
            "left_values": nominal,
            "missing_left": tree.missing_left.astype(int).tolist(),
            "left": tree.left.tolist(),
            "right": tree.right.tolist(),
            "counts": tree.counts.tolist(),
            "share": tree.share.tolist(),
        },
        ensure_ascii=False,
    )


def tree_from_json(written: str | bytes) -> DecisionTree:
    """The way back.

    Raises:
        ValueError: it is no tree: not of this format, numbers that fit no column, nodes that are not reached once each.
    """
    try:
        tree = _read(parse_json(written))
    except (KeyError, TypeError, AttributeError, OverflowError, IndexError) as error:
        raise ValueError("not a tree") from error
    _check(tree)
    return tree


def _read(said: dict[str, Any]) -> DecisionTree:
    if said["format"] != FORMAT or not 0 < len(said["column"]) <= MOST_NODES:
        raise ValueError("not a tree of this format")
    columns = tuple(
        TreeColumn(
            str(each["name"]), tuple(map(str, each["values"])), bool(each["whole"]),
            float(each["low"]), float(each["high"]), bool(each["has_missing"]),
        )
        for each in said["columns"]
    )  # fmt: skip
    left_values = np.zeros((len(said["column"]), max((len(each.values) for each in columns), default=0)), dtype=bool)
    for node, values in said["left_values"].items():
        left_values[int(node), values] = True
    return DecisionTree(
        columns,
        tuple(map(str, said["classes"])),
        column=np.array(said["column"], dtype=np.int32),
        threshold=np.array([np.nan if value is None else value for value in said["threshold"]], dtype=np.float64),
        left_values=left_values,
        missing_left=np.array(said["missing_left"], dtype=bool),
        left=np.array(said["left"], dtype=np.int32),
        right=np.array(said["right"], dtype=np.int32),
        counts=np.array(said["counts"], dtype=np.float64),
        share=np.array(said["share"], dtype=np.float64),
    )


def _check(tree: DecisionTree) -> None:
    count = len(tree)
    arrays = (tree.threshold, tree.missing_left, tree.left, tree.right, tree.share)
    if any(array.shape != (count,) for array in arrays) or tree.counts.shape != (count, len(tree.classes)):
        raise ValueError("its arrays are of different lengths")
    if (
        not tree.classes
        or not np.isfinite(tree.counts).all()
        or (tree.counts < 0).any()
        or (tree.counts.sum(1) <= 0).any()
    ):
        raise ValueError("its counts are none")
    inner = np.flatnonzero(tree.column >= 0)
    if (tree.column >= len(tree.columns)).any() or (tree.column < -1).any():
        raise ValueError("it asks about columns that it does not have")
    children = np.concatenate([tree.left[inner], tree.right[inner]])
    if not np.array_equal(np.sort(children), np.arange(1, count)) or (children <= np.tile(inner, 2)).any():
        raise ValueError("its nodes do not hang together")
    nominal = np.array([column.nominal for column in tree.columns], dtype=bool)
    if not np.array_equal(np.isnan(tree.threshold[inner]), nominal[tree.column[inner]]):
        raise ValueError("its questions are not those of its columns")
