"""Asks where published weights lie, for who does not want them downloaded."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.message import translatable
from studio.core.prefixed_key import PrefixedKey
from studio.gui.presenters.draft_info import Choice
from studio.gui.widgets.editors import PathEditor
from studio.gui.widgets.fields import Field
from studio.gui.widgets.labels import Label

_LABEL = translatable("Folder")
_HELP = translatable("Where the published weights lie already; empty to have them downloaded")
#: Where published weights come from.
PRETRAINED: Final = "pretrained"


class WeightsFolder(QWidget):
    """What happens to them, and the folder. ``edited`` once it is another."""

    edited = Signal()

    def __init__(self, place: str) -> None:
        """``place``: where in an experiment it is written, a dotted key."""
        super().__init__()
        words = Label(
            self.tr(
                "Downloaded when the run starts, and checked where there is a checksum. Or name a folder that holds them:"
            ),
            "explain",
        )
        words.setWordWrap(True)
        self.folder = PathEditor(Field(place, _LABEL, _HELP, "path"))
        self.folder.edited.connect(self.edited)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(words)
        column.addWidget(self.folder)

    def key(self) -> str:
        """``pretrained``, with the folder where one is named."""
        return str(PrefixedKey(PRETRAINED, str(self.folder.value_now() or "")))

    def problem(self, choice: Choice | None) -> str:
        """Why the weights of what is chosen cannot be had; "" where they can."""
        if choice is None or choice.is_published:
            return ""
        return self.tr(
            "Nobody publishes weights of this network: type the name of one of torchvision, such as resnet18."
        )
