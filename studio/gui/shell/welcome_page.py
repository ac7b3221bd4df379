"""The first page: three cards, of which one click trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core import resources
from studio.core.format import about, duration
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import counted, say
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import ClampedLabel, Label
from studio.gui.widgets.notice import Glyph
from studio.gui.widgets.picture import Picture
from studio.runs.presets.presets import Preset

#: How many ready experiments stand on the page; the others are in the gallery.
SHOWN = 2
PICTURE = QSize(218, 128)
WIDEST = 790
#: Kept free at the right, so that nothing moves when the page has to be scrolled.
SCROLL_BAR = 12


def picture_file(key: str) -> Path:
    """The drawing of a ready experiment; a general one where it has none of its own."""
    own = resources.folder("pictures") / f"gallery-{key}.svg"
    return own if own.is_file() else resources.folder("pictures") / "gallery.svg"


class WelcomeCard(QFrame):
    """A picture, a title, a few words, a note and one button."""

    pressed = Signal()

    def __init__(self, picture: Path, title: str, words: str, note: str, action: str, icon: str, primary: bool) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.setAccessibleName(title)
        self.picture = Picture(picture, PICTURE)
        self.title = ClampedLabel(title, "question", lines=2)
        self.words = ClampedLabel(words, lines=5)
        self.note = Label(note, "explain", "text3")
        self.action = button(action, "primary" if primary else "", icon, self.pressed.emit)
        self.action.setAccessibleName(f"{action}: {title}")
        noted = QHBoxLayout()
        noted.setSpacing(6)
        noted.addWidget(Glyph("clock"))
        noted.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.picture)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addStretch(1)
        column.addLayout(noted)
        column.addWidget(self.action)

    def set_low(self, low: bool) -> None:
        """Take less height."""
        self.picture.setFixedHeight(64 if low else PICTURE.height())


class WelcomePage(GuardedOverrides, QWidget):
    """Three cards and a few links in the middle of the centre.

    Signals:
        train_requested: the key of the ready experiment to train at once.
        runs_requested, open_requested, gallery_requested, tour_requested, help_requested: the links.
        show_at_start_changed: whether this page comes first next time.
    """

    train_requested = Signal(str)
    runs_requested = Signal()
    open_requested = Signal()
    gallery_requested = Signal()
    tour_requested = Signal()
    help_requested = Signal()
    show_at_start_changed = Signal(bool)

    def __init__(self, presets: Sequence[Preset], show_at_start: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "window")
        self.setAccessibleName(self.tr("Welcome"))
        heading = Label(self.tr("Watch a small network learn from a large one"), "welcome")
        below = Label(
            self.tr("Choose one to begin. Everything runs on this computer; nothing needs setting up."), tone="text2"
        )
        below.setWordWrap(True)
        self.below = below
        self.cards = [self._preset_card(preset, first=i == 0) for i, preset in enumerate(presets[:SHOWN])]
        self.runs_card = WelcomeCard(
            resources.folder("pictures") / "welcome-runs.svg",
            self.tr("Open my runs"),
            self.tr("Lay earlier runs over each other, scrub through them, or go on with one that was interrupted."),
            self.tr("none yet on this computer"),
            self.tr("Open an experiment"),
            "folder",
            primary=False,
        )
        self._runs = 0
        self.runs_card.pressed.connect(self._request_runs)
        cards = QHBoxLayout()
        cards.setSpacing(16)
        for card in (*self.cards, self.runs_card):
            cards.addWidget(card, 1)
        self.keep = QCheckBox(self.tr("Show this page at start"))
        self.keep.setChecked(show_at_start)
        self.keep.toggled.connect(self.show_at_start_changed)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(button(self.tr("The whole gallery"), "link", clicked=self.gallery_requested.emit))
        self.tour = button(self.tr("Take the tour"), "link", clicked=self.tour_requested.emit)
        links.addWidget(self.tour)
        links.addWidget(button(self.tr("Open a file"), "link", clicked=self.open_requested.emit))
        links.addWidget(button(self.tr("What is distillation?"), "link", clicked=self.help_requested.emit))
        links.addStretch(1)
        links.addWidget(self.keep)
        inner = QWidget()
        inner.setMaximumWidth(WIDEST)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(below)
        column.addSpacing(8)
        column.addLayout(cards)
        column.addSpacing(4)
        column.addLayout(links)
        inside = QWidget()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(24, 12, 24, 12)
        outer.addStretch(1)
        outer.addWidget(inner, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)
        self._inner = inner

    def _preset_card(self, preset: Preset, first: bool) -> WelcomeCard:
        card = WelcomeCard(
            picture_file(preset.key),
            say(preset.title),
            say(preset.words),
            "…",
            self.tr("Start"),
            "play",
            primary=first,
        )
        card.setProperty("key", preset.key)
        card.setProperty("minutes", preset.minutes)
        card.pressed.connect(self._request_training)
        return card

    def _request_training(self) -> None:
        self.train_requested.emit(str(self.sender().property("key")))

    def _request_runs(self) -> None:
        (self.runs_requested if self._runs else self.open_requested).emit()

    def set_ready(self, ready: bool) -> None:
        """While the program is still loading the cards can be read but not pressed."""
        for pressed in (*(card.action for card in (*self.cards, self.runs_card)), self.tour):
            pressed.setEnabled(ready)

    def show_times(self, seconds: Mapping[str, float], here: bool) -> None:
        """How long the experiments will take, by key; of the others what was measured elsewhere.

        Args:
            here: whether it is known how fast this computer is; else the times are those of two processor cores.
        """
        for card in self.cards:
            card.note.setText(time_words(seconds.get(str(card.property("key"))), float(card.property("minutes")), here))

    def show_busy(self, busy: bool) -> None:
        """Whether something trains: what is started then waits."""
        for card in self.cards:
            words = self.tr("Queue") if busy else self.tr("Start")
            card.action.setText(words)
            card.action.setAccessibleName(f"{words}: {card.accessibleName()}")

    def set_runs(self, count: int) -> None:
        """How many runs there are to open."""
        self._runs = count
        some = counted(count, self.tr("1 run on this computer"), self.tr("{n} runs on this computer"))
        note = some if count else self.tr("none yet on this computer")
        self.runs_card.note.setText(note)
        self.runs_card.action.setText(self.tr("Show my runs") if count else self.tr("Open an experiment"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = min(WIDEST, max(480, self.width() - 48 - SCROLL_BAR))
        self._inner.setFixedWidth(width)
        for card in (*self.cards, self.runs_card):
            card.set_low(self.height() < 560)
        layout = self._inner.layout()
        if layout is not None:  # a size hint goes by another width, at which words take fewer lines
            self._inner.setMinimumHeight(layout.totalHeightForWidth(width))


def time_words(seconds: float | None, minutes: float, here: bool) -> str:
    """How long a ready experiment takes: the ``seconds`` expected, else the ``minutes`` measured on two cores.

    Args:
        here: whether the seconds are of this computer; of one that has trained nothing yet they are those of two cores.
    """
    if seconds is not None:
        on_this = QCoreApplication.translate("WelcomePage", "About {time} on this computer")
        on_two = QCoreApplication.translate("WelcomePage", "About {time} on two cores")
        return (on_this if here else on_two).format(time=about(seconds))
    words = QCoreApplication.translate("WelcomePage", "{time} on two processor cores")
    return words.format(time=duration(60 * minutes)) if minutes else ""
