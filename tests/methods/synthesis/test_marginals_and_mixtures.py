"""RANDOM and NBE: rows from the columns by themselves, and from groups within which they are so."""

from __future__ import annotations

import numpy as np
import pytest

from studio.methods.synthesis.marginals import random_cases
from studio.methods.synthesis.naive_bayes import fit_mixture, naive_bayes_cases

NOMINAL = np.array([False, True])
#: A number that tells the nominal value.
ROWS = np.column_stack([np.repeat([0.1, 0.9], 50), np.repeat([0.0, 2.0], 50)])


def test_random_rows_forget_how_columns_belong_together() -> None:
    made = random_cases(ROWS, NOMINAL, 20_000, np.random.default_rng(0))
    assert np.isin(made[:, 0], ROWS[:, 0]).all()
    assert (np.round(made[:, 0]) * 2 == made[:, 1]).mean() == pytest.approx(0.5, abs=0.02)


def test_random_rows_may_fill_the_range_evenly() -> None:
    made = random_cases(ROWS, NOMINAL, 20_000, np.random.default_rng(0), "range")
    assert made[:, 0].mean() == pytest.approx(0.5, abs=0.01)
    assert made[:, 0].std() == pytest.approx(0.8 / np.sqrt(12), abs=0.01)
    assert set(made[:, 1]) == {0.0, 2.0}


def test_a_column_that_is_missing_everywhere_stays_so() -> None:
    rows = np.column_stack([ROWS[:, 0], np.full(100, np.nan)])
    for made in (
        random_cases(rows, NOMINAL, 9, np.random.default_rng(0), "range"),
        naive_bayes_cases(rows, np.array([False, False]), 9, np.random.default_rng(0)),
    ):
        assert np.isnan(made[:, 1]).all()
        assert np.isfinite(made[:, 0]).all()


def test_a_mixture_finds_groups_and_keeps_columns_together() -> None:
    made = naive_bayes_cases(ROWS, NOMINAL, 5000, np.random.default_rng(0))
    assert made[:, 0].min() >= 0.1
    assert made[:, 0].max() <= 0.9
    assert (np.round(made[:, 0]) * 2 == made[:, 1]).mean() > 0.9
    assert len(fit_mixture(ROWS, NOMINAL, np.random.default_rng(0)).weights) >= 2


def test_values_are_missing_as_often_as_in_the_rows() -> None:
    rows = ROWS.copy()
    rows[::4, 0] = np.nan
    made = naive_bayes_cases(rows, NOMINAL, 5000, np.random.default_rng(0))
    assert np.isnan(made[:, 0]).mean() == pytest.approx(0.25, abs=0.04)
    assert not np.isnan(made[:, 1]).any()


def test_a_mixture_of_one_seed_is_one() -> None:
    first, again = (naive_bayes_cases(ROWS, NOMINAL, 50, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, again)
