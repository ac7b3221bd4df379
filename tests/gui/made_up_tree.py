"""A made-up tree of a table with a numeric and a nominal column, as a run would have ended with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from studio.gui.presenters.column_samples import column_samples
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.presenters.tree_reading import CasesTried, DrawableTree, SizesTried, TreeOfRun
from studio.models.tree import DecisionTree
from studio.models.tree_columns import TreeColumn
from studio.models.tree_growth import grow_tree
from studio.models.tree_layout import tree_layout
from studio.runs.files.history import Reference
from tests.gui.made_up import pictures_run

SIZE = TreeColumn("size", whole=True)


def grown(classes: tuple[str, ...] = ("plum", "apple"), colour: str = "colour") -> DecisionTree:
    """Small ones are plums; of the large ones the red and the blue are apples. Sizes 1 to 8, eight of each colour."""
    rows = np.array([[size, colour] for size in range(1, 9) for colour in range(3)], dtype=float)
    labels = ((rows[:, 0] > 4) & (rows[:, 1] != 1)).astype(np.int64)
    return grow_tree(rows, labels, (SIZE, TreeColumn(colour, ("red", "green", f"blue {colour}"))), classes)


def drawable(tree: DecisionTree | None = None, *, made_up: bool = True, sizes: bool = True) -> DrawableTree:
    """A tree with true rows of it, one of them wrong in its leaf, and the sizes that were tried."""
    tree = tree or grown()
    rows = tree.counts.copy()
    rows[0, 0] += 1
    rows[tree.left[0], 1] += 1
    tried = SizesTried(np.array([1.0, 2.0, 3.0, 8.0]), np.array([0.4, 0.2, 0.1, 0.12]), 2) if sizes else None
    return DrawableTree(tree, tree_layout(tree), made_up, rows, tried)


def drawable_in_full() -> DrawableTree:
    """The same beside trees of fewer made-up cases, with made-up rows beside true ones."""
    plain = drawable()
    tried = CasesTried(np.array([100.0, 400.0]), np.array([0.3, 0.1]))
    true = np.array([[size, colour] for size in range(1, 9) for colour in range(3)], dtype=float)
    made = true[np.random.default_rng(0).permutation(len(true))]
    return replace(plain, cases_tried=tried, samples=column_samples(plain.tree.columns, true, made))


def tree_run(tree: DrawableTree | None = None, *, label: str = "Born-again tree") -> ShownRun:
    """A run that ended with a tree; it also has moments, at which the tree is the same."""
    history = pictures_run(label, run="made-up-tree", readings=60, snapshots=4)
    history.teacher, history.alone = Reference(0.95), Reference(0.8)
    return ShownRun(history, current=True, method="ba_tree", tree=TreeOfRun(tree or drawable()))
