"""How the window looks and can be used: both themes, two scales, two sizes, keyboard alone, names for all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio import __version__
from studio.core import resources
from studio.gui import theme
from studio.gui.controllers.main_controller import MainController
from studio.gui.presenters.draft_info import STEPS
from studio.gui.shell.window import COMPACT
from studio.gui.widgets.labels import ClampedLabel
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver

HERE = Path(__file__).parent
CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def trained(driver: WindowDriver, width: int = 1440, height: int = 900) -> MainController:
    main = driver.open(width, height)
    main.training_controller.train()
    driver.wait_idle()
    return main


def is_part(widget: QWidget) -> bool:
    """Whether a control is only a part of another one, which has the name."""
    parent = widget.parentWidget()
    return isinstance(parent, (QAbstractSpinBox, QComboBox, QTabBar, QLineEdit)) or isinstance(widget, QScrollBar)


def shades(image: QImage) -> int:
    """Different colours on a coarse grid."""
    step = max(1, image.width() // 160)
    return len({image.pixel(x, y) for x in range(0, image.width(), step) for y in range(0, image.height(), step)})


class TestRoom:
    @pytest.mark.parametrize(("width", "height"), [(1024, 700), (1440, 900)])
    def test_everything_has_its_size(self, driver: WindowDriver, width: int, height: int) -> None:
        window = trained(driver, width, height).window
        compact = width < COMPACT
        assert window.size() == QSize(width, height)
        assert window.panel.width() == (252 if compact else 304)
        assert window.help.isVisible() is not compact
        assert window.top_bar.height() == 48
        assert window.top_bar.held[0].text() == ("" if compact else "Pause")
        assert window.panel.height() > height - 100, "the experiment has the full height"
        assert there(window.body.centralWidget()).width() >= 560

    @pytest.mark.parametrize(("width", "height"), [(1024, 700), (1440, 900)])
    def test_no_page_of_a_chooser_is_wider_than_its_room(self, driver: WindowDriver, width: int, height: int) -> None:
        main = driver.open(width, height)
        wide = []
        for step in STEPS:
            main.page_router.show_chooser(step)
            chooser = driver.chooser
            # the first list of networks builds every one of them: seconds on a busy machine
            driver.wait(lambda: driver.chooser.list.current is not None, timeout=30_000)
            driver.wait(lambda: not main.background.busy, timeout=30_000)
            (pane,) = {area for area in chooser.findChildren(QScrollArea) if area.isAncestorOf(chooser.details)}
            for choice in chooser.list.rows.choices:
                if not choice.composed:  # the driver takes the room of runs and help as well
                    chooser.list.point_at(choice.key)
                    QApplication.processEvents()
                    if there(pane.widget()).minimumSizeHint().width() > pane.viewport().width():
                        wide.append(choice.key)
        assert not wide

    def test_what_was_reached_keeps_its_room_beside_the_buttons(self, driver: WindowDriver) -> None:
        main = trained(driver, 1024, 700)
        sentence = there(main.views_page.result.findChild(ClampedLabel))
        for shown in (False, True):
            main.window.help.setVisible(shown)
            QApplication.processEvents()
            whole = "".join(sentence.broken(sentence.width())).replace(" ", "")
            assert "gaptoits" in whole, f"help {shown}: {whole}"

    def test_tabs_move_the_runs_once_and_the_help_never(self, driver: WindowDriver) -> None:
        main = trained(driver)
        for view in ("attention", "learning", "try_it"):
            main.page_router.show_view(view)
            assert main.window.help.isVisible()
            assert main.runs_dock.is_folded
        main.runs_dock.fold_button.click()
        for view in ("attention", "learning", "try_it"):
            main.page_router.show_view(view)
            assert not main.runs_dock.is_folded, "what a person unfolds stays"
        driver.close()
        assert not driver.open(1440, 900).runs_dock.is_folded

    def test_help_stays_as_the_person_wants_it(self, driver: WindowDriver) -> None:
        main = driver.open(1440, 900)
        main.window.actions_["help_dock"].trigger()
        driver.close()
        main = driver.open(1440, 900)
        assert not main.window.help.isVisible()


class TestReach:
    def test_every_control_has_an_accessible_name(self, driver: WindowDriver) -> None:
        main = trained(driver)
        nameless = []
        for view in [*main.views_page.views, None]:
            if view is not None:
                main.page_router.show_view(view.key)
            for widget in main.window.findChildren(QWidget):
                if widget.isVisible() and isinstance(widget, CONTROLS) and not is_part(widget):
                    words = widget.accessibleName() or getattr(widget, "text", str)()
                    if not words:
                        nameless.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
        assert not nameless

    def test_every_page_has_named_controls(self, driver: WindowDriver) -> None:
        main = driver.open()
        for show in (
            main.page_router.show_welcome,
            main.page_router.show_gallery,
            lambda: main.page_router.show_chooser("method"),
        ):
            show()
            for widget in there(main.window.pages.currentWidget()).findChildren(QWidget):
                if widget.isVisible() and isinstance(widget, CONTROLS) and not is_part(widget):
                    assert widget.accessibleName() or getattr(widget, "text", str)(), widget

    def test_no_shortcut_is_taken_twice(self, driver: WindowDriver) -> None:
        window = driver.open().window
        keys = [key.toString() for action in window.actions() for key in action.shortcuts()]
        assert len(keys) == len(set(keys))

    def test_every_action_is_in_a_menu(self, driver: WindowDriver) -> None:
        window = driver.open().window
        inside = {action for menu in window.menus.values() for action in menu.actions()}
        assert {window.actions_[spec.id] for spec in window.actions_.table} <= inside

    def test_the_tab_key_reaches_train_cards_views_and_runs(self, driver: WindowDriver) -> None:
        main = trained(driver)
        window = main.window
        window.top_bar.train.setFocus()
        widget: QWidget = window.top_bar.train
        seen: list[QWidget] = []
        for _ in range(5000):
            seen.append(widget)
            widget = there(widget.nextInFocusChain())
            if widget is window.top_bar.train:
                break
        goals: list[QWidget] = [
            window.panel.cards["method"],
            main.views_page.slider.track,
            main.runs_dock.table,
            main.views_page.tabs.bar,
        ]
        for goal in goals:
            assert goal in seen
            assert goal.focusPolicy().value & 1, f"{goal} does not take the tab key"

    def test_f1_opens_the_page_of_what_has_focus(self, driver: WindowDriver) -> None:
        main = driver.open(1024, 700)
        assert not main.window.help.isVisible()
        main.window.panel.cards["method"].setFocus()
        main.window.actions_["help"].trigger()
        driver.wait(main.window.help.isVisible)
        main.window.panel.focused.emit("method")
        assert main.window.help.browser.page == "method-kd"

    def test_every_view_has_a_help_page(self, driver: WindowDriver) -> None:
        main = driver.open()
        for view in main.views_page.views:
            assert main.window.help.browser.has_page(view.help_page), view.key

    def test_the_help_menu_tells_what_is_new(self, driver: WindowDriver) -> None:
        main = driver.open()
        main.window.actions_["whats_new"].trigger()
        assert main.window.help.isVisible()
        assert f"## {__version__}" in (resources.folder("help") / "whats-new.md").read_text("utf-8")
        assert main.window.help.browser.toPlainText().startswith("What’s new")

    def test_all_keys_are_listed(self, driver: WindowDriver) -> None:
        main = driver.open()
        main.window.actions_["keyboard"].trigger()
        text = main.window.help.browser.toPlainText()
        assert "Ctrl+Return" in text
        assert "Pause" in text


class TestPictures:
    @pytest.mark.parametrize("name", ["light", "dark"])
    @pytest.mark.parametrize(("width", "height"), [(1024, 700), (1440, 900)])
    def test_the_window_is_not_blank(
        self, driver: WindowDriver, qapp: QApplication, name: theme.ThemeName, width: int, height: int
    ) -> None:
        theme.install(qapp, name)
        main = trained(driver, width, height)
        for view in main.views_page.views:
            main.page_router.show_view(view.key)
            driver.qtbot.wait(30)
            image = main.window.grab().toImage()
            assert image.size() == QSize(width, height)
            assert shades(image) > 24, view.key
            background = image.pixelColor(width - 4, 40)
            assert (background.lightness() > 128) is (name == "light")

    def test_the_window_is_not_blank_at_scale_two(self, tmp_path: Path) -> None:
        """The scale of a program is set before it starts."""
        code = (HERE / "scale_two.py").read_text(encoding="utf-8")
        environment = {
            **os.environ,
            "QT_SCALE_FACTOR": "2",
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])]),
        }
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=120,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        for name, found in json.loads(done.stdout.splitlines()[-1]).items():
            assert found["size"] == [2880, 1800], name
            assert found["shades"] > 24, name
