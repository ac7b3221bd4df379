"""A tree in words: what a branch asks, the rule of a leaf, and all of it as indented text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from studio.core.format import short_number, thousands
from studio.core.message import Text, text
from studio.models.tree import DecisionTree

#: Values of a nominal column that a branch names before it counts the rest.
VALUES_NAMED = 4


@dataclass(frozen=True)
class Condition:
    """What a rule says of one column.

    Attributes:
        column: its name.
        words: what holds of it: "is 6 or more", "is red or blue".
    """

    column: str
    words: Text


def path_to(tree: DecisionTree, node: int) -> list[tuple[int, bool]]:
    """The nodes from the root to the one above ``node``, each with whether the way goes left there."""
    parent = {int(child): (above, left) for above in np.flatnonzero(tree.column >= 0).tolist()
              for child, left in ((tree.left[above], True), (tree.right[above], False))}  # fmt: skip
    path = []
    while node in parent:
        path.append(parent[node])
        node = parent[node][0]
    return path[::-1]


def branch_words(tree: DecisionTree, node: int, left: bool) -> Text:
    """What a branch says: "≤ 5", "> 0.25", "red, blue"; where missing values go it says so too."""
    column = tree.columns[tree.column[node]]
    missing = bool(tree.missing_left[node]) == left and column.has_missing
    if column.nominal:
        goes = tree.left_values[node, : len(column.values)] == left
        named = [name for name, there in zip(column.values, goes, strict=True) if there]
        shown, rest = named[:VALUES_NAMED], len(named) - VALUES_NAMED
        said = ", ".join(shown)
        if rest > 0:
            said_text = text("{values} or {n} others", values=said, n=rest)
        elif missing and not named:
            return text("missing")
        else:
            said_text = Text("{values}", {"values": said})
    else:
        said_text = Text("{value}", {"value": _number_words(tree, node, left)})
    return text("{what} or missing", what=said_text) if missing else said_text


def _number_words(tree: DecisionTree, node: int, left: bool) -> str:
    column, threshold = tree.columns[tree.column[node]], float(tree.threshold[node])
    if column.whole:
        return f"≤ {thousands(np.floor(threshold))}" if left else f"≥ {thousands(np.floor(threshold) + 1)}"
    return f"{'≤' if left else '>'} {short_number(threshold)}"


def rule(tree: DecisionTree, leaf: int) -> tuple[Condition, ...]:
    """What holds of all cases in a node, a condition a column, in the order in which they are first asked about."""
    asked: dict[int, list[tuple[int, bool]]] = {}
    for node, left in path_to(tree, leaf):
        asked.setdefault(int(tree.column[node]), []).append((node, left))
    return tuple(Condition(tree.columns[column].name, _holds(tree, column, steps)) for column, steps in asked.items())


def _holds(tree: DecisionTree, place: int, steps: list[tuple[int, bool]]) -> Text:
    column = tree.columns[place]
    missing = column.has_missing and all(bool(tree.missing_left[node]) == left for node, left in steps)
    if column.nominal:
        goes = np.ones(len(column.values), dtype=bool)
        for node, left in steps:
            goes &= tree.left_values[node, : len(column.values)] == left
        said = _among([name for name, there in zip(column.values, goes, strict=True) if there])
    else:
        said = _range(tree, steps)
    if not missing:
        return said
    return text("{what} or is missing", what=said) if said else text("is missing")


def _among(names: list[str]) -> Text:
    if len(names) < 2:
        return text("is {value}", value=names[0]) if names else Text("")
    return text("is {values} or {last}", values=", ".join(names[:-1]), last=names[-1])


def _range(tree: DecisionTree, steps: list[tuple[int, bool]]) -> Text:
    """The narrowest range that the steps leave."""
    whole = tree.columns[tree.column[steps[0][0]]].whole
    highs = [float(tree.threshold[node]) for node, left in steps if left]
    lows = [float(tree.threshold[node]) for node, left in steps if not left]
    high = min(highs) if highs else None
    low = max(lows) if lows else None
    if whole:
        high = None if high is None else np.floor(high)
        low = None if low is None else np.floor(low) + 1
        if low is not None and low == high:
            return text("is {value}", value=thousands(low))
        if low is not None and high is not None:
            return text("is {low} to {high}", low=thousands(low), high=thousands(high))
        return (
            text("is {low} or more", low=thousands(low))
            if low is not None
            else text("is {high} or less", high=thousands(high))
        )
    if low is not None and high is not None:
        return text("is above {low}, at most {high}", low=short_number(low), high=short_number(high))
    return (
        text("is above {low}", low=short_number(low))
        if low is not None
        else text("is at most {high}", high=short_number(high))
    )


def text_rules(tree: DecisionTree) -> str:
    """All of a tree as indented lines; a leaf is its class with the share of its cases that have it.

    Example:
        >>> from studio.models.tree_growth import grow_tree
        >>> from studio.models.tree_columns import TreeColumn
        >>> rows, labels = np.array([[1.0], [2.0], [6.0]]), np.array([0, 0, 1])
        >>> print(text_rules(grow_tree(rows, labels, (TreeColumn("size", whole=True),), ("small", "large"))))
        size ≤ 4: small (100 %)
        size ≥ 5: large (100 %)
    """
    return "\n".join(_lines(tree, 0, 0)) if tree.column[0] >= 0 else _leaf_words(tree, 0)


def _lines(tree: DecisionTree, node: int, deep: int) -> Iterator[str]:
    for left in (True, False):
        child = int((tree.left if left else tree.right)[node])
        asked = f"{'|   ' * deep}{tree.columns[tree.column[node]].name} {_asks(tree, node, left)}"
        if tree.column[child] < 0:
            yield f"{asked}: {_leaf_words(tree, child)}"
        else:
            yield asked
            yield from _lines(tree, child, deep + 1)


def _asks(tree: DecisionTree, node: int, left: bool) -> str:
    said = str(branch_words(tree, node, left))
    return f"in {{{said}}}" if tree.columns[tree.column[node]].nominal else said


def _leaf_words(tree: DecisionTree, leaf: int) -> str:
    counts = tree.counts[leaf]
    return f"{tree.classes[tree.labels[leaf]]} ({100 * counts.max() / max(counts.sum(), 1):.0f} %)"
