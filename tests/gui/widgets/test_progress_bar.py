"""Progress is painted with the rest of the window, when everything in it has found its place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.widgets.labels import Label
from studio.gui.widgets.progress_bar import ProgressBar


class Paintings(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - named by Qt
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def test_words_beside_it_are_not_painted_before_they_have_room(qtbot: QtBot) -> None:
    window, label, bar = QWidget(), Label("–"), ProgressBar()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    row.addWidget(label)
    row.addWidget(bar)
    window.resize(300, 60)
    window.show()
    qtbot.waitExposed(window)
    QApplication.processEvents()
    paintings = Paintings(label)
    label.setText("263 pictures a second")
    bar.show_value(50)
    assert bar.value() == 50
    assert paintings.count == 0
    qtbot.waitUntil(lambda: paintings.count > 0)
    assert label.width() >= label.sizeHint().width()
