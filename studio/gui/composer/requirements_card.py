"""What must hold for the parts of a method to work with the two networks, and what was found of it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from studio.gui.composer.composer_card import ComposerCard
from studio.gui.presenters.composer_info import ComposerInfo, Requirement
from studio.gui.text.say import say
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import Glyph


class RequirementsCard(ComposerCard):
    """A line a requirement: a mark whether it holds, what it is, what was found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label(role="card")
        self._title.setWordWrap(True)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(8)
        self._lines.setVerticalSpacing(4)
        self._lines.setColumnStretch(1, 1)
        self._lines.setColumnStretch(2, 1)
        self.column.addWidget(self._title)
        self.column.addLayout(self._lines)
        self.column.addStretch()

    def show_method(self, info: ComposerInfo) -> None:
        """Say which networks the parts fit, and why, or which they do not."""
        teacher, student = map(say, info.names)
        fit = self.tr("Fits {teacher} and {student}") if not info.refusal else self.tr("{teacher} and {student}")
        self._title.setText(fit.format(teacher=teacher, student=student))
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._add_lines(info.requirements)

    def _add_lines(self, requirements: Iterable[Requirement]) -> None:
        top = Qt.AlignmentFlag.AlignTop
        for line, requirement in enumerate(requirements):
            mark = Glyph("check" if requirement.holds else "close", "good" if requirement.holds else "error", 13)
            mark.setAccessibleName(self.tr("holds") if requirement.holds else self.tr("does not hold"))
            self._lines.addWidget(mark, line, 0, top)
            words = Label(say(requirement.words), "explain", "text")
            found = Label(say(requirement.found), "explain", "text2")
            found.setAlignment(Qt.AlignmentFlag.AlignRight | top)
            for column, label in ((1, words), (2, found)):
                label.setWordWrap(True)
                self._lines.addWidget(label, line, column, top)
