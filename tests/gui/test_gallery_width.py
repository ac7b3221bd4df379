"""However narrow the gallery is, each of its buttons can be reached."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studio.gui.shell.gallery_page import GalleryPage
from studio.runs.presets.presets import all_presets, all_recipes


@pytest.mark.parametrize("width", [560, 740, 1200])
def test_no_button_lies_beyond_the_edge(qtbot: QtBot, width: int) -> None:
    page = GalleryPage(all_presets(), all_recipes())
    qtbot.addWidget(page)
    page.resize(width, 600)
    page.show()
    qtbot.wait(20)
    buttons = [one for one in page.findChildren(QPushButton) if one.isVisibleTo(page)]
    assert len(buttons) > 20
    for one in buttons:
        place = QRect(one.mapTo(page, QPoint(0, 0)), one.size())
        assert 0 <= place.left() <= place.right() < width, one.accessibleName()


def test_cards_stand_beside_each_other_where_there_is_room(qtbot: QtBot) -> None:
    page = GalleryPage(all_presets())
    qtbot.addWidget(page)
    page.resize(1200, 600)
    page.show()
    tops = [card.mapTo(page, QPoint(0, 0)).y() for card in page.cards[:2]]
    assert tops[0] == tops[1]
    page.resize(500, 600)
    qtbot.waitUntil(lambda: page.cards[1].mapTo(page, QPoint(0, 0)).y() > tops[0])
