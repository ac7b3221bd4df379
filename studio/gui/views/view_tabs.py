"""The tabs of the views: those the shown runs can fill, as many as there is room for, the others under More."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QToolButton, QWidget

from studio.gui import theme
from studio.gui.views.tab_order import moved_beside, whole_order

HEIGHT = 36
#: Tabs beside More, wide and under 1200 px.
WIDE, SMALL = 6, 5


class ViewTabs(QWidget):
    """A tab is moved by dragging it, or with Ctrl+Shift and an arrow.

    Signals:
        chosen: the number of a view. One chosen from More takes the last tab.
        moved: the order is another.
    """

    chosen = Signal(int)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.keep_length(self, QWidget.setFixedHeight, HEIGHT)
        self.setProperty("surface", "plain")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._titles: list[str] = []
        self._order: list[int] = []
        #: Why the shown runs cannot fill a view, by its number.
        self._off: dict[int, str] = {}
        self._room = WIDE
        self._current = 0
        self._shown: list[int] = []
        self._rest: list[tuple[int, str]] = []
        self._make_bar()
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

    def _make_bar(self) -> None:
        self.bar = QTabBar()
        self.bar.setAccessibleName(self.tr("Views"))
        self.bar.setAccessibleDescription(self.tr("Drag a tab, or press Ctrl+Shift and an arrow, to move it."))
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setMovable(True)
        self.bar.setUsesScrollButtons(False)  # what has no room stands under More
        self.bar.currentChanged.connect(self._picked)
        self.bar.tabMoved.connect(self._on_moved)
        for keys, move in (("Ctrl+Shift+Left", self._move_left), ("Ctrl+Shift+Right", self._move_right)):
            shortcut = QShortcut(QKeySequence(keys), self.bar)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(move)

    @property
    def current(self) -> int:
        """The number of the view that is shown."""
        return self._current

    @property
    def order(self) -> tuple[int, ...]:
        """The numbers of all views, as a person wants their tabs."""
        return tuple(self._order)

    def set_titles(self, titles: Sequence[str], order: Iterable[int] = ()) -> None:
        """What there is to choose from: all of it, until :meth:`set_off`.

        Args:
            order: the numbers as a person had them; those it lacks keep their neighbours.
        """
        self._titles = list(titles)
        self._order = whole_order(order, len(titles))
        self._off = {}
        self.set_room(self._room)

    def set_off(self, reasons: Mapping[int, str]) -> None:
        """Take away the tabs of the views that nothing fills; they stand under More, each with its reason.

        One that is shown keeps its tab until another is chosen.
        """
        if reasons != self._off:
            self._off = dict(reasons)
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
        """The numbers of the views that have a tab, or would with more room."""
        return [number for number in self._order if number not in self._off or number == self._current]

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
        rest = [(number, self._off.get(number, "")) for number in self._order if number not in shown]
        rest.sort(key=lambda each: bool(each[1]))
        if (shown, rest) != (self._shown, self._rest):
            self._shown, self._rest = shown, rest
            blocker = QSignalBlocker(self.bar)
            while self.bar.count():
                self.bar.removeTab(0)
            for number in shown:
                self.bar.setTabData(self.bar.addTab(self._titles[number]), number)
            self.bar.setCurrentIndex(shown.index(self._current) if shown else -1)
            blocker.unblock()
            self._fill_menu(rest)
        self.more.setVisible(bool(rest))

    def _fill_menu(self, rest: Sequence[tuple[int, str]]) -> None:
        """First what has no room, then what is off: it can be opened all the same, and says what would fill it."""
        self._menu.clear()
        for number, why in rest:
            if why and self._menu.actions() and not self._menu.actions()[-1].property("off"):
                self._menu.addSeparator()
            action = self._menu.addAction(f"{self._titles[number]}\t{why}" if why else self._titles[number])
            action.setData(number)
            action.setProperty("off", bool(why))
            action.triggered.connect(self._from_more)

    def _picked(self, index: int) -> None:
        number = self.bar.tabData(index)
        if number is not None and number != self._current:
            before, self._current = self._current, int(number)
            if before in self._off:
                self._tidy.start()
            self.chosen.emit(self._current)

    def _on_moved(self, _from: int, to: int) -> None:
        self._shown = [int(self.bar.tabData(index)) for index in range(self.bar.count())]
        self._order = moved_beside(self._order, self._shown, to)
        self.moved.emit()

    def _move_left(self) -> None:
        self._move(-1)

    def _move_right(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        here = self.bar.currentIndex()
        if 0 <= here + by < self.bar.count():
            self.bar.moveTab(here, here + by)

    def _from_more(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.choose(int(action.data()))
