"""All ready experiments on one page, and below them the published trainings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from studio.gui.shell.recipe_card import RecipeCard
from studio.gui.shell.welcome_page import about, picture_file
from studio.gui.text.say import say
from studio.gui.widgets.buttons import button
from studio.gui.widgets.explained_label import ExplainedLabel
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import Glyph
from studio.gui.widgets.picture import Picture
from studio.runs.presets.presets import Preset, Recipe

#: The drawing of an experiment on its card.
PICTURE = QSize(170, 100)


class GalleryPage(QWidget):
    """Each says what it is about, what to look at and what was reached.

    Signals:
        train_requested: the key of an experiment to train at once.
        fill_requested: the key of one to take into the panels only.
        closed: go back.
    """

    train_requested = Signal(str)
    fill_requested = Signal(str)
    closed = Signal()

    def __init__(
        self, presets: Sequence[Preset], recipes: Sequence[Recipe] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Gallery"))
        self.setProperty("help_page", "gallery")
        self._starts: list[tuple[QPushButton, str, int]] = []
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(16, 12, 16, 16)
        grid.setSpacing(12)
        for number, preset in enumerate(presets):
            grid.addWidget(self._card(preset, first=number == 0), number // 2, number % 2)
        self.recipes = [RecipeCard(recipe) for recipe in recipes]
        self._add_recipes(grid, (len(presets) + 1) // 2)
        self.show_busy(False)
        grid.setRowStretch(grid.rowCount(), 1)
        for side in range(2):
            grid.setColumnStretch(side, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 10)
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
        line = QFrame()
        line.setProperty("surface", "line")
        line.setFixedHeight(1)
        column.addWidget(line)
        column.addWidget(scroll, 1)

    def _add_recipes(self, grid: QGridLayout, row: int) -> None:
        """The published trainings below the experiments, under a heading of their own."""
        if not self.recipes:
            return
        heading = QVBoxLayout()
        heading.setContentsMargins(0, 12, 0, 0)
        heading.setSpacing(2)
        heading.addWidget(Label(self.tr("As published"), "page"))
        explained = Label(
            self.tr(
                "The trainings of the papers and their codes. In full they take a GPU for hours. Whatever epochs you "
                "choose afterwards, learning rates and stages change at the same shares of them."
            ),
            "explain",
        )
        explained.setWordWrap(True)
        heading.addWidget(explained)
        grid.addLayout(heading, row, 0, 1, 2)
        for number, card in enumerate(self.recipes):
            card.fill_requested.connect(self.fill_requested)
            grid.addWidget(card, row + 1 + number // 2, number % 2)

    def _card(self, preset: Preset, first: bool) -> QFrame:
        card = QFrame()
        card.setProperty("surface", "card")
        card.setAccessibleName(say(preset.title))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        picture = Picture(picture_file(preset.key), PICTURE)
        picture.setFixedSize(PICTURE)
        column.addWidget(picture)
        title = Label(say(preset.title), "question")
        title.setWordWrap(True)
        column.addWidget(title)
        for heading, text in (
            ("", preset.words),
            (self.tr("Look at"), preset.look_at),
            (self.tr("Reached"), preset.reached),
        ):
            if text:
                if heading:
                    column.addWidget(Label(heading, "section"))
                column.addWidget(ExplainedLabel(say(text)))
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(Glyph("clock"))
        foot.addWidget(Label(about(preset.minutes), "explain", "text3"), 1)
        fill = button(self.tr("Take into the panels"), clicked=self._request_filling)
        several = len(preset.variants)
        start = button("", "primary" if first else "", "play", self._request_training)
        self._starts.append((start, say(preset.title), several))
        fill.setAccessibleName(f"{fill.text()}: {say(preset.title)}")
        for pressed in (fill, start):
            pressed.setProperty("key", preset.key)
            foot.addWidget(pressed)
        column.addLayout(foot)
        return card

    def show_busy(self, busy: bool) -> None:
        """Whether something trains: what is started then waits."""
        for start, title, several in self._starts:
            if several:
                words = (self.tr("Queue all {n}") if busy else self.tr("Start all {n}")).format(n=several)
            else:
                words = self.tr("Queue") if busy else self.tr("Start")
            start.setText(words)
            start.setAccessibleName(f"{words}: {title}")

    def _request_filling(self) -> None:
        self.fill_requested.emit(self._pressed_key())

    def _request_training(self) -> None:
        self.train_requested.emit(self._pressed_key())

    def _pressed_key(self) -> str:
        return str(self.sender().property("key"))
