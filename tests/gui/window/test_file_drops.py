"""Files dropped on the window: a table or a folder of pictures is shown to be chosen, anything else is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui.controllers.file_drops import dropped_path
from studio.gui.shell.window import Window
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def mime(*urls: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def test_one_file_of_this_computer_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    assert dropped_path(mime(QUrl.fromLocalFile(str(file)).toString())) == file


@pytest.mark.parametrize("urls", [(), ("https://example.org/rows.csv",), ("file:///a.csv", "file:///b.csv")])
def test_anything_else_is_not(urls: tuple[str, ...]) -> None:
    assert dropped_path(mime(*urls)) is None


def drop(window: Window, path: Path) -> None:
    """As the system tells the window: first that something is held over it, then that it is let go."""
    data = mime(QUrl.fromLocalFile(str(path)).toString())
    here, copied = QPoint(300, 300), Qt.DropAction.CopyAction
    held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(here, copied, data, *held)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, QDropEvent(here.toPointF(), copied, data, *held))


def test_a_table_is_shown_to_be_chosen_and_used(driver: WindowDriver, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("size,colour,kind\n" + "".join(f"{i % 5}.5,red,{'xy'[i % 2]}\n" for i in range(20)))
    main = driver.open()
    drop(main.window, file)
    chooser = main.page_router.chooser
    assert chooser is not None
    preview = there(chooser.preview).table_card
    driver.wait(preview.isVisible)
    assert [column.name for column in preview.columns.rows.columns] == ["size", "colour", "kind"]
    chooser.use_choice()
    assert main.window.draft.get("dataset") == {"key": "table", "path": str(file)}
    driver.wait(lambda: main.window.panel.cards["data"].title == "rows")


def test_a_folder_is_one_of_pictures_and_a_strange_file_is_refused(driver: WindowDriver, tmp_path: Path) -> None:
    main = driver.open()
    (tmp_path / "pictures").mkdir()
    drop(main.window, tmp_path / "pictures")
    assert main.window.draft.get("dataset") == {"key": "images", "path": str(tmp_path / "pictures")}
    strange = tmp_path / "film.mp4"
    strange.write_bytes(b"")
    with driver.qtbot.waitSignal(main.file_drops.trouble) as told:
        drop(main.window, strange)
    assert "film.mp4 cannot be used here" in str(there(told.args)[0])
    assert main.window.draft.key("data") == "images"
