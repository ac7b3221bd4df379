"""A strip that says one thing: a note, a warning, an error, good news."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import Label

NoticeLevel = Literal["notice", "good", "warning", "error"]

_ICON: dict[NoticeLevel, tuple[str, str]] = {
    "notice": ("note", "accent"),
    "good": ("check", "good"),
    "warning": ("warning", "warning"),
    "error": ("warning", "error"),
}


class Glyph(GuardedOverrides, QWidget):
    """An icon that is only looked at, in the colour of a role."""

    def __init__(self, icon: str, color_role: str = "text3", size: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._role, self._size = icon, color_role, size
        theme.keep_length(self, QWidget.setFixedSize, size, size)
        theme.notifier().changed.connect(self.update)

    def show_icon(self, icon: str, color_role: str) -> None:
        """Exchange the icon."""
        self._icon, self._role = icon, color_role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        color = theme.current().color(self._role)
        QPainter(self).drawPixmap(
            0, 0, theme.pixmap(self._icon, color, theme.scaled(self._size), self.devicePixelRatioF())
        )


class NoticeBox(QFrame):
    """An icon and a sentence on a soft tint, with at most one link; hidden while it has nothing to say."""

    followed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = Glyph("note", "accent")
        self._words = Label(role="explain")
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._link: QPushButton = button("", "link", clicked=self.followed)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(8)
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addWidget(self._link)
        self.show_message("")

    def show_message(self, words: str, level: NoticeLevel = "notice", link: str = "") -> None:
        """Show a sentence; an empty one hides the strip."""
        theme.restyle(self, surface=level)
        theme.restyle(self._words, tone={"notice": "text2", "good": "good"}.get(level, level))
        self._glyph.show_icon(*_ICON[level])
        self._words.setText(words)
        self._link.setText(link)
        self._link.setVisible(bool(link))
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()
