"""The named methods by their design aspects, as a table to compare a composed one with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from studio.gui.presenters.composer_info import MethodAspects
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.plain_table import PlainTable

_Index = QModelIndex | QPersistentModelIndex
#: The narrowest column, in logical pixels; below six of these the table scrolls sideways.
_LEAST = 104
#: Padding at both sides of a cell's words, and above and below.
_SIDES, _AIR = 26, 10


class _AspectsModel(GuardedOverrides, QAbstractTableModel):
    def __init__(self, rows: Sequence[MethodAspects], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.methods = tuple(rows)
        self._heads = (
            self.tr("Method"),
            self.tr("Where"),
            self.tr("Teacher’s side"),
            self.tr("Student’s side"),
            self.tr("Distance"),
            self.tr("What is lost"),
        )

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.methods)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.methods[index.row()]
        words = say(row.title) if index.column() == 0 else say(row.aspects[index.column() - 1]) or "–"
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words


class AspectsTable(PlainTable):
    """A row a method; ``opened`` tells the key of the one a person opened."""

    opened = Signal(str)

    def __init__(self, rows: Sequence[MethodAspects], parent: QWidget | None = None) -> None:
        super().__init__(selects=True, parent=parent)
        self._model = _AspectsModel(rows, self)
        self.setModel(self._model)
        self.setAccessibleName(self.tr("The named methods by their four aspects"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setMinimumSectionSize(_LEAST)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._fit_rows()
        self.activated.connect(self._emit_opened)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_rows()

    def _fit_rows(self) -> None:
        """Rows as high as their words, the table as high as its rows: the page scrolls, not the table."""
        rows = 0
        for row in range(self._model.rowCount()):
            height = max(self._height(row, column) for column in range(self._model.columnCount()))
            self.setRowHeight(row, height)
            rows += height
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if _LEAST * self._model.columnCount() > self.viewport().width() else 0
        self.setFixedHeight(rows + self.horizontalHeader().sizeHint().height() + below + 2)

    def _height(self, row: int, column: int) -> int:
        """Of the wrapped words of a cell; Qt's own answer forgets the padding at their sides."""
        words = str(self._model.index(row, column).data())
        room = QRect(0, 0, self.columnWidth(column) - _SIDES, 10_000)
        return self.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), words).height() + _AIR

    def _emit_opened(self, index: QModelIndex) -> None:
        self.opened.emit(self._model.methods[index.row()].key)
