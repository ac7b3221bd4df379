"""A page is read from its top, and leaves nothing behind when it has been read."""

from __future__ import annotations

import gc

from PySide6.QtGui import QTextCursor, QTextFrame
from pytestqt.qtbot import QtBot

from studio.gui.help.help_browser import HelpBrowser

PAGE = "# Page {number}\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n> <i>x</i> = 1\n\nThe end."


def frames() -> int:
    """What Python holds of the frames and tables of documents, whether these are still there or not."""
    gc.collect()
    return sum(issubclass(type(one), QTextFrame) for one in gc.get_objects())


def test_a_page_leaves_nothing_of_its_tables_and_formulas(qtbot: QtBot) -> None:
    browser = HelpBrowser()
    qtbot.addWidget(browser)
    browser.show_markdown(PAGE.format(number=0))
    before = frames()
    for number in range(20):
        browser.show_markdown(PAGE.format(number=number))
    assert frames() <= before
    assert browser.document().find("The end.").hasSelection()


def test_the_keyboard_begins_at_the_top_of_a_page(qtbot: QtBot) -> None:
    browser = HelpBrowser()
    qtbot.addWidget(browser)
    browser.show_markdown(PAGE.format(number=0))
    browser.moveCursor(QTextCursor.MoveOperation.End)
    browser.show_markdown(PAGE.format(number=1))
    assert browser.textCursor().position() == 0
