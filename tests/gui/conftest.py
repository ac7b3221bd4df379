"""What every test of the window gets: the light theme, text of the usual size, and no widget left over from the test before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _as_the_program_starts(qapp: QApplication) -> None:
    from studio.gui import theme
    from studio.gui.system.layout_items import forget_layout_items

    forget_layout_items()
    theme.set_text_scale(qapp, 1.0)
    theme.install(qapp, "light")


@pytest.fixture(autouse=True)
def _widgets_are_gone(qapp: QApplication) -> Iterator[None]:
    """Widgets that wait to be deleted would take part in every later change of style."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
