"""A table before it is used: its first rows as they are cut, what its columns hold, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QVBoxLayout, QWidget

from studio.core.table_preview import TablePreview
from studio.gui.chooser.column_table import ColumnTable
from studio.gui.chooser.copies_notice import CopiesNotice
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import NoticeBox
from studio.gui.widgets.plain_table import PlainTable

_Index = QModelIndex | QPersistentModelIndex
#: The widest column of the first rows, and the height of one of them.
_WIDEST, _ROW = 180, 26
#: Columns of the first rows that are shown; the others stand in the list below.
_MOST_COLUMNS = 60


class FirstRowsModel(GuardedOverrides, QAbstractTableModel):
    """The first rows of a table under the names of its columns."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preview = TablePreview((), (), (), ())

    def set_preview(self, preview: TablePreview) -> None:
        """Exchange everything."""
        self.beginResetModel()
        self._preview = preview
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._preview.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else min(_MOST_COLUMNS, len(self._preview.names))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._preview.names[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._preview.names[section])
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        row = self._preview.rows[index.row()]
        return row[index.column()] if index.column() < len(row) else ""


class TablePreviewCard(GuardedOverrides, QFrame):
    """Shows what a table holds.

    Signals:
        use_picked: the name of a column, and what it is to be taken for.
        copies_decided: whether rows that are to test on as well are to be left out of those to learn from.
    """

    use_picked = Signal(str, str)
    copies_decided = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._words = Label(role="explain", tone="text2")
        self._words.setWordWrap(True)
        self._refusal, self._remarks, self.copies = NoticeBox(), NoticeBox(), CopiesNotice()
        self.copies.decided.connect(self.copies_decided)
        self._rows_model = FirstRowsModel(self)
        self.first_rows = self._make_first_rows()
        self.columns = ColumnTable()
        self.columns.use_picked.connect(self.use_picked)
        self._hint = Label(self.tr("Click on what a column is taken for to change it."), "explain", "text3")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(Label(self.tr("What the table holds"), "section"))
        column.addWidget(self._words)
        for notice in (self._refusal, self._remarks, self.copies):
            column.addWidget(notice)
        for widget in (self.first_rows, self.columns, self._hint):
            column.addWidget(widget)

    def show_preview(self, preview: TablePreview) -> None:
        """Exchange everything."""
        self._words.setText(" ".join(map(say, preview.words)))
        self._words.setVisible(bool(preview.words))
        self._refusal.show_message(say(preview.problem), "error")
        self._remarks.show_message("\n".join(map(say, preview.remarks)), "warning")
        self.copies.show_copies(preview.copies, preview.learns_copies)
        self._rows_model.set_preview(preview)
        self._fit_first_rows(len(preview.rows))
        self.columns.show_columns(preview.columns, preview.is_own)
        self.columns.setVisible(bool(preview.columns))
        self._hint.setVisible(preview.is_own and bool(preview.columns))

    def _make_first_rows(self) -> PlainTable:
        table = PlainTable(_ROW)
        table.setModel(self._rows_model)
        table.setAccessibleName(self.tr("First rows of the table"))
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.horizontalHeader().setMaximumSectionSize(_WIDEST)
        table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        return table

    def _fit_first_rows(self, rows: int) -> None:
        table = self.first_rows
        table.setVisible(rows > 0)
        table.resizeColumnsToContents()
        bar = table.horizontalScrollBar().sizeHint().height()
        table.setFixedHeight(rows * _ROW + table.horizontalHeader().sizeHint().height() + bar + 2)
