"""What there is to choose from: a field to search it, two filters, and the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.core.format import thousands
from studio.gui import theme
from studio.gui.chooser.choice_list import ChoiceList
from studio.gui.presenters.draft_info import Choice
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import Label

_TYPED_PAUSE = 250
#: Room at its sides.
_LEFT, _RIGHT = 12, 8


class ChoiceSearch(GuardedOverrides, QWidget):
    """Shows choices and points at one of them.

    Signals:
        filtered: other choices are shown.
        typed: nothing more was typed for a moment; what stands in the field.
        use_requested: the choice pointed at is to be used.
    """

    filtered = Signal()
    typed = Signal(str)
    use_requested = Signal()

    def __init__(self, find: str, name: str, parent: QWidget | None = None, most: int = 0) -> None:
        """``find`` is said in the empty field; ``name`` is the list's accessible name; ``most``: see :class:`ChoiceModel`."""
        super().__init__(parent)
        self.search = QLineEdit()
        self.fitting = button(self.tr("Fits"), "chip", clicked=self._filter)
        self.every = button(self.tr("All"), "chip", clicked=self._filter_off)
        self.every.setChecked(True)
        self.waiting = Label(self.tr("Looking through what there is…"), "explain")
        self.list = ChoiceList(name, most=most)
        self._pause = QTimer(self, singleShot=True, interval=_TYPED_PAUSE)
        self._pause.timeout.connect(self._emit_typed)
        self._lay_out(find)
        self.search.textChanged.connect(self._search_changed)
        self.search.installEventFilter(self)
        self.list.use_requested.connect(self.use_requested)

    def add_before_filters(self, widget: QWidget) -> None:
        """Put a control in front of the two filters, or above them where they have no room beside each other."""
        self._filters.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignLeft)
        self._arrange_filters()

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """All that there is to choose from."""
        self.waiting.hide()
        self.list.rows.set_choices(list(choices))
        self._show_counts()

    def add(self, choice: Choice) -> None:
        """A choice that was not among them; it is pointed at."""
        self.list.rows.put(choice)
        self._show_counts()
        self.list.point_at(choice.key)

    def point_anyway(self, key: str) -> None:
        """Point at a choice, even one that the search does not show."""
        if not self.list.rows.row_of(key).isValid():
            self.list.rows.pin(key)
            self.search.clear()
            self._filter_off()
        self.list.point_at(key)

    def show_message(self, words: str) -> None:
        """Show a sentence above the list."""
        self.waiting.setText(words)
        self.waiting.show()

    # --- inside ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.KeyPress:
            key = cast("QKeyEvent", event).key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.use_requested.emit()
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_filters()

    def _arrange_filters(self) -> None:
        items = [self._filters.itemAt(place) for place in range(self._filters.count())]
        hints = [item.sizeHint().width() for item in items if item is not None]
        needed = sum(hints) + self._filters.spacing() * (len(hints) - 1)
        beside = needed <= self.width() - _LEFT - _RIGHT
        self._filters.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def _search_changed(self) -> None:
        self._filter()
        self._pause.start()

    def _emit_typed(self) -> None:
        self.typed.emit(self.search.text())

    def _filter_off(self) -> None:
        self.fitting.setChecked(False)
        self._filter()

    def _filter(self) -> None:
        self.every.setChecked(not self.fitting.isChecked())
        current = self.list.current
        self.list.rows.set_filter(self.search.text(), self.fitting.isChecked())
        self.list.point_at(current.key if current else "")
        searched = self.search.text().strip()
        if self.list.rows.choices:  # else it is still said that they are looked for
            words = self.tr("Nothing here is called “{words}”. Fewer letters find more.").format(words=searched)
            self.waiting.setText(words)
            self.waiting.setVisible(bool(searched) and not self.list.rows.first().isValid())
        self.filtered.emit()

    def _show_counts(self) -> None:
        rows = self.list.rows
        self.fitting.setText(self.tr("Fits, {count}").format(count=thousands(rows.fitting)))
        self.fitting.setVisible(rows.fitting < len(rows.choices))
        self.every.setText(self.tr("All {count}").format(count=thousands(len(rows.choices))))
        self._arrange_filters()

    def _lay_out(self, find: str) -> None:
        self.setProperty("surface", "plain")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search.setPlaceholderText(find)
        self.search.setAccessibleName(find)
        self.search.setClearButtonEnabled(True)
        glass = self.search.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        theme.keep_icon(glass, "search", "text3")
        chips = QHBoxLayout()
        chips.setSpacing(8)
        chips.addWidget(self.fitting)
        chips.addWidget(self.every)
        chips.addStretch()
        self._filters = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._filters.setSpacing(8)
        self._filters.addLayout(chips)
        column = QVBoxLayout(self)
        column.setContentsMargins(_LEFT, 12, _RIGHT, 4)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addLayout(self._filters)
        column.addWidget(self.waiting)
        column.addWidget(self.list, 1)
