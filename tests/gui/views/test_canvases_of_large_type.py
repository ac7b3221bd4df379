"""What is drawn by hand grows with the size of text, as what is laid out does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.views import views
from studio.gui.views.base import View
from tests.gui.views.test_view_alone import give_all

KINDS = views()
#: They hold no words: a sheet to draw on, and a bar beside its number.
WORDLESS = ("DrawingCanvas", "CountBar")
#: Pictures and maps are as large at any size of text: what holds words beside them makes up the difference.
LEAST_GROWTH = 1.2


@pytest.fixture
def _usual(qapp: QApplication) -> Iterator[None]:
    yield
    theme.set_text_scale(qapp, 1.0)


def canvases(view: View) -> list[QWidget]:
    """Its widgets that are painted in Python, are seen, and insist on a height."""
    return [
        widget
        for widget in view.findChildren(QWidget)
        if any(
            "paintEvent" in kind.__dict__ and kind.__module__.startswith("studio.gui.views")
            for kind in type(widget).mro()
        )
        and widget.isVisible()
        and widget.minimumHeight() > 0
        and type(widget).__name__ not in WORDLESS
    ]


@pytest.mark.usefixtures("_usual")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_canvas_of_a_view_is_higher_where_text_is_larger(
    kind: type[View], qtbot: QtBot, qapp: QApplication
) -> None:
    view = kind()
    qtbot.addWidget(view)
    view.resize(1100, 900)
    give_all(view)
    view.show()
    qtbot.wait(50)
    before = {widget: widget.minimumHeight() for widget in canvases(view)}
    theme.set_text_scale(qapp, 2.0)
    qtbot.wait(50)
    stayed = {
        type(widget).__name__: (height, widget.minimumHeight())
        for widget, height in before.items()
        if widget.minimumHeight() < LEAST_GROWTH * height
    }
    assert not stayed
    theme.set_text_scale(qapp, 1.0)
    qtbot.wait(50)
    assert {widget: widget.minimumHeight() for widget in before} == before
