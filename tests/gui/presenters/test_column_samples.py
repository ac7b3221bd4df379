"""Made-up rows beside true ones: shares of each value, how far apart both are, and the nearest true rows."""

from __future__ import annotations

import numpy as np
import pytest

from studio.gui.presenters.column_samples import MOST_COLUMNS, column_samples
from studio.models.tree_columns import TreeColumn
from tests.gui.at_hand import there

SIZE, COLOUR = TreeColumn("size", high=10.0), TreeColumn("colour", ("red", "blue"), has_missing=True)


def test_equal_rows_are_not_apart_and_other_ones_are() -> None:
    true = np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 1.0], [4.0, np.nan]])
    same = there(column_samples((SIZE, COLOUR), true, true))
    assert [column.apart for column in same.columns] == [0.0, 0.0]
    assert same.columns[1].labels == ("red", "blue", "?")
    assert same.columns[1].true.tolist() == [0.25, 0.5, 0.25]
    other = there(column_samples((SIZE, COLOUR), true, np.array([[1.0, 0.0]] * 4)))
    assert other.columns[1].apart == pytest.approx(0.75)
    assert other.columns[0].made.tolist() == [1.0, 0.0, 0.0, 0.0]


def test_shares_of_numbers_and_of_many_names_are_whole() -> None:
    draw = np.random.default_rng(0)
    many = TreeColumn("kind", tuple(f"kind {number}" for number in range(40)))
    rows = np.column_stack([draw.normal(size=300), draw.integers(0, 40, 300)])
    found = there(column_samples((SIZE, many), rows, rows[:50] + np.array([0.1, 0.0])))
    for column in found.columns:
        assert len(column.labels) == len(column.true) == len(column.made)
        assert column.true.sum() == pytest.approx(1)
        assert column.made.sum() == pytest.approx(1)
    assert found.columns[1].labels[-1] == "…"


def test_a_made_up_row_stands_beside_the_nearest_true_one() -> None:
    true = np.array([[0.0, 0.0], [10.0, 1.0]])
    pair = there(column_samples((SIZE, COLOUR), true, np.array([[9.0, 1.0]]))).pairs[0]
    assert pair.true == ("10.0", "blue")
    assert pair.differs == (True, False)


def test_of_many_columns_those_that_differ_most_are_kept_in_order() -> None:
    columns = tuple(TreeColumn(f"c{number}") for number in range(MOST_COLUMNS + 10))
    true = np.zeros((4, len(columns)))
    made = true.copy()
    made[:, -1] = 1.0
    found = there(column_samples(columns, true, made))
    assert len(found.columns) == MOST_COLUMNS
    assert found.columns[-1].name == f"c{MOST_COLUMNS + 9}"
    assert found.all_columns == len(columns)


def test_no_rows_or_rows_of_another_table_are_none() -> None:
    rows = np.zeros((2, 2))
    assert column_samples((SIZE, COLOUR), rows[:0], rows) is None
    assert column_samples((SIZE,), rows, rows) is None
    assert column_samples((SIZE, COLOUR), rows, np.full((2, 2), np.inf)) is None
