"""The page of an empty view: its button asks for what the reason names, and for nothing where it names nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studio.gui.views.empty_page import EmptyPage, EmptyReason


def test_a_button_whose_reason_has_gone_meanwhile_asks_for_nothing(qtbot: QtBot) -> None:
    page = EmptyPage("What happens?")
    qtbot.addWidget(page)
    asked: list[str] = []
    page.wanted.connect(asked.append)
    page.show_reason(EmptyReason("Nothing yet.", "Train.", "Train it", "train"))
    (button,) = page.findChildren(QPushButton)
    button.click()
    page.show_reason(EmptyReason("Reading…", "In a moment."))
    button.click()
    assert asked == ["train"]
    assert not button.isVisibleTo(page)
