"""PySide6 6.12.0 on Python 3.11 drops references to None at every repaint, and kills the process after about a hundred."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings
from studio.gui.views.views_page import ViewsPage

REPAINTS = 100


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_none_keeps_its_references_over_repaints(qtbot: QtBot, tmp_path: Path) -> None:
    from studio.gui import views

    window = Window(WindowSettings(tmp_path))
    page = ViewsPage()
    page.add_views(views.views())
    window.show_page(page)
    qtbot.addWidget(window)
    window.show()
    qtbot.wait(50)

    def repaint() -> None:
        window.update()
        page.refresh()
        window.grab()
        QApplication.sendPostedEvents(window, QEvent.Type.UpdateRequest.value)

    for _ in range(5):
        repaint()
    before = sys.getrefcount(None)
    for _ in range(REPAINTS):
        repaint()
    lost = before - sys.getrefcount(None)
    assert lost < REPAINTS / 2, f"{lost} references to None were lost over {REPAINTS} repaints"
