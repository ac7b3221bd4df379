"""A tree as JSON: arrays of plain numbers. Reading one executes nothing, and what is no tree is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    said: dict[str, Any] = {
        "format": FORMAT,
        "columns": columns_as_json(tree.columns),
        "classes": tree.classes,
        **{name: array.tolist() for name, array in tree_arrays(tree).items()},
    }
    said |= {"threshold": [None if np.isnan(value) else value for value in said["threshold"]], "left_values": nominal}
    return json.dumps(said, ensure_ascii=False)


def tree_from_json(written: str | bytes) -> DecisionTree:
    """The way back.

    Raises:
        ValueError: it is no tree: not of this format, numbers that fit no column, nodes that are not reached once each.
    """
    try:
        return _read(parse_json(written))
    except (KeyError, TypeError, AttributeError, OverflowError, IndexError) as error:
        raise ValueError("not a tree") from error


def _read(said: dict[str, Any]) -> DecisionTree:
    if said["format"] != FORMAT or not 0 < len(said["column"]) <= MOST_NODES:
        raise ValueError("not a tree of this format")
    columns = columns_of_json(said["columns"])
    left_values = np.zeros((len(said["column"]), _most_values(columns)), dtype=bool)
    for node, values in said["left_values"].items():
        left_values[int(node), values] = True
    threshold = [np.nan if value is None else value for value in said["threshold"]]
    arrays = {name: np.array(said[name]) for name in _TYPES if name not in ("threshold", "left_values")}
    arrays |= {"threshold": np.array(threshold, dtype=np.float64), "left_values": left_values}
    return tree_of_arrays(columns, tuple(map(str, said["classes"])), arrays)


# --- its arrays --------------------------------------------------------------------------------------------------------

_TYPES: dict[str, Any] = {
    "column": np.int32, "threshold": np.float64, "left_values": np.bool_, "missing_left": np.bool_,
    "left": np.int32, "right": np.int32, "counts": np.float64, "share": np.float64,
}  # fmt: skip


def tree_arrays(tree: DecisionTree) -> dict[str, np.ndarray]:
    """Its arrays by name."""
    return {name: getattr(tree, name) for name in _TYPES}


def tree_of_arrays(
    columns: tuple[TreeColumn, ...], classes: tuple[str, ...], arrays: Mapping[str, np.ndarray]
) -> DecisionTree:
    """The way back.

    Raises:
        KeyError: one is missing.
        ValueError: together they are no tree.
    """
    tree = DecisionTree(columns, classes, **{name: arrays[name].astype(kind) for name, kind in _TYPES.items()})
    _check(tree)
    return tree


def columns_as_json(columns: tuple[TreeColumn, ...]) -> list[dict[str, Any]]:
    """Columns as plain values."""
    return [asdict(column) for column in columns]


def columns_of_json(said: list[dict[str, Any]]) -> tuple[TreeColumn, ...]:
    """The way back; KeyError, TypeError or ValueError where it is none."""
    return tuple(
        TreeColumn(
            str(each["name"]), tuple(map(str, each["values"])), bool(each["whole"]),
            float(each["low"]), float(each["high"]), bool(each["has_missing"]),
        )
        for each in said
    )  # fmt: skip


def _most_values(columns: tuple[TreeColumn, ...]) -> int:
    return max((len(column.values) for column in columns), default=0)


def _check(tree: DecisionTree) -> None:
    count = len(tree)
    if tree.left_values.shape != (count, _most_values(tree.columns)):
        raise ValueError("its sets of values are not those of its columns")
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
