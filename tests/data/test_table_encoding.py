"""Rows as numbers for networks: what each number says, which rows decide the ranges, what becomes of missing values."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studio.data.prepare import prepare
from studio.data.table_columns import MISSING, TableColumn, TableRows, table_rows
from studio.data.table_encoding import TableEncoding, encoded_width, fit_encoding

COLUMNS = (
    TableColumn("size", "numeric", has_missing=True),
    TableColumn("colour", "nominal", ("blue", "green", "red"), has_missing=True),
    TableColumn("weight", "numeric"),
)


def rows_with(sizes: list[float], colours: list[int], weights: list[float]) -> TableRows:
    cells = (np.array(sizes), np.array(colours), np.array(weights))
    return table_rows(COLUMNS, cells, np.zeros(len(sizes), int), ("a", "b"))


def test_each_value_has_a_name_and_missing_ones_a_flag_of_their_own() -> None:
    rows = rows_with([2.0, 4.0, np.nan], [0, MISSING, 2], [5.0, 5.0, 5.0])
    encoding = fit_encoding(rows)
    assert encoding.names == (
        "size",
        "size is missing",
        "colour = blue",
        "colour = green",
        "colour = red",
        "colour is missing",
        "weight",
    )
    assert encoded_width(COLUMNS) == encoding.width == 7
    np.testing.assert_array_equal(
        encoding.encode(rows),
        np.array([[0, 0, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 1, 0], [0.5, 1, 0, 0, 1, 0, 0]], np.float32),
    )


def test_ranges_are_those_of_the_rows_it_was_fitted_to() -> None:
    encoding = fit_encoding(rows_with([0.0, 10.0], [0, 1], [1.0, 3.0]))
    sizes = encoding.encode(rows_with([5.0, -7.0, 99.0], [0, 0, 0], [1.0, 1.0, 1.0]))[:, 0]
    assert sizes.tolist() == [0.5, 0.0, 1.0]


def test_it_comes_back_from_its_text() -> None:
    encoding = fit_encoding(rows_with([0.1, 1e300], [0, 1], [-1.0, 3.0]))
    assert TableEncoding.from_json(encoding.as_json()) == encoding
    with pytest.raises(ValueError, match="encoding"):
        TableEncoding.from_json('{"columns": 3}')


@given(
    st.lists(
        st.tuples(st.one_of(st.just(float("nan")), st.floats(-1e12, 1e12)), st.integers(-1, 2), st.floats(-1e12, 1e12)),
        min_size=1,
        max_size=30,
    )
)
def test_all_encoded_values_lie_between_0_and_1_and_a_name_is_said_once(rows: list[tuple[float, int, float]]) -> None:
    sizes, colours, weights = (list(column) for column in zip(*rows, strict=True))
    given_rows = rows_with(sizes, colours, weights)
    encoded = fit_encoding(given_rows).encode(given_rows)
    assert np.isfinite(encoded).all()
    assert encoded.min() >= 0
    assert encoded.max() <= 1
    assert (encoded[:, 2:6].sum(axis=1) == 1).all()


def test_a_share_of_the_rows_is_encoded_as_all_of_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A teacher that has all rows and a student that has a few read the same numbers."""
    cache = tmp_path_factory.mktemp("cache")
    whole, few = (prepare("iris", {}, seed=0, fraction=share, cache=cache) for share in (1.0, 0.2))
    assert whole.table is not None
    assert few.table is not None
    assert few.table.encoding == whole.table.encoding
    assert torch.equal(few.test.inputs, whole.test.inputs)
    assert len(few.train) < len(whole.train)
    assert few.fingerprint != whole.fingerprint


def test_rows_to_test_on_decide_no_range(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = prepare("wine", {}, seed=0, validation=0.1, cache=tmp_path_factory.mktemp("cache"))
    table = data.table
    assert table is not None
    assert table.validation is not None
    learnt = np.concatenate([table.train.numeric, table.validation.numeric])
    lows = [column.low for column in table.encoding.columns]
    highs = [column.high for column in table.encoding.columns]
    np.testing.assert_array_equal(lows, learnt.min(axis=0))
    np.testing.assert_array_equal(highs, learnt.max(axis=0))
    assert data.shape == (13,)
    assert data.train.inputs.dtype == torch.float32
