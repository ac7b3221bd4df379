"""Wherever the keyboard stops in a view, one sees that it is there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.views import views
from studio.gui.views.base import View
from studio.gui.widgets.reading_order import tab_stops
from tests.gui.views.test_view_alone import give_all

KINDS = views()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_stop_of_a_view_shows_that_it_has_the_focus(kind: type[View], qtbot: QtBot, qapp: QApplication) -> None:
    theme.install(qapp, "light")
    view = kind()
    qtbot.addWidget(view)
    view.resize(830, 560)
    give_all(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    qtbot.wait(50)
    unseen = []
    stops = tab_stops([view])
    assert stops
    for stop in stops:
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        with_focus = stop.grab().toImage()
        stop.clearFocus()
        if stop.grab().toImage() == with_focus:
            unseen.append(f"{type(stop).__name__}: {stop.accessibleName()}")
    assert unseen == []
