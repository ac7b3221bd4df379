"""The line on top of a page on which something is chosen: the way back, what is chosen, and the help that tells which."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWhatsThisClickedEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QWidget

from studio.gui import theme
from studio.gui.presenters.draft_info import Step
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import Label

#: Pages of the help that tell which to choose.
_GUIDES: dict[Step, str] = {"teacher": "help:borrowed-teachers", "method": "help:which-method"}


class ChooserHeader(QWidget):
    """``back_requested`` leads to the page behind, which ``back`` names."""

    back_requested = Signal()

    def __init__(self, step: Step, title: str, back: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guide = _GUIDES.get(step, "")
        self.setProperty("surface", "plain")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.keep_length(self, QWidget.setFixedHeight, 40)
        behind = button(self.tr("Back to {page}").format(page=back), "flat", "chevron-left", self.back_requested.emit)
        words = {"teacher": self.tr("Borrowed teachers"), "method": self.tr("Which method when?")}.get(step, "")
        beside = button(words, "link", clicked=self._ask_for_guide) if words else QWidget()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(behind)
        row.addStretch()
        row.addWidget(Label(title, "card"))
        row.addStretch()
        row.addWidget(beside)
        if not words:
            beside.setFixedWidth(behind.sizeHint().width())

    def _ask_for_guide(self) -> None:
        QApplication.sendEvent(self, QWhatsThisClickedEvent(self._guide))


def separator(upright: bool) -> QFrame:
    """A line between parts of the page."""
    line = QFrame()
    line.setProperty("surface", "line")
    if upright:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
