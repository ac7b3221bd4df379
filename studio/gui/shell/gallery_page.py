"""All ready experiments on one page, and below them the published trainings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from studio.gui.shell.recipe_card import RecipeCard
from studio.gui.shell.welcome_page import picture_file, time_words
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.widgets.buttons import button
from studio.gui.widgets.explained_label import ExplainedLabel
from studio.gui.widgets.labels import Label
from studio.gui.widgets.layouts import forget_places
from studio.gui.widgets.notice import Glyph
from studio.gui.widgets.picture import Picture
from studio.runs.presets.presets import Preset, Recipe

#: The drawing of an experiment on its card.
PICTURE = QSize(170, 100)
#: Pixels: beside the cards, and between them.
EDGE, SPACING = 16, 12


class GalleryPage(GuardedOverrides, QWidget):
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
        self.setProperty("roomy", True)  # cards stand beside each other once help and runs are folded
        self._times: dict[str, tuple[Label, float]] = {}
        self._starts: list[tuple[QPushButton, str, int]] = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(EDGE, 12, EDGE, 16)
        self._grid.setSpacing(SPACING)
        self.cards = [self._card(preset, first=number == 0) for number, preset in enumerate(presets)]
        self.recipes = [RecipeCard(recipe) for recipe in recipes]
        for card in self.recipes:
            card.fill_requested.connect(self.fill_requested)
        self._heading = self._heading_of_recipes() if recipes else None
        self._columns = 0
        self._arrange(2)
        self.show_busy(False)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self._bar = scroll.verticalScrollBar()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards stand beside each other where there is room for their buttons, else below each other."""
        super().resizeEvent(event)
        widest = max((card.minimumSizeHint().width() for card in (*self.cards, *self.recipes)), default=0)
        room = self.width() - self._bar.sizeHint().width() - 2 * EDGE
        self._arrange(2 if 2 * widest + SPACING <= room else 1)

    def _arrange(self, columns: int) -> None:
        """The experiments, and below them the published trainings under a heading of their own."""
        if columns == self._columns:
            return
        self._columns = columns
        grid = self._grid
        forget_places(grid)
        for number, card in enumerate(self.cards):
            grid.addWidget(card, number // columns, number % columns)
        row = -(-len(self.cards) // columns)
        if self._heading is not None:
            grid.addWidget(self._heading, row, 0, 1, columns)
        for number, recipe in enumerate(self.recipes):
            grid.addWidget(recipe, row + 1 + number // columns, number % columns)
        for side in range(2):
            grid.setColumnStretch(side, int(side < columns))
        for line in range(grid.rowCount()):
            grid.setRowStretch(line, 0)
        grid.setRowStretch(row + 1 + -(-len(self.recipes) // columns), 1)

    def _heading_of_recipes(self) -> QWidget:
        whole = QWidget()
        heading = QVBoxLayout(whole)
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
        return whole

    def _card(self, preset: Preset, first: bool) -> QFrame:
        card = QFrame()
        card.setProperty("surface", "card")
        card.setAccessibleName(say(preset.title))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        column.addLayout(self._head(preset))
        for heading, text in ((self.tr("Look at"), preset.look_at), (self.tr("Reached"), preset.reached)):
            if text:
                column.addWidget(Label(heading, "section"))
                column.addWidget(ExplainedLabel(say(text)))
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(Glyph("clock"))
        takes = Label("…", "explain", "text3")
        takes.setWordWrap(True)
        self._times[preset.key] = (takes, preset.minutes)
        foot.addWidget(takes, 1)
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

    @staticmethod
    def _head(preset: Preset) -> QHBoxLayout:
        """The drawing, and beside it what the experiment is called and about."""
        picture = Picture(picture_file(preset.key), PICTURE)
        picture.setFixedSize(PICTURE)
        title = Label(say(preset.title), "question")
        title.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(title)
        words.addWidget(ExplainedLabel(say(preset.words)))
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        return head

    def show_times(self, seconds: Mapping[str, float], here: bool) -> None:
        """How long the experiments will take, by key; of the others what was measured elsewhere.

        Args:
            here: whether it is known how fast this computer is; else the times are those of two processor cores.
        """
        for key, (label, minutes) in self._times.items():
            label.setText(time_words(seconds.get(key), minutes, here))

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
