"""What a run reached, in one sentence, what that is worth, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.explained_label import ExplainedLabel
from studio.gui.widgets.notice import Glyph

if TYPE_CHECKING:
    from studio.gui.presenters.result_presenter import Offer, ResultInfo

#: Least pixels beside the buttons: for a sentence in three lines, its mark and the cross.
SENTENCE = 300
#: Pixels that mark, cross and margins take beside sentence and buttons.
FRAME = 88
_GLYPHS = {"good": ("check", "good"), "notice": ("note", "accent"), "warning": ("warning", "warning")}
_ICONS: dict[Offer, str] = {"report": "download", "go_on": "play"}


class ResultBar(GuardedOverrides, QFrame):
    """Stands above the views when a run has ended.

    Signals:
        chosen: the :data:`Offer` that was pressed.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "notice")
        self._shown: ResultInfo | None = None
        self._compact = False
        self._glyph = Glyph("note", "accent", 16)
        self._sentence = ExplainedLabel(role="strong", lines=3)
        self._why = ExplainedLabel(role="explain", lines=2)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self._sentence)
        said.addWidget(self._why)
        self._next = QWidget()
        self._buttons = QHBoxLayout(self._next)
        self._made: dict[str, QPushButton] = {}
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.setSpacing(8)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 6, 8, 6)
        self._grid.setHorizontalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._glyph, 0, 0)
        self._grid.addLayout(said, 0, 1)
        self._grid.addWidget(self._next, 0, 2)
        self._grid.addWidget(IconButton("close", self.tr("Put this away"), self.hide), 0, 3)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What to do next goes below the sentence where that would not have its room beside it."""
        super().resizeEvent(event)
        self._place_buttons()

    def _place_buttons(self) -> None:
        beside = self.width() - self._next.sizeHint().width()
        lines = self._sentence.broken(max(1, beside - FRAME))
        below = beside < SENTENCE or (bool(lines) and lines[-1].endswith("…"))
        self._grid.addWidget(self._next, *((1, 1, Qt.AlignmentFlag.AlignLeft) if below else (0, 2)))

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()

    @property
    def why(self) -> str:
        """What stands behind it; empty where it is simply well."""
        return self._why.text()

    @property
    def tone(self) -> str:
        """ "good" for what helped, else "notice" or "warning"."""
        return self._shown.tone if self._shown is not None else ""

    @property
    def offers(self) -> dict[str, QPushButton]:
        """The buttons by what they ask for, in order."""
        return dict(self._made)

    def set_compact(self, compact: bool) -> None:
        """Under 1200 px shorter words, so that the sentence has its room."""
        if compact != self._compact:
            self._compact = compact
            self._make_buttons()

    @property
    def shown(self) -> ResultInfo | None:
        """What it says, or said last."""
        return self._shown

    def show_result(self, result: ResultInfo) -> None:
        """Say what was reached."""
        self._shown = result
        theme.restyle(self, surface=result.tone)
        self._glyph.show_icon(*_GLYPHS[result.tone])
        self._sentence.setText(say(result.sentence))
        self._why.setText(say(result.why))
        self._why.setVisible(bool(result.why))
        self.setAccessibleName(self._sentence.text())
        self.setAccessibleDescription(self._why.text())
        self._make_buttons()
        self.show()

    def _make_buttons(self) -> None:
        self._made.clear()
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if self._shown is None:
            return
        for number, (offer, told) in enumerate(self._shown.offers):
            words = say(told)
            short = self._short(offer) if self._compact else ""
            look = "primary" if number == 0 and self._shown.leads else ""
            made = button(short or words, look, _ICONS.get(offer, ""), self._handle_press)
            made.setObjectName(offer)
            made.setAccessibleName(words)
            if short:
                made.setToolTip(plain_tip(words))
            self._made[offer] = made
            self._buttons.addWidget(made)
        self._place_buttons()

    def _short(self, offer: Offer) -> str:
        """What a button says where there is little room; empty where its words are short enough."""
        words: dict[Offer, str] = {
            "alone": self.tr("Without distillation"),
            "method": self.tr("Another method"),
            "teacher": self.tr("Another teacher"),
            "report": self.tr("Report"),
        }
        return words.get(offer, "")

    def _handle_press(self) -> None:
        pressed = self.sender()
        if pressed is not None:
            self.chosen.emit(pressed.objectName())
