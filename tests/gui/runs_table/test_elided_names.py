"""Names of runs in little room."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from studio.gui.runs_table.elided_names import begin_apart, elided_name

NAMES = (
    "Attention transfer on Digits, weight 20, seed 0",
    "Attention transfer on Digits, weight 1000",
    "Small CNN 8 on Shapes",
    "Small CNN 32 on Shapes",
    "Soft targets on Digits",
)


@pytest.fixture
def metrics(qapp: QApplication) -> QFontMetricsF:
    return QFontMetricsF(QFont("Inter", 10))


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        (NAMES[0], ", weight 20, seed 0"),
        (NAMES[1], ", weight 1000"),
        (NAMES[2], " 8 on Shapes"),
        (NAMES[3], " 32 on Shapes"),
    ],
)
def test_what_tells_a_run_from_the_others_stays(name: str, stays: str, metrics: QFontMetricsF) -> None:
    apart = begin_apart(NAMES)[name]
    assert elided_name(name, apart, metrics, metrics.horizontalAdvance(name)) == name
    room = 0.9 * metrics.horizontalAdvance(name)
    written = elided_name(name, apart, metrics, room)
    assert written.endswith(f"…{stays}")
    assert written.startswith(name[:3])
    assert metrics.horizontalAdvance(written) <= room


def test_in_least_room_it_is_all_that_stays(metrics: QFontMetricsF) -> None:
    room = metrics.horizontalAdvance("…weight 1000")
    assert elided_name(NAMES[1], begin_apart(NAMES)[NAMES[1]], metrics, room) == "…weight 1000"


def test_a_name_like_no_other_keeps_its_beginning(metrics: QFontMetricsF) -> None:
    assert begin_apart(NAMES)[NAMES[4]] == 0
    written = elided_name(NAMES[4], 0, metrics, 0.7 * metrics.horizontalAdvance(NAMES[4]))
    assert written.startswith("Soft targets")
    assert written.endswith("…")
