"""Type at 130 %: nothing is cut where a language needs more room, or a person larger letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMenuBar, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.controllers.main_controller import MainController
from studio.gui.runs_table.run_cells import Column
from studio.gui.widgets.labels import ClampedLabel, Label
from tests.gui.window_driver import WindowDriver

LARGER = 1.3


@pytest.fixture
def main(qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainController]:
    for role, style in list(theme.TYPE_STYLES.items()):
        monkeypatch.setitem(theme.TYPE_STYLES, role, replace(style, pixels=round(LARGER * style.pixels)))
    theme.install(qapp, "dark")  # the style sheet is made anew when the theme changes
    theme.install(qapp, "light")
    yield WindowDriver(qtbot, tmp_path / "workspace").open(1024, 700)
    monkeypatch.undo()
    theme.install(qapp, "dark")
    theme.install(qapp, "light")


def cut(widget: QWidget) -> list[str]:
    """Texts of visible labels that need more height than they have."""
    return [
        label.text()
        for label in widget.findChildren(Label)
        if label.isVisible() and label.text() and label.height() < label.heightForWidth(label.width())
    ]


def test_cards_and_settings_have_the_height_their_words_need(main: MainController, qtbot: QtBot) -> None:
    assert cut(main.window.panel) == []
    assert cut(main.window.welcome) == []
    main.window.resize(1440, 900)
    qtbot.waitUntil(lambda: not cut(main.window.panel), timeout=3000)  # layouts settle after the resize
    assert any(isinstance(label, ClampedLabel) for label in main.window.panel.findChildren(Label))


def test_no_menu_is_left_out(main: MainController) -> None:
    bar = next(iter(main.window.menus.values())).parentWidget()
    assert isinstance(bar, QMenuBar)
    assert bar.actions()
    assert all(bar.rect().contains(bar.actionGeometry(action)) for action in bar.actions())


def test_titles_of_columns_fit(main: MainController) -> None:
    table = main.runs_dock.table
    for column in Column:
        if column != Column.RUN and not table.isColumnHidden(column):
            assert table.columnWidth(column) >= table.horizontalHeader().sectionSizeHint(column)
