"""What stands in the centre until a run that was asked for at the start can be watched: what it is, and that it comes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.shell.welcome_page import picture_file
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.widgets.explained_label import ExplainedLabel
from studio.gui.widgets.labels import Label
from studio.gui.widgets.picture import Picture
from studio.gui.widgets.progress_bar import ProgressBar
from studio.runs.presets.presets import Preset

PICTURE = QSize(327, 192)
WIDTH = 480
#: Milliseconds between two steps of the bar, and how many steps it goes before it begins anew.
TICK_MS, STEPS = 50, 60


class StartingPage(GuardedOverrides, QWidget):
    """Nothing on it can be pressed; a bar moves as long as it is shown."""

    def __init__(self, preset: Preset | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "window")
        title = say(preset.title) if preset is not None else self.tr("Your experiment")
        self.setAccessibleName(title)
        self._bar = ProgressBar()
        self._bar.setRange(0, STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Getting ready"))
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._move_on)
        inner = QWidget()
        inner.setFixedWidth(WIDTH)
        column = QVBoxLayout(inner)
        column.setSpacing(10)
        if preset is not None:
            picture = Picture(picture_file(preset.key), PICTURE)
            picture.setFixedSize(PICTURE)
            column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        heading = Label(title, "page")
        heading.setWordWrap(True)
        column.addWidget(heading)
        if preset is not None:
            column.addWidget(ExplainedLabel(say(preset.words), "body", "text2"))
        column.addWidget(self._bar)
        column.addWidget(
            ExplainedLabel(
                self.tr("Data and networks are made ready. Then the teacher learns first, unless it is there.")
            )
        )
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(inner, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _move_on(self) -> None:
        self._bar.show_value((self._bar.value() + 1) % (STEPS + 1))
