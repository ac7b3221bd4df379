"""A label that explains its words: a card at the pointer and at the keyboard, gone afterwards, and the way to the help."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QWhatsThisClickedEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.text.glossary import glossary
from studio.gui.widgets.explained_label import ExplainedLabel
from studio.gui.widgets.field_row import FieldRow
from studio.gui.widgets.fields import Field
from studio.gui.widgets.word_card import word_card
from tests.gui.at_hand import there


class Page(QWidget):
    """A window that keeps what was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.line = QLineEdit()
        self.label = ExplainedLabel("One epoch has many batches, and one seed.")
        self.plain = ExplainedLabel("Nothing to explain.")
        column = QVBoxLayout(self)
        for widget in (self.line, self.label, self.plain):
            column.addWidget(widget)
        column.addStretch()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QWhatsThisClickedEvent):
            self.asked.append(event.href())
            return True
        return super().event(event)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    made = Page()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.line.setFocus()
    return made


def place_of(page: Page, words: str) -> QPoint:
    """A point of the label on these words, which stand in its first line."""
    metrics = page.label.fontMetrics()
    before = page.label.text().partition(words)[0]
    x = metrics.horizontalAdvance(before) + metrics.horizontalAdvance(words) // 2
    return QPoint(x, page.label.height() // 2)


def test_a_card_comes_at_the_pointer_and_goes_with_it(page: Page, qtbot: QtBot) -> None:
    card = word_card(page)
    QTest.mouseMove(page.label, place_of(page, "batches"))
    qtbot.waitUntil(lambda: card.word == "Batch")
    assert card.words == there(glossary().entry("batch")).text
    assert page.rect().contains(card.geometry())
    QTest.mouseMove(page.label, place_of(page, "many"))
    qtbot.waitUntil(lambda: card.word == "")


def test_the_keyboard_goes_from_word_to_word(page: Page, qtbot: QtBot) -> None:
    card = word_card(page)
    QTest.keyClick(page.line, Qt.Key.Key_Tab)
    assert page.label.hasFocus()
    qtbot.waitUntil(lambda: card.word == "Epoch")
    QTest.keyClick(page.label, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: card.word == "Batch")
    QTest.keyClick(page.label, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: card.word == "Epoch")
    QTest.keyClick(page.label, Qt.Key.Key_Escape)
    assert card.word == ""


def test_a_label_without_such_words_is_no_stop(page: Page) -> None:
    assert page.plain.focusPolicy() == Qt.FocusPolicy.NoFocus
    page.plain.setText("A seed.")
    assert page.plain.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert "The number chance begins with" in page.plain.accessibleDescription()


def test_a_click_asks_for_the_word_on_the_page_of_all_words(page: Page) -> None:
    QTest.mouseClick(page.label, Qt.MouseButton.LeftButton, pos=place_of(page, "seed"))
    assert page.asked == ["help:glossary#Seed"]
    QTest.mouseClick(page.label, Qt.MouseButton.LeftButton, pos=place_of(page, "many"))
    assert page.asked == ["help:glossary#Seed"]


def test_a_field_reached_by_the_keyboard_shows_the_card_until_something_is_typed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 300)
    before = QLineEdit(window)
    before.move(0, 100)
    row = FieldRow(Field("training.epochs", "Epochs", "How often", "int", default=10), window)
    row.resize(260, 40)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    before.setFocus()
    card = word_card(window)
    row.widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: card.word == "Epoch")
    assert card.geometry().left() > row.geometry().right()
    QTest.keyClick(row.widget, Qt.Key.Key_Up)
    assert card.word == ""
    before.setFocus()
    row.widget.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.wait(700)
    assert card.word == ""
