"""How sure it is that one model is better than another."""

from __future__ import annotations

import numpy as np
import pytest

from studio.runs.statistics.difference import difference_of_shares, mean_difference, paired_difference
from studio.runs.statistics.intervals import wilson


def measured(share: float, n: int) -> tuple[float, float, float]:
    return (share, *wilson(share, n))


def test_the_difference_of_two_shares_is_that_of_the_paper() -> None:
    # Newcombe, Statistics in Medicine 17, 1998, table II, method 10: 56/70 against 48/80
    found = difference_of_shares(measured(56 / 70, 70), measured(48 / 80, 80))
    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=1e-4)
    assert found.high == pytest.approx(0.3339, abs=1e-4)
    assert found.is_sure


def test_the_difference_turns_its_sign_with_its_order() -> None:
    one, other = measured(0.9, 100), measured(0.85, 100)
    there, back = difference_of_shares(one, other), difference_of_shares(other, one)
    assert (there.low, there.value, there.high) == pytest.approx((-back.high, -back.value, -back.low))
    assert not there.is_sure


def test_answers_to_the_same_pictures_tell_more_than_their_shares() -> None:
    first = np.arange(1000) < 900
    second = np.arange(1000) < 880
    paired = paired_difference(first, second)
    shares = difference_of_shares(measured(0.9, 1000), measured(0.88, 1000))
    assert paired is not None
    assert paired.is_sure
    assert shares.low < paired.low
    assert not shares.is_sure


def test_a_mean_over_seeds_has_the_interval_of_student() -> None:
    found = mean_difference([0.01, 0.02, 0.03])
    assert found is not None
    assert found.value == pytest.approx(0.02)
    assert found.high - found.value == pytest.approx(4.303 * 0.01 / np.sqrt(3))
    assert not found.is_sure
    surer = mean_difference([0.01, 0.02, 0.03] * 10)
    assert surer is not None
    assert surer.is_sure


@pytest.mark.parametrize("seeds", [0, 1, 2])
def test_too_few_seeds_say_nothing(seeds: int) -> None:
    assert mean_difference([0.1] * seeds) is None


@pytest.mark.parametrize("seeds", [3, 10, 30, 31, 200])
def test_equal_differences_of_any_number_of_seeds_are_sure(seeds: int) -> None:
    found = mean_difference([0.1] * seeds)
    assert found is not None
    assert found.is_sure
