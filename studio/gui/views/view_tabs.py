"""The tabs of the views: as many as there is room for, the others under More."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QToolButton, QWidget

HEIGHT = 36
#: Tabs beside More, wide and under 1200 px.
WIDE, SMALL = 8, 5


class ViewTabs(QWidget):
    """``chosen`` tells the number of the view. A view chosen from More takes the last tab."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setProperty("surface", "plain")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._titles: list[str] = []
        self._useful: frozenset[int] = frozenset()
        self._room = WIDE
        self._current = 0
        self._shown: list[int] = []
        self._rest: list[int] = []
        self.bar = QTabBar()
        self.bar.setAccessibleName(self.tr("Views"))
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setUsesScrollButtons(False)  # what has no room stands under More
        self.bar.currentChanged.connect(self._picked)
        #: A tab cannot be taken away while the bar tells of a click on another.
        self._tidy = QTimer(self, singleShot=True, interval=0)
        self._tidy.timeout.connect(self._leave_out)
        self.more = QToolButton()
        self.more.setText(self.tr("More"))
        self.more.setAccessibleName(self.tr("More views"))
        self._menu = QMenu(self.more)
        self.more.setMenu(self._menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(4)
        row.addWidget(self.bar)
        row.addWidget(self.more)
        row.addStretch(1)
        self.more.hide()

    @property
    def current(self) -> int:
        """The number of the view that is shown."""
        return self._current

    def set_titles(self, titles: Sequence[str]) -> None:
        """What there is to choose from: all of it, until :meth:`set_useful`."""
        self._titles = list(titles)
        self._useful = frozenset(range(len(titles)))
        self.set_room(self._room)

    def set_useful(self, numbers: Iterable[int]) -> None:
        """Leave out the tabs of all other views. One that is shown keeps its tab until another is chosen."""
        useful = frozenset(numbers)
        if useful != self._useful:
            self._useful = useful
            self.set_room(self._room)

    def set_room(self, tabs: int) -> None:
        """Show so many tabs."""
        self._room = tabs
        there = self._there()
        shown = there[:tabs]
        if shown and self._current not in shown:
            shown[-1] = self._current
        self._fill(shown)

    def _leave_out(self) -> None:
        self.set_room(self._room)

    def _there(self) -> list[int]:
        """The numbers of the views that can be chosen."""
        return [number for number in range(len(self._titles)) if number in self._useful or number == self._current]

    def choose(self, number: int) -> None:
        """Show a view."""
        self._current = number
        there = self._there()
        shown = [shown for shown in self._shown if shown in there]
        if number not in shown:
            shown = [*shown[: self._room - 1], number]
        rest = [other for other in there if other not in shown]
        self._fill([*shown, *rest[: self._room - len(shown)]])
        self.bar.setCurrentIndex(self._shown.index(number))
        self.chosen.emit(number)

    def _fill(self, shown: list[int]) -> None:
        rest = [number for number in self._there() if number not in shown]
        if (shown, rest) != (self._shown, self._rest):
            self._shown, self._rest = shown, rest
            blocker = QSignalBlocker(self.bar)
            while self.bar.count():
                self.bar.removeTab(0)
            for number in shown:
                self.bar.addTab(self._titles[number])
            self.bar.setCurrentIndex(shown.index(self._current) if shown else -1)
            blocker.unblock()
            self._menu.clear()
            for number in rest:
                action = self._menu.addAction(self._titles[number])
                action.setData(number)
                action.triggered.connect(self._from_more)
        self.more.setVisible(bool(rest))

    def _picked(self, index: int) -> None:
        if 0 <= index < len(self._shown) and self._shown[index] != self._current:
            before, self._current = self._current, self._shown[index]
            if before not in self._useful:
                self._tidy.start()
            self.chosen.emit(self._current)

    def _from_more(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.choose(int(action.data()))
