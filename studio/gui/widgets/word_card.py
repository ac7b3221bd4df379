"""A small card that says what a word means, beside the word. It lies over the window it belongs to."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.text.glossary import GlossaryEntry
from studio.gui.widgets.labels import Label

WIDTH = 280
#: Between the word and its card, and between the card and the rim of the window.
SPACE = 6


class WordCard(QFrame):
    """One for each window; :func:`word_card` gives it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setProperty("surface", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.keep_length(self, QWidget.setFixedWidth, WIDTH)
        self._word = Label(role="card")
        self._text = Label(role="explain")
        self._text.setWordWrap(True)
        self._more = Label(self.tr("Click, or Enter: all words"), "axis")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        for label in (self._word, self._text, self._more):
            column.addWidget(label)
        self.hide()

    @property
    def word(self) -> str:
        """The word it explains now; empty while it is not shown."""
        return "" if self.isHidden() else self._word.text()

    @property
    def words(self) -> str:
        """What it says of it."""
        return self._text.text()

    def show_entry(self, entry: GlossaryEntry, place: QRect, aside: bool = False) -> None:
        """Say what a word means.

        Args:
            entry: the word.
            place: where it stands, in the window's coordinates; the card does not cover it.
            aside: to the right of it if there is room, else below; where what stands below is in use.
        """
        self._word.setText(entry.word)
        self._text.setText(entry.text)
        self._more.setHidden(aside)  # Enter is the field's there
        self.setFixedHeight(self._height())
        self.move(self._corner(place, aside))
        self.show()
        self.raise_()

    def _height(self) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(self.width()) if layout is not None else 0

    def _corner(self, place: QRect, aside: bool) -> QPoint:
        room = self._window.rect().adjusted(SPACE, SPACE, -SPACE, -SPACE)
        x, y = place.left(), place.bottom() + SPACE
        if aside and place.right() + SPACE + self.width() <= room.right():
            x, y = place.right() + SPACE, place.top()
        elif y + self.height() > room.bottom() and place.top() - SPACE - self.height() >= room.top():
            y = place.top() - SPACE - self.height()
        x = max(room.left(), min(x, room.right() - self.width()))
        return QPoint(x, max(room.top(), min(y, room.bottom() - self.height())))


def word_card(widget: QWidget) -> WordCard:
    """The card of the window a widget is in."""
    window = widget.window()
    return window.findChild(WordCard, options=Qt.FindChildOption.FindDirectChildrenOnly) or WordCard(window)
