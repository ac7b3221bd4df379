"""Born-again trees: one tree grown on made-up cases that an ensemble has answered, cut back by the rows it learnt from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.methods.synthesis.node_cases import Answers, NodeCases
from studio.models.best_split import SplitFinder
from studio.models.tree import DecisionTree
from studio.models.tree_columns import TreeColumn
from studio.models.tree_growth import GrownFully, codes_for
from studio.models.tree_pruning import PruningStep, misclassified_share, pruning_path, tree_after, wrong_rows

Generators = Callable[[int], np.random.Generator]


@dataclass(frozen=True)
class GrowthPlan:
    """How the made-up cases are made.

    Attributes:
        cases: for the root.
        p_alt: probability that a value of a case is replaced.
        least: cases that every node gets.
        budget: cases that are made for nodes below the root, in all.
    """

    cases: int
    p_alt: float = 0.25
    least: int = 20
    budget: int = 0


@dataclass(frozen=True)
class ChosenTree:
    """A tree and where it stands among the trees that pruning leaves.

    Attributes:
        path: from all that grew to the root alone, the cost of each the training rows it answers wrongly.
        step: which of them was chosen.
    """

    tree: DecisionTree
    path: list[PruningStep]
    step: int


def begin_born_again(
    rows: NDArray[np.float64],
    columns: tuple[TreeColumn, ...],
    classes: tuple[str, ...],
    answers: Answers,
    plan: GrowthPlan,
    generators: Generators,
) -> tuple[GrownFully, NodeCases]:
    """A tree with the cases of its root, and where those of its other nodes come from.

    Args:
        rows: (n, p) the training rows; missing values NaN, nominal ones as numbers of their values.
        answers: of the ensemble.
        generators: gives the root and each level its own.
    """
    codes = codes_for(rows, columns)
    source = NodeCases(
        codes, codes.encode(rows), answers,
        p_alt=plan.p_alt, least=plan.least, budget=plan.budget, generators=generators,
    )  # fmt: skip
    return GrownFully(SplitFinder(codes, len(classes)), *source.first(plan.cases), len(classes), source=source), source


def choose_subtree(
    tree: DecisionTree, rows: NDArray[np.float64], labels: NDArray[np.int64], most_leaves: int | None = None
) -> ChosenTree:
    """The tree of the pruning sequence that answers fewest training rows wrongly; of equal ones the smallest.

    Args:
        tree: as it has grown; its own cases give the sequence.
        rows, labels: (n, p) and (n,), true rows with their true labels.
        most_leaves: smaller trees only; the root alone always is one.

    Source: Breiman and Shang, "Born again trees", 1996, section 3.
    """
    path = pruning_path(tree, misclassified_share(tree), wrong_rows(tree, rows, labels))
    small = [number for number, step in enumerate(path) if most_leaves is None or step.leaves <= max(most_leaves, 1)]
    best = min(small, key=lambda number: (path[number].cost, path[number].leaves))
    return ChosenTree(tree_after(tree, path, best), path, best)


def fit_born_again(
    rows: NDArray[np.float64],
    labels: NDArray[np.int64],
    columns: tuple[TreeColumn, ...],
    classes: tuple[str, ...],
    answers: Answers,
    plan: GrowthPlan,
    generators: Generators,
    most_leaves: int | None = None,
) -> ChosenTree:
    """Grow and cut back in one go; see :func:`begin_born_again` and :func:`choose_subtree`.

    Source: Breiman and Shang, "Born again trees", technical report, University of California, Berkeley, 1996.
    """
    growing, _ = begin_born_again(rows, columns, classes, answers, plan, generators)
    for _ in growing.levels():
        pass
    return choose_subtree(growing.tree(columns, classes), rows, labels, most_leaves)
