"""A table before it is used: its first rows as they are cut, what its columns hold, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.core.table_preview import TablePreview
from studio.gui.chooser.column_table import ColumnTable
from studio.gui.presenters.draft_info import Presenter, Values
from studio.gui.system.background_jobs import Submit
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import NoticeBox

_Index = QModelIndex | QPersistentModelIndex
#: Milliseconds without a change after which the table is read again.
PAUSE = 300
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
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        row = self._preview.rows[index.row()]
        return row[index.column()] if index.column() < len(row) else ""


class TablePreviewCard(GuardedOverrides, QFrame):
    """Asks what a table holds whenever the choice rests, and shows it.

    Signals:
        use_picked: the name of a column, and what it is to be taken for.
        answered: the preview has changed; ``problem`` says what is wrong, ``is_own`` whether it is of an own file.
    """

    use_picked = Signal(str, str)
    answered = Signal()

    def __init__(self, presenter: Presenter, submit: Submit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter, self._submit = presenter, submit
        self._forget: Callable[[], None] | None = None
        self._values: Values = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._ask)
        self.problem = ""
        self.is_own = False
        self.setProperty("surface", "card")
        self._words = Label(role="explain", tone="text2")
        self._words.setWordWrap(True)
        self._refusal, self._remarks = NoticeBox(), NoticeBox()
        self._rows_model = FirstRowsModel(self)
        self.first_rows = self._make_first_rows()
        self.columns = ColumnTable()
        self.columns.use_picked.connect(self.use_picked)
        self._hint = Label(self.tr("Click on what a column is taken for to change it."), "explain", "text3")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(Label(self.tr("What the table holds"), "section"))
        for widget in (self._words, self._refusal, self._remarks, self.first_rows, self.columns, self._hint):
            column.addWidget(widget)
        self.hide()

    def show_choice(self, key: str, table: Values) -> None:
        """Ask about another choice at once."""
        self._values = {"dataset": {**table, "key": key}}
        self._timer.stop()
        self._ask()

    def follow(self, key: str, table: Values) -> None:
        """Ask again once nothing has changed for a moment."""
        values = {"dataset": {**table, "key": key}}
        if values != self._values:
            self._values = values
            self._timer.start()

    def forget(self) -> None:
        """No answer is wanted any more."""
        self._timer.stop()
        if self._forget is not None:
            self._forget()
            self._forget = None

    def _ask(self) -> None:
        if self._forget is not None:
            self._forget()
        job = partial(self._presenter.preview, self._values)
        self._forget = self._submit(job, self._show_preview, self._show_failure)

    def _show_failure(self, _error: StudioError) -> None:
        self._show_preview(None)

    def _show_preview(self, preview: Any) -> None:
        self.setVisible(preview is not None)
        self.problem = say(preview.problem) if preview is not None else ""
        self.is_own = preview is not None and preview.is_own
        if preview is not None:
            self._words.setText(" ".join(map(say, preview.words)))
            self._words.setVisible(bool(preview.words))
            self._refusal.show_message(self.problem, "error")
            self._remarks.show_message("\n".join(map(say, preview.remarks)), "warning")
            self._rows_model.set_preview(preview)
            self._fit_first_rows(len(preview.rows))
            self.columns.show_columns(preview.columns, preview.is_own)
            self.columns.setVisible(bool(preview.columns))
            self._hint.setVisible(preview.is_own and bool(preview.columns))
        self.answered.emit()

    def _make_first_rows(self) -> QTableView:
        table = QTableView()
        table.setModel(self._rows_model)
        table.setAccessibleName(self.tr("First rows of the table"))
        table.setProperty("role", "table")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW)
        table.horizontalHeader().setMaximumSectionSize(_WIDEST)
        return table

    def _fit_first_rows(self, rows: int) -> None:
        table = self.first_rows
        table.setVisible(rows > 0)
        table.resizeColumnsToContents()
        bar = table.horizontalScrollBar().sizeHint().height()
        table.setFixedHeight(rows * _ROW + table.horizontalHeader().sizeHint().height() + bar + 2)
