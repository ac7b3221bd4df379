"""What is wrong with a table is refused, or said, with the row or the column it is about."""

from __future__ import annotations

import numpy as np
import pytest

from studio.core.errors import StudioError
from studio.data.table_columns import MISSING, TableColumn, TableRows, table_rows
from studio.data.table_findings import MOST_CATEGORIES, refuse_unusable, remarks, rows_in_both

CLASSES = ("no", "yes")


def numeric(labels: list[int], **columns: list[float]) -> TableRows:
    names = tuple(TableColumn(name, "numeric") for name in columns)
    return table_rows(names, [np.array(values, float) for values in columns.values()], np.array(labels), CLASSES)


def refused(rows: TableRows) -> StudioError:
    with pytest.raises(StudioError) as caught:
        refuse_unusable(rows, "answer", np.arange(2, 2 + len(rows)))
    return caught.value


def test_no_rows_and_one_row_are_refused() -> None:
    assert "no rows" in str(refused(numeric([], size=[])))
    assert "One row is too few" in str(refused(numeric([0], size=[1.0])))


def test_one_class_is_refused_with_its_column() -> None:
    rows = table_rows((TableColumn("size", "numeric"),), [np.arange(3.0)], np.zeros(3, int), ("no",))
    assert "All 3 rows have the class “no” in the column “answer”" in str(refused(rows))


def test_a_class_seen_once_is_refused_with_its_row() -> None:
    error = refused(numeric([0, 0, 1, 0], size=[1, 2, 3, 4]))
    assert "“yes” is seen in one row only, row 4" in str(error)
    assert error.place == "dataset.class_column"


def test_a_column_without_values_is_refused() -> None:
    error = refused(numeric([0, 0, 1, 1], size=[1, 2, 3, 4], weight=[np.nan] * 4))
    assert "“weight” has no value in any row" in str(error)


def test_more_names_than_can_be_told_apart_are_refused() -> None:
    names = tuple(map(str, range(MOST_CATEGORIES + 1)))
    columns = (TableColumn("street", "nominal", names),)
    rows = table_rows(columns, [np.arange(len(names))], np.arange(len(names)) % 2, CLASSES)
    assert "“street” holds 1,001 different names" in str(refused(rows))


def test_a_table_of_nothing_but_classes_is_refused() -> None:
    assert "no column beside its class" in str(refused(table_rows((), [], np.array([0, 0, 1, 1]), CLASSES)))


def test_a_usable_table_is_not_refused_and_nothing_is_said_of_it() -> None:
    rows = numeric([0, 1, 0, 1], size=[1, 2, 3, 1.5], weight=[4, 2, 2, 5])
    refuse_unusable(rows, "answer", np.arange(4))
    assert remarks(rows) == ()


def test_a_column_that_tells_the_class_is_said() -> None:
    said = [str(text) for text in remarks(numeric([0, 1, 0, 1], size=[1, 9, 2, 8], weight=[4, 2, 2, 5]))]
    assert len(said) == 1
    assert "“size” tells the class by itself" in said[0]


def test_names_that_tell_the_class_are_said_even_where_some_are_missing() -> None:
    columns = (TableColumn("verdict", "nominal", ("guilty", "free")),)
    telling = table_rows(columns, [np.array([0, 0, 1, 1, MISSING, MISSING])], np.array([0, 0, 1, 1, 1, 1]), CLASSES)
    not_telling = table_rows(columns, [np.array([0, 0, 1, 1, MISSING, MISSING])], np.array([0, 1] * 3), CLASSES)
    assert "“verdict” tells the class" in str(remarks(telling)[0])
    assert remarks(not_telling) == ()


def test_columns_that_name_or_count_the_rows_are_said() -> None:
    count = 24
    columns = (TableColumn("number", "numeric"), TableColumn("surname", "nominal", tuple(map(str, range(count)))))
    cells = [np.arange(count) + 7.0, np.arange(count)[::-1]]
    said = [str(text) for text in remarks(table_rows(columns, cells, np.arange(count) % 2, CLASSES))]
    assert len(said) == 1
    assert said[0].startswith("The columns “number”, “surname” say something else in every row")


def test_a_constant_column_is_said() -> None:
    assert "“size” says the same" in str(remarks(numeric([0, 1, 0, 1], size=[3, 3, 3, 3], weight=[4, 2, 2, 5]))[0])


def test_rows_in_both_parts_are_counted_whatever_their_class() -> None:
    train = numeric([0, 1, 0], size=[1, 0.0, np.nan], weight=[4, 2, 2])
    test = numeric([1, 1, 1, 0], size=[1, -0.0, np.nan, 1], weight=[4, 2, 2, 2])
    (said,) = rows_in_both(train, test)
    assert "3 of the 4 rows to test on stand among the rows to learn from too" in str(said)
    assert rows_in_both(train, test.take(np.array([3]))) == ()
