"""Another style sheet: at once for what can be seen, for the rest when it is shown."""

from __future__ import annotations

import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.system import repolish
from studio.gui.widgets.labels import Label


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    theme.set_setter(repolish.set_style_sheet)
    theme.install(qapp, "light")
    yield
    theme.install(qapp, "light")


def color(label: Label) -> QColor:
    return label.palette().color(label.foregroundRole())


@pytest.fixture
def pages(qtbot: QtBot) -> tuple[QStackedWidget, list[Label]]:
    """Two pages with a label each; both have been shown, the first is."""
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    labels = []
    for _ in range(2):
        page = QWidget()
        labels.append(Label("Is it learning?", "question"))
        QVBoxLayout(page).addWidget(labels[-1])
        stack.addWidget(page)
    stack.show()
    stack.setCurrentIndex(1)
    stack.setCurrentIndex(0)
    return stack, labels


@pytest.mark.parametrize("changes", [("dark",), ("dark", "light"), ("dark", "light", "dark")])
def test_a_page_that_is_shown_again_has_the_theme_in_force(
    pages: tuple[QStackedWidget, list[Label]], qapp: QApplication, changes: tuple[theme.ThemeName, ...]
) -> None:
    stack, (first, second) = pages
    for name in changes:
        theme.install(qapp, name)
        assert color(first) == theme.current().color("text"), "it can be seen"
    stack.setCurrentIndex(1)
    assert color(second) == theme.current().color("text")
    assert (second.font().pixelSize(), second.font().weight()) == (15, 600)


def test_what_a_hidden_page_says_meanwhile_is_right_when_it_is_shown(
    pages: tuple[QStackedWidget, list[Label]], qapp: QApplication
) -> None:
    stack, (_, second) = pages
    theme.restyle(second, tone="error")
    theme.install(qapp, "dark")
    theme.restyle(second, tone="")
    stack.setCurrentIndex(1)
    assert color(second) == theme.current().color("text")


def test_a_page_within_a_hidden_page_follows_when_it_is_shown_itself(
    pages: tuple[QStackedWidget, list[Label]], qapp: QApplication
) -> None:
    stack, _ = pages
    page = stack.widget(1)
    inner = Label("inner", "question", parent=page)
    stack.setCurrentIndex(1)
    inner.show()
    inner.hide()
    stack.setCurrentIndex(0)
    theme.install(qapp, "dark")
    stack.setCurrentIndex(1)
    inner.show()
    assert color(inner) == theme.current().color("text")


def test_a_dialog_that_is_opened_again_has_the_theme_in_force(qtbot: QtBot, qapp: QApplication) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    label = Label("Sure?", "question", parent=dialog)
    dialog.show()
    dialog.hide()
    theme.install(qapp, "dark")
    dialog.show()
    assert color(label) == theme.current().color("text")


def test_what_is_drawn_without_being_shown_can_be_brought_up_to_date(
    pages: tuple[QStackedWidget, list[Label]], qapp: QApplication
) -> None:
    stack, (_, second) = pages
    theme.install(qapp, "dark")
    page = stack.widget(1)
    assert page is not None
    repolish.catch_up(page)
    assert color(second) == theme.current().color("text")
    assert stack.currentIndex() == 0


class Told(QWidget):
    """Counts how often it is told that its style is another."""

    times = 0

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        self.times += event.type() == QEvent.Type.StyleChange
        super().changeEvent(event)


def test_a_widget_is_not_polished_once_for_each_that_it_stands_in(qtbot: QtBot, qapp: QApplication) -> None:
    outer = QWidget()
    qtbot.addWidget(outer)
    inner = outer
    for _ in range(20):
        column = QVBoxLayout(inner)
        inner = QWidget()
        column.addWidget(inner)
    told, hidden = Told(), Told()
    column = QVBoxLayout(inner)
    column.addWidget(told)
    column.addWidget(hidden)
    outer.show()
    hidden.hide()
    told.times = hidden.times = 0
    theme.install(qapp, "dark")
    assert told.times == 1
    assert hidden.times == 0


class Dropping(QWidget):
    """Lets go of a window of its own as soon as there is another style."""

    def __init__(self) -> None:
        super().__init__()
        self.other: QWidget | None = QWidget()
        self.other.show()
        self.was_there: list[bool] = []

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.StyleChange and self.other is not None:
            other = weakref.ref(self.other)
            self.other = None
            self.was_there.append(other() is not None)
        super().changeEvent(event)


def test_a_widget_that_is_dropped_meanwhile_goes_afterwards(qtbot: QtBot, qapp: QApplication) -> None:
    dropping = Dropping()
    qtbot.addWidget(dropping)
    dropping.show()
    theme.install(qapp, "dark")
    assert dropping.was_there == [True]
