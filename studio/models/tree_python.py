"""A tree as a Python function that depends on nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from studio.models.tree import DecisionTree


def tree_python(tree: DecisionTree, title: str = "") -> str:
    """The source of a function ``classify(row)``, in which every name of the table stands as a quoted text.

    Args:
        title: said in its docstring; letters of any kind, they are quoted.

    Example:
        >>> from studio.models.tree_growth import grow_tree
        >>> from studio.models.tree_columns import TreeColumn
        >>> tree = grow_tree(np.array([[1.0], [6.0]]), np.array([0, 1]), (TreeColumn("size"),), ("small", "large"))
        >>> made = {}
        >>> exec(tree_python(tree), made)
        >>> made["classify"]({"size": 2})
        'small'
    """
    about = title or "a tree of the Distillation Studio"
    head = [
        f"ABOUT = {about!r}",
        f"COLUMNS = {tuple(column.name for column in tree.columns)!r}",
        f"CLASSES = {tree.classes!r}",
        "",
        "",
        "def classify(row):",
        '    """The class of a row: a dictionary by the names in COLUMNS, numbers or texts, None where a value is missing."""',
    ]
    return "\n".join([*head, *_lines(tree, 0, 1), ""])


def _lines(tree: DecisionTree, node: int, deep: int) -> Iterator[str]:
    indent = "    " * deep
    if tree.column[node] < 0:
        yield f"{indent}return {tree.classes[tree.labels[node]]!r}"
        return
    yield f"{indent}value = row[{tree.columns[tree.column[node]].name!r}]"
    yield f"{indent}if {_condition(tree, node)}:"
    yield from _lines(tree, int(tree.left[node]), deep + 1)
    yield f"{indent}else:"
    yield from _lines(tree, int(tree.right[node]), deep + 1)


def _condition(tree: DecisionTree, node: int) -> str:
    column = tree.columns[tree.column[node]]
    if column.nominal:
        names = tuple(column.values[value] for value in np.flatnonzero(tree.left_values[node]).tolist())
        known = f"value in {names!r}"
    else:
        known = f"value <= {float(tree.threshold[node])!r}"
    return f"value is None or {known}" if tree.missing_left[node] else f"value is not None and {known}"
