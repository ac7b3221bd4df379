"""Numbers as window, terminal and reports write them."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from studio.core.format import (
    NBSP,
    UNKNOWN,
    about,
    byte_size,
    count,
    duration,
    percent,
    percent_range,
    ratio,
    setting_limit,
    setting_number,
    signed_count,
    signed_points,
    spread,
    thousands,
)


def plain(words: str) -> str:
    return words.replace(NBSP, " ")


@pytest.mark.parametrize("write", [count, thousands, percent, ratio, duration, about, byte_size])
@pytest.mark.parametrize("number", [None, math.nan, math.inf, -math.inf])
def test_what_is_not_known_is_a_dash(write: Callable[[float | None], str], number: float | None) -> None:
    assert write(number) == UNKNOWN


@pytest.mark.parametrize("words", [count(22_100), percent(0.849), duration(400), about(400), byte_size(154e6)])
def test_a_number_stays_with_its_unit(words: str) -> None:
    assert NBSP in words
    assert all(part[-1].isalpha() or part == "%" for part in plain(words).split()[1::2])


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (-0.2, "0"),
        (501, "501"),
        (999.4, "999"),
        (999.6, "1 k"),
        (1_000, "1 k"),
        (22_100, "22 k"),
        (268_000, "268 k"),
        (499_999, "500 k"),
        (500_000, "0.50 M"),
        (691_674, "0.69 M"),
        (4_300_000, "4.30 M"),
        (999_990_000, "999.99 M"),
        (999_996_000, "1.00 G"),
        (1_200_000_000, "1.20 G"),
        (4e12, "4000.00 G"),
        (-22_100, "−22 k"),
    ],
)
def test_counts(number: float, words: str) -> None:
    assert plain(count(number)) == words


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (999, "999"), (50_000, "50,000"), (1843.6, "1,844"), (-1_000, "−1,000")]
)
def test_whole_numbers_in_full(number: float, words: str) -> None:
    assert thousands(number) == words


@pytest.mark.parametrize(
    ("fraction", "digits", "words"),
    [
        (0, 1, "0.0 %"),
        (0.849, 1, "84.9 %"),
        (0.99949, 1, "99.9 %"),
        (0.9996, 1, "100.0 %"),
        (0.73, 0, "73 %"),
        (-0.104, 0, "−10 %"),
        (-0.0004, 1, "0.0 %"),
    ],
)
def test_percentages(fraction: float, digits: int, words: str) -> None:
    assert plain(percent(fraction, digits)) == words


def test_percentages_with_what_they_may_be_off_by() -> None:
    assert plain(percent(0.782, deviation=0.006)) == "78.2 ± 0.6 %"
    assert plain(percent(0.782, 0, deviation=0.04)) == "78 ± 4 %"
    assert plain(percent(0.782, deviation=math.nan)) == "78.2 %"
    assert percent_range(0.801, 0.87) == "80.1 to 87.0"
    assert percent_range(-0.2, 1.034, 0) == "−20 to 103"


def test_means_over_seeds() -> None:
    assert plain(spread(0.842, 0.003, 3)) == "84.2 ± 0.3 %  (n 3)"
    assert plain(spread(0.842, 0.0, 2)) == "84.2 ± 0.0 %  (n 2)"
    assert plain(spread(0.842, None, 1)) == "84.2 %"
    assert plain(spread(0.842, 0.003, 1)) == "84.2 %"


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1"), (1.46, "1.5"), (3.96, "4"), (9.94, "9.9"), (9.96, "10"), (12.4, "12"), (0, "0")]
)
def test_ratios(number: float, words: str) -> None:
    assert ratio(number) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (0.42, "0.4 s"),
        (0.96, "1 s"),
        (8, "8 s"),
        (59.4, "59 s"),
        (59.7, "1 min"),
        (60, "1 min"),
        (61, "1 min 01 s"),
        (400, "6 min 40 s"),
        (3599.4, "59 min 59 s"),
        (3599.7, "1 h"),
        (9600, "2 h 40 min"),
        (360_000, "100 h"),
        (-0.01, "0.0 s"),
        (-90, "−1 min 30 s"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert plain(duration(seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 s"),
        (-3, "1 s"),
        (8.2, "8 s"),
        (9.7, "10 s"),
        (26, "25 s"),
        (59.7, "1 min"),
        (100, "1 min 30 s"),
        (1000, "17 min"),
        (3599, "1 h"),
        (5300, "1 h 30 min"),
    ],
)
def test_estimates_are_no_more_exact_than_they_can_be(seconds: float, words: str) -> None:
    assert plain(about(seconds)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 bytes"),
        (7, "7 bytes"),
        (999, "999 bytes"),
        (999.6, "1.0 kB"),
        (1_500, "1.5 kB"),
        (9_960, "10 kB"),
        (999_600, "1.0 MB"),
        (184_320_000, "184 MB"),
        (25e9, "25 GB"),
        (3e12, "3.0 TB"),
        (4e15, "4000 TB"),
        (-1_500, "−1.5 kB"),
    ],
)
def test_sizes(number: float, words: str) -> None:
    assert plain(byte_size(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0.05, "0.05"), (4.0, "4"), (1 / 6, "1/6"), (0.1234567, "0.1234567"), (5e-5, "5e-05"), (128, "128")],
)
def test_values_of_settings(number: float, words: str) -> None:
    assert setting_number(number) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (0.05, "0.05"), (2**31 - 1, "2,147,483,647"), (-1.5, "-1.5")])
def test_limits_of_settings(number: float, words: str) -> None:
    assert setting_limit(number) == words


@pytest.mark.parametrize(
    ("fraction", "words"), [(0.007, "+0.7"), (-0.011, "−1.1"), (0.0, "0.0"), (-0.0002, "0.0"), (None, "–")]
)
def test_differences_have_their_sign(fraction: float | None, words: str) -> None:
    assert signed_points(fraction) == words


def test_what_was_gained_or_lost_has_its_sign() -> None:
    assert [signed_count(number) for number in (1041, 0, -3)] == ["+1,041", "0", "−3"]
