"""The line below a choice: why it cannot be used, or what it is, and the button that uses it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.gui import theme
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.notice import Glyph


class ChooserFoot(QWidget):
    """``used`` and ``cancelled`` are its two buttons; ``words`` stand on the first."""

    used = Signal()
    cancelled = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.use = button(words, "primary", clicked=self.used.emit)
        self.hint = ClampedLabel(lines=2)
        self._good = Glyph("check", "good")
        self.show_state("", "", chosen=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._good)
        row.addWidget(self.hint, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(button(self.tr("Cancel"), clicked=self.cancelled.emit))
        row.addWidget(self.use)

    def show_state(self, refusal: str, said: str, *, chosen: bool, warning: str = "") -> None:
        """Whether what is chosen can be used.

        Args:
            refusal: why it cannot; empty where it can.
            said: what there is to say of it then.
            chosen: whether anything is.
            warning: why what is said is no good news; empty where it is.
        """
        self.use.setEnabled(chosen and not refusal)
        self.use.setToolTip(plain_tip(refusal))
        self.hint.setText(refusal or said)
        self.hint.setToolTip(plain_tip("" if refusal else warning))
        self._good.setVisible(bool(said) and not refusal and not warning)
        theme.restyle(self.hint, tone="warning" if warning and not refusal else "text3")

    def show_problem(self, problem: str) -> None:
        """What has to be mended before it can be used."""
        self.hint.setText(problem)
        self._good.hide()
        theme.restyle(self.hint, tone="error")
