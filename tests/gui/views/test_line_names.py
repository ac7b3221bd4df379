"""The names at the ends of lines, and the value under the pointer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.views.charts.line_names import LineEnd, place_names, spread_out
from studio.gui.views.charts.overlay import HEIGHTS, OverlayLine, free_place
from studio.gui.views.charts.plot import PlotFrame
from studio.gui.views.charts.readout import find_reading
from studio.gui.views.charts.strokes import Stroke

AREA = QRectF(40, 10, 400, 200)
EPOCHS = np.arange(101.0)


def ends(*heights: float) -> list[LineEnd]:
    return [LineEnd(Stroke("run", i), f"run {i}", "", AREA.right(), y, bold=i == 1) for i, y in enumerate(heights)]


@given(st.lists(st.floats(-50, 400), max_size=12))
def test_rows_keep_their_order_and_apart(wished: list[float]) -> None:
    edges = spread_out(sorted(wished), 15, 10, 210)
    assert all(after - before >= 15 - 1e-6 for before, after in pairwise(edges))
    assert all(10 - 1e-6 <= edge <= 210 - 15 + 1e-6 for edge in edges)


def test_rows_that_have_room_stand_where_they_wish() -> None:
    assert spread_out([20, 60, 100], 15, 10, 210) == [20, 60, 100]
    assert spread_out([60, 60], 15, 10, 210) == [52.5, 67.5]


def test_names_stand_beside_the_curves_in_the_order_of_their_lines() -> None:
    placed = place_names(ends(100, 90, 101), AREA, 120, brief=False)
    assert [name.words for name in placed] == ["run 1", "run 0", "run 2"]
    assert all(name.rect.left() >= AREA.right() for name in placed)
    assert not any(one.rect.intersects(other.rect) for one, other in pairwise(placed))


def test_of_too_many_the_one_in_question_stays() -> None:
    placed = place_names(ends(*np.linspace(20, 200, 60)), AREA, 120, brief=False)
    assert 5 < len(placed) < 20
    assert "run 1" in [name.words for name in placed]


def test_the_name_of_a_band_stands_where_no_curve_crosses_it() -> None:
    words, x = QRectF(50, 10, 40, 12), np.array([40.0, 45.0, 100.0, 200.0])
    assert free_place(words, 200, []).top() == 10 + 200 * HEIGHTS[0]
    rising = (x, np.array([200.0, 200.0, 20.0, 20.0]))  # steeply through most of the heights
    flat = (x, np.full(4, 10 + 200 * HEIGHTS[0] + 5))
    place = free_place(words, 200, [rising, flat])
    assert place.top() != 10 + 200 * HEIGHTS[0]
    at = np.linspace(place.left(), place.right(), 200)
    for one in (rising, flat):
        heights = np.interp(at, *one)
        assert not ((heights > place.top()) & (heights < place.bottom())).any()
    assert free_place(words, 200, [(x + 100, flat[1])]).top() == 10 + 200 * HEIGHTS[0], "it runs beside it"


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """What a plot stands in."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


@pytest.fixture
def plot(host: QWidget) -> PlotFrame:
    made = PlotFrame(host, unit="%")
    made.resize(460, 260)
    made.show()
    made.set_ranges((0, 100), (0, 100))
    return made


def lines(label: str, brief: str) -> list[OverlayLine]:
    level = OverlayLine("teacher", np.array([0.0, 100.0]), np.full(2, 95.0), Stroke("teacher"), "Teacher 95 %")
    return [level, OverlayLine("run", EPOCHS, EPOCHS * 0.8, Stroke("run"), label, brief=brief, name="Hints")]


def test_a_long_name_gives_way_to_its_brief_form_and_is_never_cut_to_a_letter(plot: PlotFrame) -> None:
    plot.set_lines(lines("Hints", "H"))
    plot.grab()
    assert [name.words for name in plot.names] == ["Teacher 95 %", "Hints"]
    plot.set_lines(lines("Hints of the third group, seed 3, now", "Hints, seed 3"))
    plot.grab()
    assert [name.words for name in plot.names] == ["Teacher 95 %", "Hints, seed 3"]
    plot.resize(200, 200)
    plot.grab()
    assert all(len(name.words) >= 5 for name in plot.names)
    assert max(name.rect.right() for name in plot.names) <= plot.width()


def test_without_names_the_curves_have_the_room(plot: PlotFrame) -> None:
    plot.set_lines([OverlayLine("run", EPOCHS, EPOCHS)])
    wide = plot.area().width()
    plot.set_lines(lines("Hints", "H"))
    assert plot.area().width() < wide - 40


def test_the_value_under_the_pointer_is_told(plot: PlotFrame) -> None:
    plot.set_lines(lines("Hints", "H"))
    plot.grab()
    x, y = (float(pixel[0]) for pixel in plot.to_pixels(np.array([50.0]), np.array([42.0])))
    assert plot.words_at(x, y) == "Hints: 40\u00a0% at epoch 50"
    x, y = (float(pixel[0]) for pixel in plot.to_pixels(np.array([33.3]), np.array([93.0])))
    assert plot.words_at(x, y) == "Teacher 95 %: 95\u00a0%"
    x, y = (float(pixel[0]) for pixel in plot.to_pixels(np.array([95.0]), np.array([20.0])))
    assert plot.words_at(x, y) == "", "no curve is near"
    assert plot.words_at(-5, -5) == ""


def test_it_follows_the_pointer_and_goes_with_it(plot: PlotFrame) -> None:
    plot.set_lines(lines("Hints", "H"))
    before = plot.grab().toImage()
    at = QPointF(*(float(pixel[0]) for pixel in plot.to_pixels(np.array([50.0]), np.array([40.0]))))
    move = QMouseEvent(
        QEvent.Type.MouseMove, at, plot.mapToGlobal(at), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(plot.viewport(), move)
    assert plot.grab().toImage() != before
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert plot.grab().toImage() == before


def test_a_logarithm_is_told_as_the_value_it_stands_for(host: QWidget) -> None:
    plot = PlotFrame(host, log_y=True)
    plot.resize(300, 200)
    plot.show()
    plot.set_ranges((0, 100), (-3, 0))
    plot.set_lines([OverlayLine("run", EPOCHS, np.full(101, -2.0), name="Hints")])
    plot.grab()
    x, y = (float(pixel[0]) for pixel in plot.to_pixels(np.array([50.0]), np.array([-2.0])))
    assert plot.words_at(x, y) == "Hints: 0.01 at epoch 50"


def test_gaps_and_empty_curves_are_passed_over() -> None:
    gaps = np.where(EPOCHS == 50, np.nan, EPOCHS)
    reading = find_reading([(np.empty(0), np.empty(0)), (EPOCHS, gaps)], lambda x, y: (x, y), (50.0, 50.0))
    assert reading is not None
    assert (reading.line, reading.x) in ((1, 49.0), (1, 51.0))
