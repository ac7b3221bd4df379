"""The tree that a run ended with, read from its folder as plain values. Made for a background job; runs no code of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from studio.core.arrays import read_arrays
from studio.core.errors import StudioError
from studio.core.format import byte_size, short_number, thousands
from studio.core.message import NOTHING, Text, text
from studio.gui.presenters.column_samples import ColumnSamples, column_samples
from studio.runs.files.chain import read_chain
from studio.runs.files.folder import RunFolder

if TYPE_CHECKING:
    from studio.models.tree import DecisionTree
    from studio.models.tree_words import Condition
    from studio.runs.run_info import RunInfo

#: Bytes and nodes of a tree that is drawn; a born-again tree of 20,000 made-up cases has some hundred nodes.
MOST_BYTES, MOST_NODES = 32_000_000, 20_000
#: Sizes of trees of which it is told how many rows they answer wrongly.
MOST_SIZES = 10_000


@dataclass(frozen=True, eq=False)
class SizesTried:
    """Trees that pruning left, from small to large.

    Attributes:
        leaves, wrong: (n,) how large each is, and the share of test rows it answers wrongly.
        chosen: the number of the one that was kept.
    """

    leaves: np.ndarray
    wrong: np.ndarray
    chosen: int


@dataclass(frozen=True, eq=False)
class CasesTried:
    """Trees grown on other numbers of made-up cases, from few to many; the last is the one that was kept.

    Attributes:
        cases, wrong: (n,) how many, and the share of test rows the tree answers wrongly.
    """

    cases: np.ndarray
    wrong: np.ndarray


@dataclass(frozen=True, eq=False)
class RowsToFollow:
    """True rows that can be followed through a tree.

    Attributes:
        rows, labels: (n, D) and (n,).
    """

    rows: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False)
class DrawableTree:
    """A tree and where its nodes stand. m nodes, K classes.

    Attributes:
        places: (m, 2) across in widths of a leaf, down in questions.
        made_up: whether its cases were made up, and answered by a teacher.
        rows: (m, K) true rows of each class that come to each node; None where they were not kept.
        sizes: None where the run tried no others.
        cases_tried: the same of numbers of cases.
        followed: true rows by themselves; None where they were not kept.
        samples: made-up rows beside true ones, column by column.
    """

    tree: DecisionTree
    places: np.ndarray
    made_up: bool = False
    rows: np.ndarray | None = None
    sizes: SizesTried | None = None
    cases_tried: CasesTried | None = None
    followed: RowsToFollow | None = None
    samples: ColumnSamples | None = None

    @cached_property
    def parents(self) -> np.ndarray:
        """(m,) the node above each; -1 of the root."""
        above = np.full(len(self.tree), -1)
        inner = np.flatnonzero(self.tree.column >= 0)
        above[self.tree.left[inner]] = above[self.tree.right[inner]] = inner
        return above

    @cached_property
    def labels(self) -> np.ndarray:
        """(m,) the class of most cases at each node."""
        return np.asarray(self.tree.labels)

    @cached_property
    def cases(self) -> np.ndarray:
        """(m,) cases that come to each node."""
        return np.asarray(self.tree.counts.sum(1))

    @cached_property
    def largest_leaf(self) -> int:
        """The leaf that most cases come to."""
        return int(np.where(self.tree.column < 0, self.cases, -1).argmax())

    def is_leaf(self, node: int) -> bool:
        return bool(self.tree.column[node] < 0)

    def question(self, node: int) -> str:
        """The column that a node asks about; empty at a leaf."""
        return "" if self.is_leaf(node) else self.tree.columns[self.tree.column[node]].name

    def branch(self, node: int) -> Text:
        """What the branch to a node says; nothing at the root."""
        from studio.models.tree_words import branch_words

        above = int(self.parents[node])
        return branch_words(self.tree, above, bool(self.tree.left[above] == node)) if above >= 0 else NOTHING

    def rule(self, node: int) -> tuple[Condition, ...]:
        """What holds of all cases that come to a node."""
        from studio.models.tree_words import rule

        return rule(self.tree, node)

    def way_of(self, row: int) -> list[int]:
        """The nodes that a row to follow passes, from the root to its leaf."""
        if self.followed is None:
            return []
        nodes = [int(each[0]) for each in self.tree.path_of(self.followed.rows[row : row + 1])]
        return [node for number, node in enumerate(nodes) if not number or node != nodes[number - 1]]

    def value_at(self, row: int, node: int) -> str:
        """What a row to follow has in the column that a node asks about: ``red``, ``5``, ``?`` where it is missing."""
        assert self.followed is not None
        place = int(self.tree.column[node])
        value, column = float(self.followed.rows[row, place]), self.tree.columns[place]
        if np.isnan(value):
            return "?"
        return column.values[int(value)] if column.nominal else short_number(value)

    def way_to(self, node: int) -> list[int]:
        """The nodes from the root to this one."""
        way = [node]
        while (above := int(self.parents[way[-1]])) >= 0:
            way.append(above)
        return way[::-1]

    def written(self, suffix: str) -> str:
        """All of it in one of the formats in which ``studio export`` writes trees; KeyError where it is none."""
        from studio.runs.exports.tree_text import FORMATS

        return FORMATS[suffix](self.tree)


@dataclass(frozen=True, eq=False)
class TreeOfRun:
    """A tree, or why the tree of a run cannot be drawn."""

    tree: DrawableTree | None = None
    problem: Text = NOTHING


def read_tree(info: RunInfo) -> TreeOfRun | None:
    """The tree that a run ended with; None where it ended with something else, or has not ended."""
    from studio.models.files import NETWORK, kind_of, load_model
    from studio.models.tree_model import KEY, TreeModel

    file = info.places.student
    kept = info.state in ("finished", "early_stop") and not info.problem
    kind = kind_of(file) if kept else ""
    if kind != KEY and not (
        kind == NETWORK and info.student == KEY
    ):  # of a file that is broken the run says what it was
        return None
    try:
        if (size := file.stat().st_size) > MOST_BYTES:
            return _too_large(text("Its file has {size}.", size=byte_size(size)))
        model = load_model(file)
    except OSError:
        return TreeOfRun(problem=text("The file {file} in the folder of the run is missing.", file=file.name))
    except StudioError as error:
        return TreeOfRun(problem=error.paragraph())
    if not isinstance(model, TreeModel):
        return TreeOfRun(problem=text("What the run has kept is no tree."))
    if len(model.tree) > MOST_NODES:
        return _too_large(text("It has {leaves} leaves.", leaves=thousands(model.tree.leaves)))
    return TreeOfRun(_drawable(model.tree, read_arrays(_made_by(info).arrays)))


def _too_large(why: Text) -> TreeOfRun:
    return TreeOfRun(
        problem=text("It is too large to be drawn. {why} Save what the run has learnt to read it.", why=why)
    )


def _made_by(info: RunInfo) -> RunFolder:
    """The folder of the run that made the tree: of a chain that of the step whose model counts."""
    chain = read_chain(info.places)
    step = chain.step(chain.result) if chain is not None else None
    return RunFolder(info.folder.parent / Path(step.run).name) if step is not None else info.places


def _drawable(tree: DecisionTree, arrays: Mapping[str, np.ndarray]) -> DrawableTree:
    from studio.models.tree_layout import tree_layout

    rows, sizes, made = _rows(tree, arrays), _sizes(arrays), arrays.get("made_up", np.empty(0))
    samples = None
    if rows is not None and made.ndim == 2 and made.dtype.kind == "f":
        samples = column_samples(tree.columns, arrays["true_rows"], made)
    return DrawableTree(
        tree, tree_layout(tree), "made_up" in arrays, rows, sizes,
        cases_tried=_cases(arrays, sizes),
        followed=RowsToFollow(arrays["true_rows"], arrays["true_labels"]) if rows is not None else None,
        samples=samples,
    )  # fmt: skip


def _cases(arrays: Mapping[str, np.ndarray], sizes: SizesTried | None) -> CasesTried | None:
    """The trees of fewer cases and the one that was kept; None where there are none, or what is there cannot be."""
    cases, wrong, made = (arrays.get(name, np.empty(0)) for name in ("fewer_cases", "fewer_wrong", "made"))
    if sizes is None or not 0 < cases.size <= MOST_SIZES or cases.shape != wrong.shape or cases.ndim != 1:
        return None
    if cases.dtype.kind not in "iu" or wrong.dtype.kind != "f" or made.dtype.kind not in "iu" or not made.size:
        return None
    cases = np.append(cases[::-1], made.flat[0])
    wrong = np.append(wrong[::-1], sizes.wrong[sizes.chosen])
    if (np.diff(cases) <= 0).any() or cases[0] < 1 or not ((wrong >= 0) & (wrong <= 1)).all():
        return None
    return CasesTried(cases.astype(float), wrong)


def _rows(tree: DecisionTree, arrays: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """(m, K) rows by node and class; None where they are not there, or are rows of another table."""
    rows, labels = arrays.get("true_rows"), arrays.get("true_labels")
    if rows is None or labels is None or rows.ndim != 2 or rows.shape != (len(labels), len(tree.columns)):
        return None
    if rows.dtype.kind != "f" or np.isinf(rows).any() or labels.ndim != 1 or labels.dtype.kind not in "iu":
        return None
    if not len(labels) or labels.min() < 0 or labels.max() >= len(tree.classes):
        return None
    counts = np.zeros(tree.counts.shape)
    try:
        way = tree.path_of(rows)
    except IndexError:  # a nominal value that the column does not have
        return None
    np.add.at(counts, (way[0], labels), 1)
    for before, after in pairwise(way):
        moved = before != after
        np.add.at(counts, (after[moved], labels[moved]), 1)
    return counts


def _sizes(arrays: Mapping[str, np.ndarray]) -> SizesTried | None:
    leaves, wrong, chosen = (arrays.get(name, np.empty(0)) for name in ("leaves", "wrong_test", "chosen"))
    if not 1 < len(np.atleast_1d(leaves)) <= MOST_SIZES or leaves.ndim != 1 or wrong.shape != leaves.shape:
        return None
    if leaves.dtype.kind not in "iuf" or wrong.dtype.kind != "f" or chosen.size != 1 or chosen.dtype.kind not in "iu":
        return None
    number = int(chosen.item())
    if not 0 <= number < len(leaves) or not (np.isfinite(leaves).all() and (leaves >= 1).all()):
        return None
    if not ((wrong >= 0) & (wrong <= 1)).all() or (np.diff(leaves) < 0).any():
        return None
    return SizesTried(leaves.astype(float), wrong.astype(float), number)
