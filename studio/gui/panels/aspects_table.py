"""The named methods by their design aspects, as a table to compare a composed one with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from studio.gui.panels.bench_facts import MethodAspects
from studio.gui.words import say

_Index = QModelIndex | QPersistentModelIndex
_ROW = 28


class _AspectsModel(QAbstractTableModel):
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
        return say(row.title) if index.column() == 0 else say(row.aspects[index.column() - 1]) or "–"


class AspectsTable(QTableView):
    """A row a method; ``taken`` tells the key of the one a person opened."""

    taken = Signal(str)

    def __init__(self, rows: Sequence[MethodAspects], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _AspectsModel(rows, self)
        self.setModel(self._model)
        self.setAccessibleName(self.tr("The named methods by their four aspects"))
        self.setProperty("role", "table")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setHighlightSections(False)
        for column in range(self._model.columnCount()):
            self.resizeColumnToContents(column)
            self.setColumnWidth(column, min(150, self.columnWidth(column) + 8))
        head.setStretchLastSection(True)
        self.setFixedHeight(_ROW * (len(rows) + 1) + 14)
        self.activated.connect(self._activated)

    def _activated(self, index: QModelIndex) -> None:
        self.taken.emit(self._model.methods[index.row()].key)
