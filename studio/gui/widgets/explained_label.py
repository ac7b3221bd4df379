"""A label whose words of the glossary have dots below them; a card says what they mean, at the pointer and at the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWhatsThisClickedEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from studio.gui import theme
from studio.gui.text.glossary import PAGE, GlossaryEntry, glossary
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.word_card import word_card

#: The pointer rests so long on a word before its card comes, in milliseconds; the keyboard somewhat longer on a field.
HOVER_MS, FIELD_MS = 250, 600
#: More lines than any label has.
ALL_LINES = 99
_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class ExplainedLabel(ClampedLabel):
    """Wraps its text; the first mention of each word of the glossary is explained.

    A click on such a word, or Enter, asks the window for it on the page of the help that has all words
    (``QWhatsThisClickedEvent`` with ``help:glossary#Word``).

    Args:
        reached: whether Tab stops at it where it has such words. A label of a field needs no stop of its own:
            :meth:`show_at_field` shows its card beside the field.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "explain",
        tone: str = "",
        lines: int = ALL_LINES,
        reached: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        self._reached = reached
        self._pointed: int | None = None
        super().__init__(text, role, tone, lines, parent)
        self.setMouseTracking(True)
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._show_card)
        self._field: QWidget | None = None
        self._update_focus()

    @property
    def explained(self) -> list[GlossaryEntry]:
        """The words that are explained, in the order of the text."""
        return [entry for _, entry in self._places()]

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self._update_focus()

    def show_at_field(self, field: QWidget) -> None:
        """Show the card of its first word beside a field that was reached by the keyboard, after a moment."""
        if self._places():
            self._pointed, self._field = 0, field
            self._pause.start(FIELD_MS)

    def hide_card(self) -> None:
        """Show no card any longer."""
        self._pause.stop()
        if self._pointed is not None:
            self._pointed = self._field = None
            word_card(self).hide()
            self.update()

    def corner(self, row: int, line: str) -> QPointF:
        """In the middle of its height, where it was given more than it needs."""
        spare = self.height() - len(self.broken(self.width())) * self.fontMetrics().height()
        first = super().corner(row, line)
        return QPointF(first.x(), row * self.fontMetrics().height() + max(0, spare) / 2)

    # --- where the words are ------------------------------------------------------------------------------------------

    def _places(self) -> list[tuple[QRectF, GlossaryEntry]]:
        """The rectangle of every explained word that is shown whole on one line."""
        metrics = self.fontMetrics()
        found: dict[str, tuple[QRectF, GlossaryEntry]] = {}
        for row, line in enumerate(self.broken(self.width())):
            corner = self.corner(row, line)
            for span in glossary().spans(line):
                before = metrics.horizontalAdvance(line[: span.start])
                width = metrics.horizontalAdvance(line[: span.end]) - before
                place = QRectF(corner.x() + before, corner.y(), width, metrics.height())
                found.setdefault(span.entry.word, (place, span.entry))
        return list(found.values())

    def _at(self, point: QPointF) -> int | None:
        inside = (number for number, (place, _) in enumerate(self._places()) if place.contains(point))
        return next(inside, None)

    def _update_focus(self) -> None:
        words = glossary().spans(self.text())
        reached = self._reached and bool(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if reached else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.text())
        said = " ".join(f"{span.entry.word}: {span.entry.text}" for span in words) if self._reached else ""
        self.setAccessibleDescription(said)

    # --- its card -----------------------------------------------------------------------------------------------------

    def _show_card(self) -> None:
        places = self._places()
        if self._pointed is None or self._pointed >= len(places) or not self.isVisible():
            return
        place, entry = places[self._pointed]
        widget, shown = (self, place.toAlignedRect()) if self._field is None else (self._field, self._field.rect())
        window = self.window()
        in_window = QRect(widget.mapTo(window, shown.topLeft()), shown.size())
        word_card(self).show_entry(entry, in_window, aside=self._field is not None)
        self.update()

    def _point_at(self, number: int | None, after: int = 0) -> None:
        if number is None:
            self.hide_card()
        elif number != self._pointed:
            self._pointed, self._field = number, None
            self._pause.start(after)

    def _ask_for_page(self, number: int) -> None:
        url = QUrl(f"help:{PAGE}")
        url.setFragment(self._places()[number][1].word)
        self.hide_card()
        QApplication.sendEvent(self, QWhatsThisClickedEvent(url.toString()))

    # --- Qt -----------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._pointed is not None:
            return True  # the card says it
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._at(event.position()), HOVER_MS)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self._ask_for_page(number)
        else:
            super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self.hide_card()
        super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.hide_card()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.hide_card()
        super().resizeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        last = len(self._places()) - 1
        self._point_at(last if event.reason() == Qt.FocusReason.BacktabFocusReason else 0)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.hide_card()
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        count = len(self._places())
        if step and self._pointed is not None and 0 <= self._pointed + step < count:
            self._point_at(self._pointed + step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and count:
            self._ask_for_page(min(self._pointed or 0, count - 1))
        elif event.key() == Qt.Key.Key_Escape and word_card(self).isVisible():
            self.hide_card()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colors = theme.current()
        painter = QPainter(self)
        for number, (place, _) in enumerate(self._places()):
            pointed = number == self._pointed
            pen = QPen(colors.color("accent" if pointed else "text3"), 1.2, Qt.PenStyle.DotLine)
            painter.setPen(pen)
            foot = place.bottom() - 1
            painter.drawLine(QPointF(place.left(), foot), QPointF(place.right(), foot))
            if pointed and self.hasFocus():
                painter.setPen(QPen(colors.color("accent"), 2))
                painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 3, 3)


def is_by_keyboard(reason: Qt.FocusReason) -> bool:
    """Whether a focus came by keys."""
    return reason in _BY_KEYBOARD
