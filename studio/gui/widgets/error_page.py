"""An error where the view was: what happened, why, what can be done; details on demand, never first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import Glyph


@dataclass(frozen=True)
class Remedy:
    """A button of an error page: its key, its words, and a line under the buttons that says what it will do."""

    key: str
    words: str
    effect: str = ""


class ErrorPage(GuardedOverrides, QFrame):
    """What happened, why, and buttons of which the first is the remedy; the rest of the window stays in sight.

    ``chosen`` tells the key of the remedy pressed, ``closed`` that the page was put away.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._what = Label(role="page")
        self._what.setWordWrap(True)
        self._said = self._paragraph()
        self._why_head = Label(self.tr("Why"), "section")
        self._why = self._paragraph()
        #: Anything a caller wants to draw to show why, e.g. where the memory went; below the sentence.
        self.illustration = QVBoxLayout()
        self._can_head = Label(self.tr("What you can do"), "section")
        self._remedy = self._paragraph()
        self._buttons = QHBoxLayout()
        self._made: list[QPushButton] = []
        self._buttons.setSpacing(8)
        self._effect = self._paragraph()
        self._close = IconButton("close", self.tr("Put this message away"), self.close_page)
        self._fold = button(self.tr("Details for a bug report"), "flat", "chevron-right", self._toggle_details)
        self._copy = button(self.tr("Copy"), "flat", "copy", self._copy_details)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setAccessibleName(self.tr("Details for a bug report"))
        self._details.setMinimumHeight(120)
        self._lay_out()
        theme.notifier().changed.connect(self.update)

    def show_error(
        self,
        what: str,
        why: str = "",
        remedy: str = "",
        remedies: Sequence[Remedy] = (),
        details: str = "",
        said: str = "",
    ) -> None:
        """Fill the page.

        Args:
            what: the headline, one sentence.
            why, remedy: one sentence each; may be empty.
            remedies: the buttons, the best first.
            details: for a bug report, folded at first; a traceback belongs here and nowhere else.
            said: a line below the headline: where it stopped and what is safe.
        """
        self._what.setText(what)
        for label, words in ((self._said, said), (self._why, why), (self._remedy, remedy)):
            label.setText(words)
            label.setVisible(bool(words))
        self._why_head.setVisible(bool(why))
        self._can_head.setVisible(bool(remedy or remedies))
        self._fill_buttons(remedies)
        self._details.setPlainText(details)
        self._details.hide()
        theme.keep_icon(self._fold, "chevron-right")
        for widget in (self._line, self._fold, self._copy):
            widget.setVisible(bool(details))
        self.setAccessibleName(what)
        self.setAccessibleDescription(" ".join(part for part in (said, why, remedy) if part))

    @property
    def remedy_buttons(self) -> list[QPushButton]:
        """The buttons of the remedies, in order."""
        return list(self._made)

    def close_page(self) -> None:
        """Put the page away."""
        self.hide()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QPainterPath()
        edge.addRoundedRect(self.rect().toRectF(), 8, 8)
        painter.setClipRect(0, 0, 4, self.height())
        painter.fillPath(edge, theme.current().color("error"))

    def _lay_out(self) -> None:
        body = QVBoxLayout()
        body.setSpacing(8)
        for widget in (self._said, self._why_head, self._why):
            body.addWidget(widget)
        body.addLayout(self.illustration)
        for widget in (self._can_head, self._remedy):
            body.addWidget(widget)
        body.addLayout(self._buttons)
        body.addWidget(self._effect)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(Glyph("warning", "error", 22), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._what, 1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        indented = QHBoxLayout()
        indented.addSpacing(36)
        indented.addLayout(body)
        self._line = QFrame()
        self._line.setProperty("surface", "line")
        self._line.setFixedHeight(1)
        foot = QHBoxLayout()
        foot.addWidget(self._fold)
        foot.addStretch()
        foot.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(indented)
        column.addWidget(self._line)
        column.addLayout(foot)
        column.addWidget(self._details, 1)

    def _fill_buttons(self, remedies: Sequence[Remedy]) -> None:
        self._made.clear()
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for index, remedy in enumerate(remedies):
            made = button(remedy.words, "primary" if index == 0 else "", clicked=self._pressed)
            made.setObjectName(remedy.key)
            made.setToolTip(plain_tip(remedy.effect))
            self._made.append(made)
            self._buttons.addWidget(made)
        self._buttons.addStretch()
        effect = remedies[0].effect if remedies else ""
        self._effect.setText(effect)
        self._effect.setVisible(bool(effect))

    def _pressed(self) -> None:
        pressed = self.sender()
        if pressed is not None:
            self.chosen.emit(pressed.objectName())

    def _toggle_details(self) -> None:
        shown = self._details.isHidden()
        self._details.setVisible(shown)
        theme.keep_icon(self._fold, "chevron-down" if shown else "chevron-right")

    def _copy_details(self) -> None:
        parts = (self._what.text(), self._said.text(), self._why.text(), self._details.toPlainText())
        QGuiApplication.clipboard().setText("\n\n".join(part for part in parts if part))

    @staticmethod
    def _paragraph() -> Label:
        label = Label(role="explain")
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
