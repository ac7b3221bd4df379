"""Text of another size: it is in force at once and everywhere, and nothing is cut where letters are larger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenuBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.controllers.main_controller import MainController
from studio.gui.runs_table.run_cells import Column
from studio.gui.views.own_window import OwnWindow
from studio.gui.views.view_card import ViewCard
from studio.gui.widgets.labels import ClampedLabel, Label
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver

LARGER = 130


@pytest.fixture
def driver(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[WindowDriver]:
    yield WindowDriver(qtbot, tmp_path / "workspace")
    theme.set_text_scale(qapp, 1.0)


@pytest.fixture
def main(driver: WindowDriver) -> MainController:
    opened = driver.open(1024, 700)
    opened.window.set_text_size(LARGER)
    return opened


def cut(widget: QWidget) -> list[str]:
    """Texts of visible labels that need more height than they have."""
    return [
        label.text()
        for label in widget.findChildren(Label)
        if label.isVisible() and label.text() and label.height() < label.heightForWidth(label.width())
    ]


def wrongly_sized(widget: QWidget, size: int) -> list[str]:
    """Texts of visible labels that are not written at so many percent of their usual size."""
    found = []
    for label in widget.findChildren(QLabel):
        style = theme.TYPE_STYLES.get(str(label.property("role")))
        if style is not None and label.isVisible() and label.fontInfo().pixelSize() != round(style.pixels * size / 100):
            found.append(label.text())
    return found


def tick_sizes(widget: QWidget) -> set[int]:
    """How large the numbers at the axes of its plots are written, in pixels."""
    plots = widget.findChildren(pg.GraphicsView)
    axes = [item for plot in plots for item in plot.scene().items() if isinstance(item, pg.AxisItem)]
    return {axis.style["tickFont"].pixelSize() for axis in axes}


@pytest.mark.parametrize("size", [80, 150, 200])
def test_another_size_is_in_force_at_once_on_every_page(driver: WindowDriver, size: int) -> None:
    main = driver.open()
    window, router = main.window, main.page_router
    before = window.top_bar.height()
    next(action for action in window.text_size.actions() if action.data() == size).trigger()
    assert main.settings.text_size == size
    driver.wait(lambda: window.top_bar.height() == round(before * size / 100))  # once it is laid out anew
    router.show_gallery()
    for page in (window.welcome, there(router.gallery), main.views_page):
        window.show_page(page)
        assert wrongly_sized(window, size) == []
    router.show_chooser("method")
    driver.wait(there(router.chooser).use.isEnabled, timeout=30_000)  # the first time much is imported
    assert wrongly_sized(window, size) == []
    for button in window.findChildren(QPushButton):
        if button.isVisible() and button.text() and button.property("kind") in (None, "primary", "flat"):
            assert button.fontMetrics().height() <= button.height(), button.text()


def test_plots_own_windows_and_dialogs_follow(driver: WindowDriver, qapp: QApplication) -> None:
    main = driver.open(preset="digits", train=True)
    driver.wait_idle()
    main.page_router.show_view("learning")
    view = there(main.views_page.view)
    view.findChildren(ViewCard)[0].own_window_requested.emit()
    own = next(window for window in qapp.topLevelWidgets() if isinstance(window, OwnWindow))
    main.window.set_text_size(150)
    for place in (view, own):
        assert wrongly_sized(place, 150) == []
        assert tick_sizes(place) == {theme.font("axis").pixelSize()}
    assert theme.font("axis").pixelSize() == round(1.5 * theme.TYPE_STYLES["axis"].pixels)
    main.ask_methods()
    driver.wait(lambda: [dialog for dialog in main.window.findChildren(QDialog) if dialog.isVisible()])
    dialog = next(dialog for dialog in main.window.findChildren(QDialog) if dialog.isVisible())
    assert wrongly_sized(dialog, 150) == []
    dialog.reject()
    own.close()


def test_the_usual_size_brings_back_what_was(driver: WindowDriver) -> None:
    window = driver.open().window
    parts = (window.top_bar, window.left, window.right)
    before = [part.size() for part in parts]
    window.set_text_size(200)
    assert window.body.minimumWidth() > 2000  # the window scrolls: nothing is out of reach
    driver.wait(lambda: window.left.width() > before[1].width(), timeout=30_000)
    window.set_text_size(100)
    driver.wait(lambda: [part.size() for part in parts] == before, timeout=30_000)


def test_cards_and_settings_have_the_height_their_words_need(main: MainController, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not cut(main.window.panel), timeout=3000)  # layouts settle after the change
    assert cut(main.window.welcome) == []
    main.window.resize(1440, 900)
    qtbot.waitUntil(lambda: not cut(main.window.panel), timeout=3000)
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
