"""Buttons: with words, with an icon alone, and a row of which one is down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from studio.gui import theme
from studio.gui.text.tool_tip import plain_tip

ClickHandler = Callable[[], Any] | SignalInstance


def button(
    text: str, kind: str = "", icon: str = "", clicked: ClickHandler | None = None, parent: QWidget | None = None
) -> QPushButton:
    """A push button: ``kind`` is "" (ordinary), "primary", "flat", "link" or "chip"."""
    made = QPushButton(text, parent)
    if kind:
        made.setProperty("kind", kind)
    if kind == "chip":
        made.setCheckable(True)
    if icon:
        made.setIconSize(QSize(20, 16))  # a little air between the icon and the words
        theme.keep_icon(made, icon, {"primary": "on_accent", "link": "accent"}.get(kind, "text2"))
    made.setAutoDefault(False)
    if clicked is not None:
        made.clicked.connect(clicked)
    return made


class IconButton(QToolButton):
    """An icon alone, 26 x 26; its words are its tool tip and its accessible name."""

    def __init__(
        self,
        icon: str,
        words: str,
        clicked: ClickHandler | None = None,
        size: int = 26,
        color_role: str = "text2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme.keep_icon(self, icon, color_role)
        self.setIconSize(QSize(16, 16))
        theme.keep_length(self, QWidget.setFixedSize, size, size)
        self.set_words(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if clicked is not None:
            self.clicked.connect(clicked)

    def set_icon(self, icon: str, color_role: str = "text2") -> None:
        """Exchange the icon."""
        theme.keep_icon(self, icon, color_role)

    def set_words(self, words: str) -> None:
        """Exchange what it is called."""
        self.setToolTip(plain_tip(words))
        self.setAccessibleName(words)


class SegmentedControl(QFrame):
    """A row of words of which one is chosen. ``chosen`` tells the key, by whatever way it was chosen."""

    chosen = Signal(str)

    def __init__(
        self, segments: Sequence[tuple[str, str]], name: str, current: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "segments")
        self.setAccessibleName(name)
        self._keys = [key for key, _ in segments]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for index, (key, words) in enumerate(segments):
            if index:
                row.addWidget(self._line())
            segment = button(words, "segment")
            segment.setCheckable(True)
            segment.setChecked(key == (current or self._keys[0]))
            segment.setAccessibleName(f"{name}: {words}")
            self._group.addButton(segment, index)
            row.addWidget(segment)
        theme.keep_length(self, QWidget.setFixedHeight, 30)
        self._group.idToggled.connect(self._toggled)

    @property
    def current(self) -> str:
        """The key of the chosen segment."""
        return self._keys[self._group.checkedId()]

    def choose(self, key: str) -> None:
        """Choose a segment by its key."""
        self.segment(key).setChecked(True)

    def segment(self, key: str) -> QPushButton:
        """The button of a segment; KeyError if there is none."""
        found = self._group.button(self._keys.index(key)) if key in self._keys else None
        if not isinstance(found, QPushButton):
            raise KeyError(key)
        return found

    def set_words(self, key: str, words: str) -> None:
        """Exchange the words of one segment."""
        segment = self.segment(key)
        segment.setText(words)
        segment.setAccessibleName(f"{self.accessibleName()}: {words}")

    def _toggled(self, index: int, down: bool) -> None:
        if down:
            self.chosen.emit(self._keys[index])

    @staticmethod
    def _line() -> QFrame:
        line = QFrame()
        line.setProperty("surface", "segment_line")
        line.setFixedWidth(1)
        return line
