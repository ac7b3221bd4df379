"""A small picture of the resources in the colours of the theme."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides


def _themed_svg(path: Path) -> bytes:
    """An SVG file with ``@role`` and ``@run1`` ... ``@run6`` replaced by the colours of the theme in force."""
    now = theme.current()

    def color(match: re.Match[str]) -> str:
        name = match.group(1)
        number = re.fullmatch(r"run([1-6])", name)
        return now.run_color(int(number.group(1)) - 1).name() if number else now.color(name).name()

    return re.sub(r"@([a-z_0-9]+)", color, path.read_text(encoding="utf-8")).encode()


class Picture(GuardedOverrides, QWidget):
    """Shows an SVG, as large as fits, its proportions kept; drawn anew when the theme changes. Decoration: no focus."""

    def __init__(self, path: Path, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._size = size
        self._renderer = QSvgRenderer(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setMinimumSize(size / 2)  # never nothing: what is around it scrolls before
        theme.notifier().changed.connect(self._load)
        self._load()

    def _load(self) -> None:
        self._renderer.load(QByteArray(_themed_svg(self._path)))
        self._renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        self.update()

    def sizeHint(self) -> QSize:
        return self._size

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._renderer.render(QPainter(self), QRectF(self.rect()))
