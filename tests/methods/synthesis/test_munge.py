"""MUNGE: what is exchanged, with whom, and with how much noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from studio.methods.synthesis.munge import munge

NUMBERS = np.array([False, False])


def table(seed: int, rows: int = 30) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Two numbers in [0, 1] and a nominal column, some values missing."""
    draw = np.random.default_rng(seed)
    values = np.column_stack([draw.random((rows, 2)), draw.integers(0, 3, rows)])
    values[draw.random(values.shape) < 0.1] = np.nan
    return values, np.array([False, False, True])


@given(seed=st.integers(0, 50), s=st.floats(0.5, 10))
@settings(max_examples=20, deadline=None)
def test_with_probability_0_rows_stay_identical(seed: int, s: float) -> None:
    rows, nominal = table(seed)
    assert np.array_equal(munge(rows, nominal, 0.0, s, np.random.default_rng(seed)), rows, equal_nan=True)


def test_without_noise_and_with_probability_1_two_rows_swap_and_swap_back() -> None:
    """The first meets the second and they exchange all; then the second meets the first."""
    rows = np.array([[0.1, 0.9], [0.4, 0.2]])
    assert np.allclose(munge(rows, NUMBERS, 1.0, np.inf, np.random.default_rng(0)), rows)
    triple = np.array([[0.0, 0.0], [0.1, 0.1], [0.9, 0.9]])
    once = munge(triple, NUMBERS, 1.0, np.inf, np.random.default_rng(0))
    # 0 and 1 swap, then back; 2 meets its nearest, the middle one, and they swap
    assert np.allclose(once, [[0.0, 0.0], [0.9, 0.9], [0.1, 0.1]])


def test_an_identical_neighbour_leaves_a_row_as_it_is() -> None:
    rows = np.array([[0.3, 0.6], [0.3, 0.6], [1.0, 0.0], [1.0, 0.0]])
    assert np.array_equal(munge(rows, NUMBERS, 1.0, 0.5, np.random.default_rng(0)), rows)


@given(seed=st.integers(0, 50), p=st.floats(0.2, 0.8), s=st.floats(0.5, 10))
@settings(max_examples=20, deadline=None)
def test_numbers_stay_in_their_range_and_nominal_values_are_only_exchanged(seed: int, p: float, s: float) -> None:
    rows, nominal = table(seed)
    made = munge(rows, nominal, p, s, np.random.default_rng(seed))
    assert np.nanmin(made[:, :2]) >= 0
    assert np.nanmax(made[:, :2]) <= 1
    assert np.array_equal(np.sort(made[:, 2]), np.sort(rows[:, 2]), equal_nan=True)
    assert np.array_equal(np.isnan(made).sum(0), np.isnan(rows).sum(0))


def test_the_spread_is_the_distance_over_s() -> None:
    """Of a pair 0.4 and 0.6: drawn around the other value with a deviation of 0.2 / s."""
    rows = np.array([[0.4], [0.6]])
    passes = [munge(rows, np.array([False]), 1.0, 4.0, np.random.default_rng(seed)) for seed in range(1500)]
    first, second = np.array(passes)[:, :, 0].T
    # exchanged twice: the second time by what then lies between them
    assert first.mean() == pytest.approx(0.4, abs=0.01)
    assert second.mean() == pytest.approx(0.6, abs=0.01)
    assert first.std() == pytest.approx(0.2 / 4 * np.sqrt(1 + 1 + 2 / 16), rel=0.05)


def test_a_missing_value_is_as_far_as_can_be() -> None:
    """The first row's neighbour is the one that lacks the same value, though its other number is farther."""
    rows = np.array([[0.5, np.nan], [0.9, np.nan], [0.5, 0.0]])
    made = munge(rows, NUMBERS, 1.0, np.inf, np.random.default_rng(0))
    assert made[2].tolist() != rows[2].tolist()  # its own turn comes last
    assert np.isnan(made[:, 1]).sum() == 2


def test_the_same_generator_gives_the_same_rows_and_the_originals_stay() -> None:
    rows, nominal = table(3)
    before = rows.copy()
    first, again, other = (munge(rows, nominal, 0.5, 1.0, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(first, again, equal_nan=True)
    assert not np.array_equal(first, other, equal_nan=True)
    assert np.array_equal(rows, before, equal_nan=True)
