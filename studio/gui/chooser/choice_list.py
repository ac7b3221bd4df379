"""The list at the left of a chooser: rows under headings, what cannot be chosen readable with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.gui import theme
from studio.gui.presenters.draft_info import Choice
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip

CHOICE = Qt.ItemDataRole.UserRole
WORDS = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex
_LINE = 17
_PADDING = 5
_SIDE = 10


@dataclass(frozen=True)
class Heading:
    """A row above the choices of a group; ``words`` are those all of them share."""

    title: str
    words: str = ""


@dataclass(frozen=True)
class Fold:
    """A row in place of choices that are not shown until it is asked for: the rest, or those that do not fit."""

    title: str
    what: Literal["more", "refused"]


#: How many are shown of what a search finds in a long list, before the row that shows the rest.
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
        self._unfolded: set[str] = set()
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
        self._fill()

    def pin(self, key: str) -> None:
        """Show this choice in any case, wherever it stands in a long list."""
        if key != self._pinned:
            self._pinned = key
            self._fill()

    def unfold(self, what: str) -> None:
        """Show what the row in its place stands for."""
        self._unfolded.add(what)
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
                    self.dataChanged.emit(self.index(row), self.index(row))
        else:
            self._choices.insert(0, choice)
            self._fill()

    def set_filter(self, words: str, only_fitting: bool) -> None:
        """Show the choices in which all these words occur, and, if asked so, only those that can be chosen."""
        self._words, self._only_fitting = words, only_fitting
        self._fill()

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
        self.endResetModel()

    def _folded(self, found: list[Choice]) -> tuple[list[Choice], list[Fold]]:
        """What is shown of a long list, and the rows in place of the rest."""
        fitting = [choice for choice in found if not choice.refusal]
        refused = [choice for choice in found if choice.refusal]
        most = _FOUND if self._words.strip() else self.most
        folds: list[Fold] = []
        if len(fitting) > most and "more" not in self._unfolded:
            folds.append(Fold(self.tr("{n} more").format(n=len(fitting) - most), "more"))
            fitting = [*fitting[:most], *(choice for choice in fitting[most:] if choice.key == self._pinned)]
        if refused and "refused" not in self._unfolded:
            folds.append(Fold(self.tr("{n} do not fit, and why").format(n=len(refused)), "refused"))
            refused = [choice for choice in refused if choice.key == self._pinned]
        return [*fitting, *refused], folds

    def words_of(self, index: _Index) -> str:
        """The words of a choice; "" where its heading says them for the whole group."""
        row = self._rows[index.row()]
        above = next((known for known in reversed(self._rows[: index.row()]) if isinstance(known, Heading)), None)
        if not isinstance(row, Choice):
            return row.words if isinstance(row, Heading) else ""
        return "" if above is not None and above.words else say(row.words).removesuffix(".")

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

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        is_heading = isinstance(self._rows[index.row()], Heading)
        return Qt.ItemFlag.NoItemFlags if is_heading else Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == CHOICE:
            return row
        if role == WORDS:
            return self.words_of(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return say(row.title) if isinstance(row, Choice) else row.title
        if isinstance(row, Choice):
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(part for part in map(say, (row.title, row.words, row.refusal)) if part)
            if role == Qt.ItemDataRole.ToolTipRole:
                return plain_tip(say(row.refusal) or say(row.words))
        return None


class _ChoiceDelegate(GuardedOverrides, QStyledItemDelegate):
    """Title and tag in one line, words in the next, and below, where it cannot be chosen, a lock and why."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        row = index.data(CHOICE)
        lines = 1 + bool(index.data(WORDS)) + (isinstance(row, Choice) and bool(row.refusal))
        return QSize(100, 2 * _PADDING + _LINE * lines + (0 if isinstance(row, Choice) else 4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(CHOICE)
        area: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Choice):
            self._paint_back(painter, area, state)
            self._paint_choice(painter, area.adjusted(_SIDE, _PADDING, -_SIDE, -_PADDING), row, index.data(WORDS))
        elif isinstance(row, Heading):
            line = QRect(area.left() + _SIDE, area.top() + 8, area.width() - 2 * _SIDE, _LINE)
            self._line(painter, line, row.title, "section", "text2")
            self._line(painter, line.translated(0, _LINE), row.words, "axis", "text3")
        elif isinstance(row, Fold):
            self._paint_back(painter, area, state)
            line = area.adjusted(_SIDE, _PADDING, -_SIDE, -_PADDING)
            self._line(painter, line, row.title, "choice", "accent")
        painter.restore()

    @staticmethod
    def _paint_back(painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        colors = theme.current()
        box = QRectF(area).adjusted(1, 1, -1, -1)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.setBrush(colors.color("accent_soft"))
            painter.drawRoundedRect(box, 4, 4)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("hover"))
            painter.drawRoundedRect(box, 4, 4)

    def _paint_choice(self, painter: QPainter, area: QRect, choice: Choice, words: str) -> None:
        off = bool(choice.refusal)
        line = QRect(area.left(), area.top(), area.width(), _LINE)
        tag = QFontMetrics(theme.font("axis")).horizontalAdvance(choice.tag) + 8 if choice.tag else 0
        self._line(painter, line.adjusted(0, 0, -tag, 0), say(choice.title), "choice", "text3" if off else "text")
        if choice.tag:
            self._line(painter, line, choice.tag, "axis", "text3", Qt.AlignmentFlag.AlignRight)
        if words:
            line.translate(0, _LINE)
            self._line(painter, line, words, "explain", "text3" if off else "text2")
        if off:
            line.translate(0, _LINE)
            lock = theme.pixmap("lock", theme.current().color("text3"), 12, painter.device().devicePixelRatio())
            painter.drawPixmap(line.left(), line.top() + 2, lock)
            self._line(painter, line.adjusted(17, 0, 0, 0), say(choice.refusal), "axis", "text3")

    @staticmethod
    def _line(
        painter: QPainter,
        area: QRect,
        words: str,
        role: str,
        color: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        painter.setFont(theme.font(role))
        painter.setPen(theme.current().color(color))
        short = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(align | Qt.AlignmentFlag.AlignVCenter), short)


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
        self.setItemDelegate(_ChoiceDelegate(self))
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
