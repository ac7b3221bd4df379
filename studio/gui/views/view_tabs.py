"""The tabs of the views: as many as there is room for, the others under More."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
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
        self._room = WIDE
        self._current = 0
        self._shown: list[int] = []
        self.bar = QTabBar()
        self.bar.setAccessibleName(self.tr("Views"))
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setUsesScrollButtons(False)  # what has no room stands under More
        self.bar.currentChanged.connect(self._picked)
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
        """What there is to choose from."""
        self._titles = list(titles)
        self.set_room(self._room)

    def set_room(self, tabs: int) -> None:
        """Show so many tabs."""
        self._room = tabs
        shown = list(range(min(tabs, len(self._titles))))
        if shown and self._current not in shown:
            shown[-1] = self._current
        self._fill(shown)

    def choose(self, number: int) -> None:
        """Show a view."""
        if number not in self._shown:
            self._current = number
            self._fill([*self._shown[:-1], number])
        self._current = number
        self.bar.setCurrentIndex(self._shown.index(number))
        self.chosen.emit(number)

    def _fill(self, shown: list[int]) -> None:
        if shown != self._shown:
            self._shown = shown
            blocker = QSignalBlocker(self.bar)
            while self.bar.count():
                self.bar.removeTab(0)
            for number in shown:
                self.bar.addTab(self._titles[number])
            self.bar.setCurrentIndex(shown.index(self._current) if shown else -1)
            blocker.unblock()
            self._menu.clear()
            for number, title in enumerate(self._titles):
                if number not in shown:
                    action = self._menu.addAction(title)
                    action.setData(number)
                    action.triggered.connect(self._from_more)
        self.more.setVisible(len(shown) < len(self._titles))

    def _picked(self, index: int) -> None:
        if 0 <= index < len(self._shown) and self._shown[index] != self._current:
            self._current = self._shown[index]
            self.chosen.emit(self._current)

    def _from_more(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.choose(int(action.data()))
