"""A tour over a window: everything dimmed but one part at a time, and beside it a bubble that says what that part is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import Label

BUBBLE_WIDTH = 340
#: Around the part that is shown, and between it and the bubble.
RIM, SPACE = 4, 14
#: How dark the rest is, 0 to 255.
SHADE = 130
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right)


@dataclass(frozen=True)
class TourStop:
    """One part of the window: where it is, what it is called and what it is for. Several widgets are shown as one part."""

    parts: tuple[QWidget, ...]
    title: str
    words: str


class TourOverlay(GuardedOverrides, QWidget):
    """Lies over a window until the tour has ended. Keys: Left, Right, Enter; Escape ends it.

    Signals:
        ended: by its last button, by Escape or by the one that ends it early.
    """

    ended = Signal()

    def __init__(self, window: QWidget, stops: Sequence[TourStop]) -> None:
        super().__init__(window)
        self._window, self._stops, self._number = window, tuple(stops), 0
        self._before = QApplication.focusWidget()
        self.setAccessibleName(self.tr("Tour of the window"))
        self._bubble = QFrame(self)
        self._bubble.setProperty("surface", "raised")
        theme.keep_length(self._bubble, QWidget.setFixedWidth, BUBBLE_WIDTH)
        self._count = Label(role="step")
        self._title = Label(role="question")
        self._title.setWordWrap(True)
        self._words = Label(role="body", tone="text2")
        self._words.setWordWrap(True)
        self.skip = button(self.tr("End the tour"), "flat", clicked=self.end)
        self.back = button(self.tr("Back"), clicked=self.go_back)
        self.next = button("", "primary", clicked=self.go_on)
        for pressed in (self.skip, self.back, self.next):
            pressed.installEventFilter(self)
        self._lay_out()
        for watched in (window, *(part for stop in self._stops for part in stop.parts)):
            watched.installEventFilter(self)
        self.setGeometry(window.rect())
        self._show_stop()
        self.show()
        self.raise_()
        self.next.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def number(self) -> int:
        """The stop that is shown, from 0."""
        return self._number

    @property
    def bubble(self) -> QRect:
        """Where the bubble is, in the window's coordinates."""
        return self._bubble.geometry()

    @property
    def shown(self) -> QRect:
        """What is not dimmed, in the window's coordinates; empty where none of the parts is there."""
        return self._hole()

    def go_on(self) -> None:
        """The next stop; after the last one the tour ends."""
        self._go_to(self._number + 1)

    def go_back(self) -> None:
        """The stop before."""
        self._go_to(max(0, self._number - 1))

    def end(self) -> None:
        """End it; the focus goes back to where it was."""
        for watched in (self._window, *(part for stop in self._stops for part in stop.parts)):
            watched.removeEventFilter(self)
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.ended.emit()
        self.deleteLater()

    def _go_to(self, number: int) -> None:
        if number >= len(self._stops):
            self.end()
            return
        self._number = number
        self._show_stop()

    # --- one stop -----------------------------------------------------------------------------------------------------

    def _show_stop(self) -> None:
        stop, last = self._stops[self._number], self._number == len(self._stops) - 1
        self._count.setText(self.tr("{n} of {all}").format(n=self._number + 1, all=len(self._stops)))
        self._title.setText(stop.title)
        self._words.setText(stop.words)
        self.back.setEnabled(self._number > 0)
        self.skip.setVisible(not last)
        self.next.setText(self.tr("Done") if last else self.tr("Next"))
        self.next.setAccessibleName(f"{stop.title}. {stop.words} {self.next.text()}")
        self.setAccessibleDescription(f"{self._count.text()}. {stop.title}. {stop.words}")
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _hole(self) -> QRect:
        """What is shown of the window; empty where none of its parts is there."""
        whole = QRect()
        for part in self._stops[self._number].parts:
            if part.isVisible():
                corner = part.mapTo(self._window, QPoint(0, 0))
                whole = whole.united(QRect(corner, part.size()))
        return whole.adjusted(-RIM, -RIM, RIM, RIM).intersected(self.rect()) if whole.isValid() else QRect()

    def _place(self) -> None:
        """Beside the part, where there is most room; in it where there is none."""
        layout = self._bubble.layout()
        height = layout.totalHeightForWidth(BUBBLE_WIDTH) if layout is not None else 0
        size, hole, room = QSize(BUBBLE_WIDTH, height), self._hole(), self.rect().adjusted(8, 8, -8, -8)
        places = (
            QPoint(hole.right() + SPACE, hole.top()),
            QPoint(hole.left(), hole.bottom() + SPACE),
            QPoint(hole.left(), hole.top() - SPACE - height),
            QPoint(hole.left() - SPACE - BUBBLE_WIDTH, hole.top()),
        )
        fitting = (place for place in places if room.contains(QRect(place, size)))
        middle = room.center() - QPoint(BUBBLE_WIDTH // 2, height // 2)
        inside = hole.center() - QPoint(BUBBLE_WIDTH // 2, height // 2) if hole.isValid() else middle
        self._bubble.setGeometry(QRect(next(fitting, inside) if hole.isValid() else middle, size))
        self.update()

    # --- Qt -----------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
            self._place()
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and watched in self._stops[self._number].parts:
            self._place()  # what is shown got other words, or another size
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _ARROWS:
            self.keyPressEvent(event)  # a button would move the focus with them
            return True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Its keys count more than the shortcuts of the window below."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(event.key() in (Qt.Key.Key_Escape, *_ARROWS))
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deeds = {
            Qt.Key.Key_Escape: self.end,
            Qt.Key.Key_Right: self.go_on,
            Qt.Key.Key_Return: self.go_on,
            Qt.Key.Key_Enter: self.go_on,
            Qt.Key.Key_Left: self.go_back,
        }
        deed = deeds.get(Qt.Key(event.key()))
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays among its buttons."""
        stops = [one for one in (self.skip, self.back, self.next) if one.isVisible() and one.isEnabled()]
        focus = QApplication.focusWidget()
        now = next((number for number, one in enumerate(stops) if one is focus), -1)
        if not stops:  # it is being taken away
            return False
        stops[(now + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        hole = QRectF(self._hole())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QPainterPath()
        shade.addRect(QRectF(self.rect()))
        if hole.isValid():
            shade.addRoundedRect(hole, 8, 8)
        painter.fillPath(shade, QColor(0, 0, 0, SHADE))
        if hole.isValid():
            painter.setPen(QPen(theme.current().color("accent"), 2))
            painter.drawRoundedRect(hole, 8, 8)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        column = QVBoxLayout(self._bubble)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        for label in (self._count, self._title, self._words):
            column.addWidget(label)
        column.addSpacing(6)
        column.addLayout(row)
