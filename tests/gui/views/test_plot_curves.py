"""The curves of a plot: drawn again only where they have changed, and drawn so that many can be told apart."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QGraphicsItem

from studio.gui.views.charts.overlay import OverlayLine
from studio.gui.views.charts.plot_curves import CROWDED, PlotCurves
from studio.gui.views.charts.strokes import Stroke

pytestmark = pytest.mark.usefixtures("qapp")


def line(key: str, points: int = 50, *, bold: bool = False) -> OverlayLine:
    return OverlayLine(key, np.arange(points, dtype=float), np.ones(points), Stroke(width=2.0), bold=bold)


@pytest.fixture
def items() -> list[QGraphicsItem]:
    """What was put into the plot."""
    return []


@pytest.fixture
def curves(items: list[QGraphicsItem]) -> PlotCurves:
    return PlotCurves(items.append)


def test_what_has_not_changed_is_not_drawn_again(curves: PlotCurves) -> None:
    assert curves.show_lines([line("a"), line("b")], 800)
    assert not curves.show_lines([line("a"), line("b")], 800)
    assert curves.show_lines([line("a", 51), line("b")], 800), "it has grown"
    assert curves.show_lines([line("b"), line("a", 51)], 800), "the other is drawn above now"


def test_the_item_of_a_curve_that_is_gone_draws_another(curves: PlotCurves, items: list[QGraphicsItem]) -> None:
    curves.show_lines([line("a"), line("b")], 800)
    assert curves.show_lines([line("b")], 800)
    assert [item.isVisible() for item in items] == [False, True]
    curves.show_lines([line("b"), line("c")], 800)
    assert [item.isVisible() for item in items] == [True, True]
    assert [drawn.key for drawn in curves.lines] == ["b", "c"]


def test_many_are_thin_and_of_fewer_points_but_for_the_one_in_question(curves: PlotCurves) -> None:
    curves.show_lines([line("a", 5000)], 800)
    alone = len(curves.lines[0].x)
    curves.show_lines([line(f"{n}", 5000, bold=n == 0) for n in range(CROWDED + 1)], 800)
    assert {drawn.stroke.width for drawn in curves.lines[1:]} == {1.0}
    assert curves.lines[0].stroke.width == 2.0
    assert all(len(drawn.x) < alone <= 800 for drawn in curves.lines)
