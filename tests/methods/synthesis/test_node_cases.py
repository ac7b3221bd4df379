"""Repeated generation: every node gets its cases, all of them on its path, until the budget is met."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.methods.synthesis.node_cases import NodeCases
from studio.models.best_split import SplitFinder
from studio.models.column_codes import codes_of
from studio.models.growing_state import pack_growth, unpack_growth
from studio.models.tree import DecisionTree
from studio.models.tree_columns import TreeColumn
from studio.models.tree_growth import GrownFully

ROWS = np.random.default_rng(0).random((40, 3))
COLUMNS = tuple(map(TreeColumn, "abc"))


def answers(rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """A slope that questions about single columns follow in steps."""
    return (rows[:, 0] + rows[:, 1] > 1).astype(np.int64)


def begun(budget: int, first: int = 200, least: int = 30) -> tuple[GrownFully, NodeCases]:
    codes = codes_of(ROWS, (0, 0, 0))
    source = NodeCases(
        codes, codes.encode(ROWS), answers, p_alt=0.5, least=least, budget=budget, generators=np.random.default_rng
    )
    return GrownFully(SplitFinder(codes, 2), *source.first(first), 2, source=source), source


def grown(budget: int, first: int = 200, least: int = 30) -> tuple[DecisionTree, NodeCases]:
    growing, source = begun(budget, first, least)
    for _ in growing.levels():
        pass
    return growing.tree(COLUMNS, ("below", "above")), source


def test_every_node_has_its_least_number_of_cases_and_every_leaf_one_class() -> None:
    tree, source = grown(budget=100_000)
    assert tree.counts.sum(1).min() >= 30
    assert (tree.counts[tree.column < 0].max(1) == tree.counts[tree.column < 0].sum(1)).all()
    assert source.made > 0
    assert source.refused == 0


def test_the_share_of_a_node_is_that_of_the_cases_that_come_to_it() -> None:
    tree, _ = grown(budget=100_000)
    many, _ = grown(budget=0, first=20_000)
    inner = tree.column >= 0
    assert tree.share[tree.left[inner]] + tree.share[tree.right[inner]] == pytest.approx(tree.share[inner])
    assert many.share[1] == pytest.approx(many.counts[1].sum() / 20_000, abs=0.02)


def test_a_budget_that_is_met_is_kept_and_said() -> None:
    tree, source = grown(budget=100)
    assert source.made <= 100
    assert source.refused > 0
    assert tree.leaves > 2


def test_more_cases_bring_the_tree_nearer_to_what_answers() -> None:
    """Measured on fresh rows of the same columns."""
    fresh = np.random.default_rng(5).random((4000, 3))
    poor, rich = grown(budget=0, first=40)[0], grown(budget=100_000)[0]
    wrong = [(tree.predict(fresh) != answers(fresh)).mean() for tree in (poor, rich)]
    assert wrong[1] < 0.7 * wrong[0]


def test_a_tree_that_stood_still_on_any_level_grows_to_the_same_end() -> None:
    whole, _ = grown(budget=2000)
    level = 0
    while True:
        growing, source = begun(2000)
        for _ in zip(range(level), growing.levels(), strict=False):
            pass
        if not growing.level:
            break
        kept = {name: array.copy() for name, array in pack_growth(growing).items()}
        again, new_source = begun(2000)
        unpack_growth(again, kept)
        new_source.go_on([again.nodes[number] for number in again.level], source.made, source.refused, source.level)
        for _ in again.levels():
            pass
        tree = again.tree(COLUMNS, ("below", "above"))
        for name in ("column", "threshold", "counts", "share", "left"):
            assert np.array_equal(getattr(tree, name), getattr(whole, name), equal_nan=True)
        level += 1
    assert level > 4
