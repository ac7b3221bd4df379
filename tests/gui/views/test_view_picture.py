"""Pictures of views: without their buttons, in the clipboard, as a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.views.saving import CsvTable
from studio.gui.views.view_card import ViewCard
from studio.gui.views.view_picture import copy_picture, picture_of
from studio.gui.widgets.buttons import IconButton
from tests.gui.window_driver import WindowDriver


class Card(ViewCard):
    """A card with nothing below its question."""

    def __init__(self) -> None:
        super().__init__("Is it so?", "Look at it.", "card", self.values)

    def values(self) -> CsvTable:
        return CsvTable(("x",), ((1,),))


@pytest.fixture
def card(qtbot: QtBot) -> Card:
    made = Card()
    qtbot.addWidget(made)
    made.resize(600, 420)
    made.show()
    return made


def test_a_picture_leaves_the_buttons_out_and_them_where_they_were(card: Card) -> None:
    tools = [tool for tool in card.findChildren(IconButton) if tool.isVisible()]
    before = [tool.geometry() for tool in tools]
    assert len(tools) > 1
    image, ratio = picture_of(card).toImage(), card.devicePixelRatioF()
    surface = theme.current().color("surface").rgb()
    for tool in tools:
        middle = tool.mapTo(card, QPoint(0, 0))
        drawn = {
            image.pixel(round(ratio * (middle.x() + x)), round(ratio * (middle.y() + y)))
            for x in range(4, 22)
            for y in range(4, 22)
        }
        assert drawn == {surface}
    assert [tool.geometry() for tool in tools] == before


def test_the_clipboard_gets_it(card: Card, qapp: QApplication) -> None:
    copy_picture(card)
    assert qapp.clipboard().image().size() == picture_of(card).toImage().size()


def test_a_page_is_a_pdf(card: Card, tmp_path: Path) -> None:
    card.export_pdf(tmp_path / "card.pdf")
    content = (tmp_path / "card.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) > 2000


def test_the_view_that_is_shown_is_copied_by_its_keys(qtbot: QtBot, tmp_path: Path, qapp: QApplication) -> None:
    driver = WindowDriver(qtbot, tmp_path / "workspace")
    main = driver.open()
    main.page_router.show_views()
    qapp.clipboard().clear()
    main.window.actions_["copy_view"].trigger()
    assert not qapp.clipboard().image().isNull()
