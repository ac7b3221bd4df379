"""A published training on the page of ready experiments: what it sets, where it was published, and its two lengths."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui.text.say import say
from studio.gui.widgets.buttons import SegmentedControl, button
from studio.gui.widgets.labels import Label
from studio.runs.presets.presets import Recipe


class RecipeCard(QFrame):
    """Takes a published training into the panels, in full or short; it is long, so nothing is trained at once.

    Signals:
        fill_requested: the key of the form to take into the panels.
    """

    fill_requested = Signal(str)

    def __init__(self, recipe: Recipe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        full = recipe.full
        self.setProperty("surface", "card")
        self.setAccessibleName(say(full.title))
        self._keys: Mapping[str, str] = {"full": full.key, "short": recipe.short.key}
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        column.addWidget(_wrapped(say(full.title), "question"))
        for heading, text in (
            ("", full.words),
            (self.tr("What it sets"), full.sets),
            (self.tr("To know"), full.apart),
            (self.tr("Source"), full.source),
        ):
            if text:
                if heading:
                    column.addWidget(Label(heading, "section"))
                column.addWidget(_wrapped(say(text), "explain"))
        column.addStretch(1)
        self.length = SegmentedControl(
            list(zip(self._keys, map(say, recipe.lengths), strict=True)),
            self.tr("Length of {name}").format(name=say(full.title)),
        )
        self.fill = button(self.tr("Take into the panels"), clicked=self._request_filling)
        self.fill.setAccessibleName(f"{self.fill.text()}: {say(full.title)}")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.length)
        foot.addStretch(1)
        foot.addWidget(self.fill)
        column.addLayout(foot)

    def _request_filling(self) -> None:
        self.fill_requested.emit(self._keys[self.length.current])


def _wrapped(words: str, role: str) -> Label:
    label = Label(words, role)
    label.setWordWrap(True)
    return label
