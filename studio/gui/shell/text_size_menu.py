"""How large everything is written: a menu of sizes, and what has all be drawn in the chosen one at the next start."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from studio.gui.system.window_settings import WindowSettings

#: In percent of the usual size.
SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
_SCALE = "QT_SCALE_FACTOR"


class TextSizeMenu(QMenu):
    """The sizes, of which one is ticked. ``chosen`` tells another one in percent.

    Args:
        current: the size the program started with, in percent.
    """

    chosen = Signal(int)

    def __init__(self, current: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.started = current
        self.setTitle(self.tr("Text size"))
        self._group = QActionGroup(self)
        for size in SIZES:
            action = self.addAction(self.tr("{size} %").format(size=size))
            action.setCheckable(True)
            action.setChecked(size == current)
            action.setData(size)
            self._group.addAction(action)
        self._group.triggered.connect(self._emit_size)

    def _emit_size(self) -> None:
        ticked = self._group.checkedAction()
        if ticked is not None:
            self.chosen.emit(int(ticked.data()))


def apply_text_size(settings: WindowSettings, environment: MutableMapping[str, str] = os.environ) -> None:
    """Have Qt write and draw everything in the size that was chosen; before the application is made.

    A size the person has given in ``QT_SCALE_FACTOR`` is the usual one.
    """
    if settings.text_size != 100:
        try:
            usual = float(environment.get(_SCALE, "") or 1.0)
        except ValueError:
            usual = 1.0
        environment[_SCALE] = f"{usual * settings.text_size / 100:g}"
