"""Smeared rows: whose values they have, how often, and that a region's are those that rejection would leave."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from studio.methods.synthesis.smearing import smear, whole_space

tables = arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 5)), elements=st.integers(-3, 3).map(float))


@given(rows=tables, p_alt=st.floats(0, 1), seed=st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_every_value_is_one_of_its_column(rows: NDArray[np.float64], p_alt: float, seed: int) -> None:
    made = smear(rows, 40, p_alt, np.random.default_rng(seed))
    assert made.shape == (40, rows.shape[1])
    for column in range(rows.shape[1]):
        assert np.isin(made[:, column], rows[:, column]).all()


@given(rows=tables, seed=st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_without_replacing_rows_are_repeated(rows: NDArray[np.float64], seed: int) -> None:
    known = {tuple(row) for row in rows}
    assert {tuple(row) for row in smear(rows, 40, 0.0, np.random.default_rng(seed))} <= known


def test_replacing_everything_makes_columns_independent() -> None:
    rows = np.repeat(np.arange(10.0)[:, None], 2, axis=1)
    made = smear(rows, 40_000, 1.0, np.random.default_rng(0))
    pairs = np.histogram2d(made[:, 0], made[:, 1], bins=10)[0] / len(made)
    assert np.abs(pairs - 0.01).max() < 0.003
    assert abs(np.corrcoef(made.T)[0, 1]) < 0.02


def test_a_value_is_replaced_as_often_as_said() -> None:
    rows = np.repeat(np.arange(100.0)[:, None], 2, axis=1)
    made = smear(rows, 40_000, 0.25, np.random.default_rng(0))
    assert (made[:, 0] == made[:, 1]).mean() == pytest.approx(0.75**2 + 0.01 * (1 - 0.75**2), abs=0.01)


def test_missing_values_and_numbers_of_values_are_copied_as_they_are() -> None:
    rows = np.array([[np.nan, 1.0], [2.0, np.nan]])
    made = smear(rows, 200, 0.5, np.random.default_rng(0))
    assert np.isnan(made).any(0).tolist() == [True, True]
    assert smear(np.array([[3, 4]], dtype=np.int32), 2, 0.5, np.random.default_rng(0)).dtype == np.int32


def test_the_same_generator_gives_the_same_rows() -> None:
    rows = np.random.default_rng(1).normal(size=(30, 4))
    first, again, other = (smear(rows, 50, 0.3, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_cases_of_a_region_are_those_that_rejection_leaves() -> None:
    rows = np.array([[0, 0], [0, 1], [1, 1], [2, 0], [2, 2]], dtype=np.int64)
    region = whole_space(5, 2, 0.3).cut(0, rows[:, 0] <= 1).cut(1, rows[:, 1] >= 1).cut(0, rows[:, 0] >= 1)
    drawn = smear(rows, 60_000, 0.3, np.random.default_rng(0))
    left = drawn[(drawn[:, 0] == 1) & (drawn[:, 1] >= 1)]
    made = smear(rows, 60_000, 0.3, np.random.default_rng(1), region)
    assert region.share == pytest.approx(len(left) / len(drawn), abs=0.01)
    assert ((made[:, 0] == 1) & (made[:, 1] >= 1)).all()
    assert (made[:, 1] == 1).mean() == pytest.approx((left[:, 1] == 1).mean(), abs=0.02)


def test_a_region_that_needs_a_replaced_value_has_cases_too() -> None:
    """No training row lies in it; smeared ones do."""
    rows = np.array([[0, 0], [1, 1]], dtype=np.int64)
    region = whole_space(2, 2, 0.5).cut(0, rows[:, 0] == 0).cut(1, rows[:, 1] == 1)
    assert region.share == pytest.approx(0.75 * 0.25)
    assert smear(rows, 5, 0.5, np.random.default_rng(0), region).tolist() == [[0, 1]] * 5


def test_nothing_replaced_leaves_no_region_beside_the_rows() -> None:
    rows = np.array([[0, 0], [1, 1]], dtype=np.int64)
    beside = whole_space(2, 2, 0.0).cut(0, rows[:, 0] == 0)
    assert beside.share == 0.5
    assert beside.cut(1, rows[:, 1] == 1).share == 0
