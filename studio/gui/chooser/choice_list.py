"""The list at the left of a chooser: rows under headings, what cannot be chosen readable with its reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from studio.gui.chooser.choice_delegate import (
    CHOICE,
    SIZE,
    WORDS,
    ChoiceDelegate,
    Fold,
    Heading,
    RowIndex,
    role_words,
)
from studio.gui.presenters.draft_info import Choice
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip

#: The smallest on show is drawn as if there were one of so many times fewer parameters.
_LEAST_BAR = 1.5
#: How many are shown of what a search finds in a long list, and how many more when more are asked for.
_FOUND = 40


class ChoiceModel(GuardedOverrides, QAbstractListModel):
    """Choices and the headings above them; a heading is a row that cannot be selected.

    Of a list longer than ``most`` the first that fit are shown; a row shows the rest, another what does not fit.

    Args:
        most: 0 shows all of every list.
    """

    def __init__(self, parent: QObject | None = None, most: int = 0) -> None:
        super().__init__(parent)
        self.most = most
        self._more = 0
        self._shows_refused = False
        self._least = self._most = 0
        self._searched: dict[str, str] = {}
        self._pinned = ""
        self._choices: list[Choice] = []
        self._rows: list[Choice | Heading | Fold] = []
        self._words = ""
        self._only_fitting = False

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Exchange all choices."""
        self._choices = list(choices)
        self._searched = {}
        self._more = 0
        self._fill()

    def pin(self, key: str) -> None:
        """Show this choice in any case, wherever it stands in a long list."""
        if key != self._pinned:
            self._pinned = key
            self._fill()

    def unfold(self, what: Literal["more", "refused"]) -> None:
        """Show what the row in its place stands for, of many the next ones."""
        if what == "more":
            self._more += _FOUND
        else:
            self._shows_refused = True
        self._fill()

    def put(self, choice: Choice) -> None:
        """Exchange one choice for one that knows more, or add it on top."""
        keys = [known.key for known in self._choices]
        self._searched.pop(choice.key, None)
        if choice.key in keys:
            self._choices[keys.index(choice.key)] = choice
            for row, known in enumerate(self._rows):
                if isinstance(known, Choice) and known.key == choice.key:
                    self._rows[row] = choice
                    self._measure()
                    self.dataChanged.emit(self.index(row), self.index(row))
        else:
            self._choices.insert(0, choice)
            self._fill()

    def set_filter(self, words: str, only_fitting: bool) -> None:
        """Show the choices in which all these words occur, and, if asked so, only those that can be chosen."""
        if words != self._words:
            self._more = 0
        self._words, self._only_fitting = words, only_fitting
        self._fill()

    @property
    def on_show(self) -> list[Choice]:
        """The choices on show, from the top."""
        return [row for row in self._rows if isinstance(row, Choice)]

    @property
    def fitting(self) -> int:
        """How many can be chosen."""
        return sum(1 for choice in self._choices if not choice.refusal)

    @property
    def choices(self) -> list[Choice]:
        """All choices, shown or not."""
        return self._choices

    def row_of(self, key: str) -> QModelIndex:
        """Where a choice stands; an invalid index where it is not shown."""
        for row, choice in enumerate(self._rows):
            if isinstance(choice, Choice) and choice.key == key:
                return self.index(row)
        return QModelIndex()

    def first(self) -> QModelIndex:
        """The choice on show that is called as what was searched for, else the first one that is ready to be used."""
        words = self._words.strip().lower()
        shown = [(row, choice) for row, choice in enumerate(self._rows) if isinstance(choice, Choice)]
        called = [row for row, one in shown if words and f"{one.key} {say(one.title)}".lower().startswith(words)]
        titled = [row for row, one in shown if words and say(one.title).lower().startswith(words)]
        named = [row for row, one in shown if not (one.composed or one.is_own)]
        best = [*called, *titled, *named, *(row for row, _ in shown)]
        return self.index(best[0]) if best else QModelIndex()

    def _fill(self) -> None:
        self.beginResetModel()
        self._rows = []
        groups: dict[str, list[Choice]] = {}
        found = [choice for choice in self._choices if self._is_shown(choice)]
        shown, folds = self._folded(found) if self.most and len(found) > self.most else (found, [])
        for choice in shown:
            groups.setdefault(say(choice.heading), []).append(choice)
        for title, members in groups.items():
            if title:
                words = {say(choice.words) for choice in members}
                self._rows.append(Heading(title, words.pop() if len(members) > 1 and len(words) == 1 else ""))
            self._rows.extend(members)
        self._rows.extend(folds)
        self._measure()
        self.endResetModel()

    def _folded(self, found: list[Choice]) -> tuple[list[Choice], list[Fold]]:
        """What is shown of a long list, and the rows in place of the rest."""
        fitting = [choice for choice in found if not choice.refusal]
        refused = [choice for choice in found if choice.refusal]
        most = (_FOUND if self._words.strip() else self.most) + self._more
        folds: list[Fold] = []
        if len(fitting) > most:
            folds.append(Fold(self.tr("{n} more").format(n=len(fitting) - most), "more"))
            fitting = [*fitting[:most], *(choice for choice in fitting[most:] if choice.key == self._pinned)]
        if refused and not self._shows_refused:
            folds.append(Fold(self.tr("{n} do not fit, and why").format(n=len(refused)), "refused"))
            refused = [choice for choice in refused if choice.key == self._pinned]
        return [*fitting, *refused], folds

    def words_of(self, index: RowIndex) -> str:
        """The words of a choice; "" where its heading says them for the whole group."""
        row = self._rows[index.row()]
        above = next((known for known in reversed(self._rows[: index.row()]) if isinstance(known, Heading)), None)
        if not isinstance(row, Choice):
            return row.words if isinstance(row, Heading) else ""
        return "" if above is not None and above.words else say(row.words).removesuffix(".")

    def _measure(self) -> None:
        """The smallest and largest on show, which the bars of all go by."""
        known = [choice.parameters for choice in self.on_show if choice.parameters]
        self._least, self._most = (min(known), max(known)) if known else (0, 0)

    def _size(self, choice: Choice) -> float:
        """Its parameters beside those of the others on show, from 0 to 1 on a logarithmic scale; 0 where they are not known."""
        if not choice.parameters or self._least == self._most:
            return 0.0
        least = self._least / _LEAST_BAR
        return math.log(choice.parameters / least) / math.log(self._most / least)

    def _is_shown(self, choice: Choice) -> bool:
        if self._only_fitting and choice.refusal:
            return False
        if not self._words:
            return True
        where = self._searched.get(choice.key)
        if where is None:  # put together once, not at every key
            words = map(say, (choice.title, choice.words, choice.heading, choice.source))
            where = self._searched[choice.key] = " ".join((choice.key, *words, choice.tag, choice.also_called)).lower()
        return all(word in where for word in self._words.lower().split())

    # --- Qt -----------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: RowIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: RowIndex) -> Qt.ItemFlag:
        is_heading = isinstance(self._rows[index.row()], Heading)
        return Qt.ItemFlag.NoItemFlags if is_heading else Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: RowIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == CHOICE:
            return row
        if role == WORDS:
            return self.words_of(index)
        if role == SIZE:
            return self._size(row) if isinstance(row, Choice) else 0.0
        if role == Qt.ItemDataRole.DisplayRole:
            return say(row.title) if isinstance(row, Choice) else row.title
        if isinstance(row, Choice):
            if role == Qt.ItemDataRole.AccessibleTextRole:
                told = (say(row.title), role_words(row.role), say(row.words), say(row.refusal))
                return ". ".join(part for part in told if part)
            if role == Qt.ItemDataRole.ToolTipRole:
                return plain_tip(say(row.refusal) or say(row.words))
        return None


class ChoiceList(GuardedOverrides, QListView):
    """The rows.

    Signals:
        pointed: the choice that became the current one.
        use_requested: it is to be used.
        rename_requested, delete_requested: F2 or Delete was pressed on it.
    """

    pointed = Signal(object)
    use_requested = Signal()
    rename_requested = Signal()
    delete_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None, most: int = 0) -> None:
        super().__init__(parent)
        self.rows = ChoiceModel(self, most)
        self.setModel(self.rows)
        self.setItemDelegate(ChoiceDelegate(self))
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._emit_pointed)
        self.activated.connect(self._emit_use_requested)
        self.clicked.connect(self._unfold)

    @property
    def current(self) -> Choice | None:
        """The choice pointed at."""
        row = self.currentIndex().data(CHOICE) if self.currentIndex().isValid() else None
        return row if isinstance(row, Choice) else None

    def point_at(self, key: str) -> None:
        """Make a choice the current one, or the first where it is not shown."""
        index = self.rows.row_of(key)
        self.setCurrentIndex(index if index.isValid() else self.rows.first())
        self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        signal = {Qt.Key.Key_F2: self.rename_requested, Qt.Key.Key_Delete: self.delete_requested}.get(key)
        if signal is not None and self.current is not None:
            signal.emit()
        else:
            super().keyPressEvent(event)

    def _emit_pointed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        if self.current is not None:
            self.pointed.emit(self.current)

    def _unfold(self, index: QModelIndex) -> None:
        """Show what a row stands for, and point at the first of it."""
        row = index.data(CHOICE)
        if isinstance(row, Fold):
            place = index.row()
            self.rows.unfold(row.what)
            self.setCurrentIndex(self.rows.index(min(place, self.rows.rowCount() - 1)))

    def _emit_use_requested(self, index: QModelIndex) -> None:
        if isinstance(index.data(CHOICE), Fold):
            self._unfold(index)
        else:
            self.use_requested.emit()
