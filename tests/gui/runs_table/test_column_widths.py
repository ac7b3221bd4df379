"""What a column of the runs table says in numbers has room in it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from studio.core.format import duration
from studio.gui import theme
from studio.gui.runs_table.run_cells import Column
from studio.gui.runs_table.runs_delegate import PAD
from studio.gui.runs_table.runs_table import SMALL, WIDE


@pytest.mark.parametrize("widths", [WIDE, SMALL])
def test_the_longest_duration_has_room(qtbot: QtBot, widths: dict[Column, int]) -> None:
    metrics = QFontMetricsF(theme.font("table"))
    for seconds in (48, 20 * 60 + 48, 28 * 3600 + 48 * 60):
        assert metrics.horizontalAdvance(duration(seconds)) + 2 * PAD <= widths[Column.TIME]
