"""What a run reached, in one sentence, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.explained_label import ExplainedLabel
from studio.gui.widgets.notice import Glyph

#: Least pixels beside the buttons: for a sentence in three lines, its mark and the cross.
SENTENCE = 300


class ResultBar(GuardedOverrides, QFrame):
    """Stands above the views when a run has ended.

    Signals:
        alone_requested: the same again without distillation.
        method_requested: choose another method.
        report_requested: save a report.
        go_on_requested: go on with the run that was stopped.
    """

    alone_requested = Signal()
    method_requested = Signal()
    report_requested = Signal()
    go_on_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "good")
        self._glyph = Glyph("check", "good", 16)
        self._sentence = ExplainedLabel(role="strong", lines=3)
        self._go_on = button("", "primary", clicked=self.go_on_requested.emit)
        self._without = button("", clicked=self.alone_requested.emit)
        self._other = button("", clicked=self.method_requested.emit)
        self._report = button("", icon="download", clicked=self.report_requested.emit)
        self.set_compact(False)
        self._next = QWidget()
        row = QHBoxLayout(self._next)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._go_on, self._without, self._other, self._report):
            row.addWidget(widget)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 6, 8, 6)
        self._grid.setHorizontalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._glyph, 0, 0)
        self._grid.addWidget(self._sentence, 0, 1)
        self._grid.addWidget(self._next, 0, 2)
        self._grid.addWidget(IconButton("close", self.tr("Put this away"), self.hide), 0, 3)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What to do next goes below the sentence where that would not have its room beside it."""
        super().resizeEvent(event)
        below = self.width() - self._next.sizeHint().width() < SENTENCE
        self._grid.addWidget(self._next, *((1, 1, Qt.AlignmentFlag.AlignLeft) if below else (0, 2)))

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()

    def set_compact(self, compact: bool) -> None:
        """Under 1200 px shorter words, so that the sentence has its room."""
        for pressed, words, short in (
            (self._without, self.tr("Try it without distillation"), self.tr("Without distillation")),
            (self._other, self.tr("Try another method"), self.tr("Another method")),
            (self._report, self.tr("Save a report"), self.tr("Report")),
        ):
            pressed.setText(short if compact else words)
            pressed.setToolTip(plain_tip(words) if compact else "")
            pressed.setAccessibleName(words)

    def show_result(self, sentence: str, distilled: bool, well: bool = True, go_on: str = "") -> None:
        """Say what was reached.

        Args:
            go_on: words of a button that goes on with the run; empty where there is none.
            distilled: whether there is a distillation to leave out.
            well: whether the run came to its end, and its teacher did no harm.
        """
        theme.restyle(self, surface="good" if well else "notice")
        self._glyph.show_icon(*(("check", "good") if well else ("note", "accent")))
        self._sentence.setText(sentence)
        self._go_on.setText(go_on)
        self._go_on.setAccessibleName(go_on)
        self._go_on.setVisible(bool(go_on))
        self._without.setVisible(distilled)
        self.setAccessibleName(sentence)
        self.show()
