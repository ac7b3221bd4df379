"""What a run reached, in one sentence, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.notice import Glyph


class ResultBar(QFrame):
    """Stands above the views when a run has ended.

    Signals:
        without: the same again without distillation.
        other_method: choose another method.
        report: save a report.
    """

    without = Signal()
    other_method = Signal()
    report = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "good")
        self._glyph = Glyph("check", "good", 16)
        self._sentence = ClampedLabel(role="strong", lines=2)
        self._without = button("", clicked=self.without.emit)
        self._other = button("", clicked=self.other_method.emit)
        self._report = button("", icon="download", clicked=self.report.emit)
        self.set_compact(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._glyph)
        row.addWidget(self._sentence, 1)
        for widget in (self._without, self._other, self._report):
            row.addWidget(widget)
        row.addWidget(IconButton("close", self.tr("Put this away"), self.hide))
        self.hide()

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
            pressed.setToolTip(words if compact else "")
            pressed.setAccessibleName(words)

    def show_result(self, sentence: str, distilled: bool, well: bool = True) -> None:
        """Say what was reached.

        Args:
            distilled: whether there is a distillation to leave out.
            well: whether the run came to its end; else it was stopped.
        """
        theme.restyle(self, surface="good" if well else "notice")
        self._glyph.show_icon(*(("check", "good") if well else ("note", "accent")))
        self._sentence.setText(sentence)
        self._without.setVisible(distilled)
        self.setAccessibleName(sentence)
        self.show()
