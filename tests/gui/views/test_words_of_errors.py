"""Words in a chart of errors keep clear of each other and of the lines, also where lines stand close."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from studio.gui.views.charts.error_chart import apart

CHART = QRectF(0, 0, 200, 100)


def test_the_first_gives_way_where_the_second_cannot() -> None:
    left, right = QRectF(10, 10, 50, 16), QRectF(100, 10, 50, 16)
    first, second = apart([[left, right], [left.translated(5, 0)]], CHART, [])
    assert (first, second) == (right, left.translated(5, 0))


def test_the_best_place_is_kept_where_nothing_is_in_the_way() -> None:
    left, right = QRectF(10, 10, 50, 16), QRectF(100, 10, 50, 16)
    assert apart([[right, left], [left, right]], CHART, []) == [right, left]
    assert apart([], CHART, []) == []


def test_what_is_there_is_not_covered_and_the_chart_not_left() -> None:
    below, on_a_line, free = QRectF(10, 95, 50, 16), QRectF(10, 40, 50, 16), QRectF(10, 60, 50, 16)
    assert apart([[below, on_a_line, free]], CHART, [QRectF(0, 48, 200, 2)]) == [free]
