"""Classes whose names are long and begin alike are told apart in narrow columns; rows of tables are told by their cells."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.try_it.answer_bars import AnswerBars, AnswerRow
from studio.gui.views.try_it.difference_strip import DifferenceStrip
from studio.runs.inspect.asked_model import Seat
from studio.runs.inspect.differences import DifferenceSet, DifferingPictures


def drawn(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize("width", [165, 180, 300])
def test_answers_that_begin_alike_are_told_apart(qtbot: QtBot, width: int) -> None:
    images = []
    for name in ("first and third", "first and other"):
        bars = AnswerBars()
        qtbot.addWidget(bars)
        bars.resize(width, bars.height())
        bars.show_rows((AnswerRow(name, 0.5, right=False),), Stroke())
        images.append(drawn(bars))
    assert images[0] != images[1]


def test_a_row_of_a_table_stands_where_a_picture_would(qtbot: QtBot) -> None:
    answers: dict[Seat, tuple[np.ndarray, np.ndarray]] = {"student": (np.array([1]), np.array([0.9], np.float32))}
    shown = DifferenceSet(("student",), (), 1, np.array([7]), np.array([1]), answers)
    images = []
    for words in ({}, {7: ("size 4.2", "colour red")}, {7: ("size 1.3", "colour red")}):
        strip = DifferenceStrip()
        qtbot.addWidget(strip)
        found = DifferingPictures(20, (shown,), {7: np.zeros(2, np.float32)}, words)
        strip.show_set(shown, found, ("no", "yes"), 0)
        images.append(drawn(strip))
    assert len({bytes(image.constBits()) for image in images}) == 3
