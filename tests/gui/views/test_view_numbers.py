"""The arithmetic under the views: ticks, thinning, zero lines, softened answers, maps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.gui.views.charts.curve_thinning import thin
from studio.gui.views.charts.maps import brightness, differences, enlarged, pictures
from studio.gui.views.charts.probabilities import entropy, runners_up, softmax
from studio.gui.views.charts.ticks import linear_ticks, log_ticks, number
from studio.gui.views.learning.gap_bar import captions_at
from studio.gui.views.plane.contours import zero_lines


def test_ticks_stand_on_round_numbers_within_the_range() -> None:
    assert linear_ticks(50, 100, room=250) == [(50, "50"), (60, "60"), (70, "70"), (80, "80"), (90, "90"), (100, "100")]
    assert [words for _, words in linear_ticks(-1.2, 1.2, room=100)] == ["−1", "0", "1"]
    assert linear_ticks(3, 3, room=100) == []


def test_log_ticks_are_powers_of_ten_and_finer_within_one() -> None:
    assert log_ticks(-3.2, -1.4, room=60) == [(-3.0, "0.001"), (-2.0, "0.01")]
    assert [words for _, words in log_ticks(-0.1, 0.8, room=100)] == ["1", "2", "5"]
    assert len(log_ticks(-12, 12, room=60)) <= 4


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.floats(60, 2000))
def test_ticks_never_crowd(low: float, length: float, room: float) -> None:
    length = max(length, 1e-6 * abs(low))  # a float has no more places than that to tell ticks apart
    ticks = [position for position, _ in linear_ticks(low, low + length, room)]
    assert all(low - 1e-6 * length <= tick <= low + length * (1 + 1e-6) for tick in ticks)
    assert np.all(np.diff(ticks) / length * room >= 39)


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (0.25, "0.25"), (1000, "1,000"), (-2, "−2"), (2e-5, "2·10⁻⁵"), (1e-9, "10⁻⁹")]
)
def test_numbers_are_brief(value: float, words: str) -> None:
    assert number(value) == words


@given(st.integers(1, 20_000), st.integers(0, 2**31))
def test_thinning_keeps_extremes_and_ends(n: int, seed: int) -> None:
    y = np.random.default_rng(seed).normal(size=n)
    x = np.arange(n, dtype=float)
    thin_x, thin_y = thin(x, y, limit=200)
    assert len(thin_x) <= max(200, 0)
    assert np.all(np.diff(thin_x) > 0)
    assert thin_x[-1] == x[-1]
    assert thin_y.min() == y.min()
    assert thin_y.max() == y.max()


def test_a_short_curve_is_not_copied() -> None:
    x = np.arange(10.0)
    assert thin(x, x)[0] is x


def test_the_zero_line_of_a_slope_is_where_it_is() -> None:
    xs, ys = np.linspace(-1, 1, 21), np.linspace(0, 1, 11)
    x, y = zero_lines((xs[None, :] - 0.33 + 0 * ys[:, None])[None], xs, ys)
    assert x == pytest.approx(np.full_like(x, 0.33))
    assert (y.min(), y.max()) == (0, 1)
    assert len(x) == 2 * 10  # one segment a row of cells


def test_the_zero_line_of_a_circle_is_round() -> None:
    xs = ys = np.linspace(-2, 2, 81)
    x, y = zero_lines((1 - xs[None] ** 2 - ys[:, None] ** 2)[None], xs, ys)
    assert np.hypot(x, y) == pytest.approx(np.ones_like(x), abs=2e-3)
    lengths = np.hypot(x[1::2] - x[::2], y[1::2] - y[::2])
    assert lengths.sum() == pytest.approx(2 * np.pi, rel=0.01)


@pytest.mark.parametrize("middle", [1.0, -1.0])
def test_a_saddle_gets_two_segments_that_do_not_cross(middle: float) -> None:
    grid = np.array([[[1.0 + middle / 2, -1.0], [-1.0, 1.0 + middle / 2]]])
    x, y = zero_lines(grid, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert len(x) == 4
    # with a positive middle the two positive corners are joined and each segment cuts off a negative one, at x > y and x < y
    side = sorted((x - y).reshape(2, 2).sum(1))
    assert side == pytest.approx([-1.2, 1.2] if middle > 0 else [0, 0], abs=0.01)


def test_no_line_where_nothing_changes_sign() -> None:
    x, y = zero_lines(np.ones((3, 4, 4)), np.arange(4.0), np.arange(4.0))
    assert (len(x), len(y)) == (0, 0)


def test_softmax_evens_out_with_temperature_and_stays_finite() -> None:
    logits = np.array([[2.0, 0.0, -1.0], [1000.0, 0.0, -1000.0]])
    assert softmax(logits).sum(-1) == pytest.approx([1, 1])
    assert softmax(logits)[0] == pytest.approx(np.exp([2, 0, -1]) / np.exp([2, 0, -1]).sum())
    assert entropy(softmax(logits, 20))[0] > entropy(softmax(logits))[0]
    assert entropy(np.array([1.0, 0.0])) == 0
    assert entropy(np.full(8, 0.125)) == pytest.approx(3)
    with pytest.raises(ValueError, match="above zero"):
        softmax(logits, 0)


def test_runners_up_leave_out_the_answer_and_the_negligible() -> None:
    assert runners_up(np.array([0.6, 0.005, 0.3, 0.095]), answer=0) == [2, 3]


def test_enlarging_keeps_level_maps_level_and_peaks_in_place() -> None:
    assert enlarged(np.full((2, 4, 4), 3.0), 40) == pytest.approx(np.full((2, 40, 40), 3.0))
    peak = np.zeros((1, 4, 4))
    peak[0, 1, 2] = 1
    row, column = np.unravel_index(enlarged(peak, 40)[0].argmax(), (40, 40))
    assert (row // 10, column // 10) == (1, 2)
    assert enlarged(np.arange(64.0).reshape(1, 8, 8), 4).mean() == pytest.approx(31.5)


def test_equal_maps_show_no_difference_whatever_their_size() -> None:
    coarse = np.full((1, 4, 4), 1 / 4, np.float16)
    fine = np.full((1, 8, 8), 1 / 8, np.float16)
    assert np.unique(differences(coarse, fine, 20)).tolist() == [127]


def test_the_teachers_range_is_the_scale_of_both_maps() -> None:
    teacher = np.array([[[0.1, 0.9], [0.3, 0.3]]])
    student = np.array([[[2.0, 0.0], [0.3, 0.3]]])
    assert brightness(teacher, teacher, 2).ravel().tolist()[:2] == [0, 255]
    assert brightness(student, teacher, 2).ravel().tolist()[:2] == [255, 0]


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_of_one_and_three_channels_are_shown(channels: int) -> None:
    inputs = np.arange(2 * channels * 8 * 8, dtype=np.uint8).reshape(2, channels, 8, 8)
    shown = pictures(inputs, 16)
    assert shown.shape == (2, 16, 16, 3)
    assert np.array_equal(shown[0, ::2, ::2, 0], inputs[0, 0])


@given(st.floats(0, 300), st.floats(0, 300), st.floats(20, 130), st.floats(20, 130))
def test_captions_of_the_gap_stand_side_by_side_within_the_bar(x: float, y: float, one: float, other: float) -> None:
    room = 300.0
    left, right = captions_at((x, one), (y, other), room)
    assert 0 <= left <= room - one + 1e-6
    assert 0 <= right <= room - other + 1e-6
    assert left + one <= right + 1e-6 or right + other <= left + 1e-6
