"""Rows of a table in memory: columns keep their order, kinds are apart, what is missing is told."""

from __future__ import annotations

import numpy as np
import pytest

from studio.data.table_columns import MISSING, TableColumn, TableRows, table_rows

COLUMNS = (
    TableColumn("colour", "nominal", ("blue", "red")),
    TableColumn("size", "numeric"),
    TableColumn("shape", "nominal", ("flat", "round", "square")),
)


def three_rows() -> TableRows:
    cells = (np.array([1, MISSING, 0]), np.array([0.5, 2.0, np.nan]), np.array([2, 0, 1]))
    return table_rows(COLUMNS, cells, np.array([0, 1, 1]), ("no", "yes"))


def test_columns_are_found_by_their_place_in_the_table() -> None:
    rows = three_rows()
    assert rows.numeric_places == (1,)
    assert rows.nominal_places == (0, 2)
    assert rows.cells(0).tolist() == [1, MISSING, 0]
    assert rows.cells(2).tolist() == [2, 0, 1]
    np.testing.assert_array_equal(rows.cells(1), [0.5, 2.0, np.nan])


def test_missing_values_are_told_of_both_kinds() -> None:
    rows = three_rows()
    assert rows.missing(0).tolist() == [False, True, False]
    assert rows.missing(1).tolist() == [False, False, True]


def test_rows_may_be_taken_more_than_once() -> None:
    rows = three_rows().take(np.array([2, 0, 2]))
    assert len(rows) == 3
    assert rows.labels.tolist() == [1, 0, 1]
    assert rows.cells(0).tolist() == [0, 1, 0]


def test_a_table_may_lack_a_kind_of_column() -> None:
    rows = table_rows((TableColumn("size", "numeric"),), (np.array([1.0, 2.0]),), np.array([0, 1]), ("a", "b"))
    assert rows.nominal.shape == (2, 0)


def test_arrays_that_do_not_fit_the_columns_are_an_error() -> None:
    with pytest.raises(ValueError, match="are not of"):
        TableRows(COLUMNS, np.zeros((2, 2)), np.zeros((2, 2), int), np.zeros(2, int), ("a", "b"))
