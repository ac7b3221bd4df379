"""All ready experiments on one page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.gui.shell.welcome_page import about
from studio.gui.text.say import say
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import Glyph
from studio.runs.presets.presets import Preset


class GalleryPage(QWidget):
    """Each says what it is about, what to look at and what was reached.

    Signals:
        start: the key of an experiment to train at once.
        fill: the key of one to take into the panels only.
        closed: go back.
    """

    start = Signal(str)
    fill = Signal(str)
    closed = Signal()

    def __init__(self, exhibits: Sequence[Preset], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Gallery"))
        self.setProperty("help_page", "gallery")
        self._keys: dict[QWidget, str] = {}
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(16, 12, 16, 16)
        grid.setSpacing(12)
        for number, exhibit in enumerate(exhibits):
            grid.addWidget(self._card(exhibit, first=number == 0), number // 2, number % 2)
        grid.setRowStretch(len(exhibits), 1)
        for side in range(2):
            grid.setColumnStretch(side, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 0)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self.tr("Ready experiments"), "page"))
        explained = Label(
            self.tr("Each is trained with one click, or taken into the panels to be changed first."), "explain"
        )
        explained.setWordWrap(True)
        words.addWidget(explained)
        head.addLayout(words, 1)
        head.addWidget(
            button(self.tr("Back"), icon="chevron-left", clicked=self.closed.emit), 0, Qt.AlignmentFlag.AlignTop
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(scroll, 1)

    def _card(self, exhibit: Preset, first: bool) -> QFrame:
        card = QFrame()
        card.setProperty("surface", "card")
        card.setAccessibleName(say(exhibit.title))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        title = Label(say(exhibit.title), "question")
        title.setWordWrap(True)
        column.addWidget(title)
        for heading, text in (
            ("", exhibit.words),
            (self.tr("Look at"), exhibit.look_at),
            (self.tr("Reached"), exhibit.reached),
        ):
            if text:
                if heading:
                    column.addWidget(Label(heading, "section"))
                words = Label(say(text), "explain")
                words.setWordWrap(True)
                column.addWidget(words)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(Glyph("clock"))
        foot.addWidget(Label(about(exhibit.minutes), "explain", "text3"), 1)
        fill = button(self.tr("Take into the panels"), clicked=self._filled)
        several = len(exhibit.variants)
        begin = self.tr("Start all {n}").format(n=several) if several else self.tr("Start")
        start = button(begin, "primary" if first else "", "play", self._started)
        for pressed in (fill, start):
            pressed.setAccessibleName(f"{pressed.text()}: {say(exhibit.title)}")
            self._keys[pressed] = exhibit.key
            foot.addWidget(pressed)
        column.addLayout(foot)
        return card

    def _filled(self) -> None:
        self._tell(self.fill)

    def _started(self) -> None:
        self._tell(self.start)

    def _tell(self, signal: object) -> None:
        pressed = self.sender()
        if isinstance(pressed, QWidget):
            signal.emit(self._keys[pressed])  # type: ignore[attr-defined]
