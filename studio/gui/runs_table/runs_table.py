"""The runs table itself: keys, clicks and the widths of its columns."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from studio.gui import theme
from studio.gui.runs_table.run_cells import Column
from studio.gui.runs_table.runs_delegate import RunsDelegate
from studio.gui.runs_table.runs_model import ROW, RunsModel
from studio.gui.system.override_guard import GuardedOverrides
from studio.runs.results.table import Row

#: Widths of the columns, wide and under 1200 px, where 0 leaves a column out. The name takes what is left.
WIDE = {
    Column.TICK: 40,
    Column.METHOD: 152,
    Column.STUDENT: 98,
    Column.ACCURACY: 98,
    Column.GAP: 120,
    Column.PARAMETERS: 80,
    Column.TIME: 104,
    Column.STATE: 140,
}
SMALL = {
    **WIDE,
    Column.METHOD: 0,
    Column.STUDENT: 0,
    Column.GAP: 120,
    Column.PARAMETERS: 0,
}
#: Width of the accuracy where it is a mean over seeds.
MEAN = 144


class RunsTable(GuardedOverrides, QTableView):
    """The table. Space ticks, Enter opens, F2 renames, Delete moves to the bin, the menu key shows what else there is.

    Right unfolds a chain, Left folds it; on what stands below one Left goes up to it.
    """

    open_requested = Signal(str)
    toggle_requested = Signal(list)
    delete_requested = Signal(list)
    menu_requested = Signal(QPoint)

    def __init__(self, model: RunsModel, delegate: RunsDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._runs = model
        self._delegate = delegate
        self._held: tuple[list[str], str] = ([], "")
        model.modelAboutToBeReset.connect(self._hold)
        model.modelReset.connect(self._select_held)
        model.unfolded.connect(self._show_steps)
        self.setItemDelegate(delegate)
        self.setAccessibleName(self.tr("Runs"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(delegate.height)
        head = self.horizontalHeader()
        head.setAccessibleName(self.tr("Columns of the runs"))
        head.setHighlightSections(False)
        head.setSectionResizeMode(Column.RUN, QHeaderView.ResizeMode.Stretch)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.doubleClicked.connect(self._open)

    def set_widths(self, widths: dict[Column, int]) -> None:
        """Give the columns their widths, and more where their titles need it; 0 leaves one out."""
        head = self.horizontalHeader()
        for column, width in widths.items():
            self.setColumnHidden(column, width == 0)
            if width:
                self.setColumnWidth(column, max(theme.scaled(width), head.sectionSizeHint(column)))

    def selected_rows(self) -> list[Row]:
        """The selected rows."""
        return [index.data(ROW) for index in self.selectionModel().selectedRows()]

    def _hold(self) -> None:
        """Note what is selected and where the focus is, before other rows are shown."""
        current = self.currentIndex()
        self._held = (
            [row.first.id for row in self.selected_rows()],
            self._runs.row(current).first.id if current.isValid() else "",
        )

    def _select_held(self) -> None:
        """Select it again, as far as it is still shown."""
        selected, current = self._held
        numbers = [number for run in selected if (number := self._runs.row_of(run)) >= 0]
        if (number := self._runs.row_of(current)) >= 0:
            self.selectionModel().setCurrentIndex(
                self._runs.index(number, Column.RUN), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        rows = QItemSelection()
        for number in numbers:
            rows.select(self._runs.index(number, 0), self._runs.index(number, Column.STATE))
        self.selectionModel().select(rows, QItemSelectionModel.SelectionFlag.Select)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Quick clicks on the sign of a chain fold and unfold it; elsewhere a double click opens the run."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        if not index.isValid() or not self._delegate.is_at_fold(at.x(), self.visualRect(index), index):
            super().mouseDoubleClickEvent(event)

    def _fold(self, key: int) -> bool:
        """Unfold or fold the current row, or go up to its chain; False where the key means nothing here."""
        index = self.currentIndex()
        if not index.isValid():
            return False
        row = self._runs.row(index)
        unfold = key == Qt.Key.Key_Right
        if row.children and unfold != self._runs.is_unfolded(row):
            self._runs.unfold(row, on=unfold)
            return True
        chain = self._runs.chain_of(row)
        if chain is None or unfold or index.column() > Column.RUN:
            return False
        self.selectRow(self._runs.row_of(chain.first.id))
        return True

    def _show_steps(self, chain: str, steps: int) -> None:
        """Scroll so far that what was unfolded below a chain is seen, as much of it as there is room for."""
        number = self._runs.row_of(chain)
        if number >= 0 and steps:
            self.updateGeometries()  # the scroll bar does not reach to the new rows yet
            self.scrollTo(self._runs.index(number + steps, Column.RUN))
            self.scrollTo(self._runs.index(number, Column.RUN))

    def _open(self, index: QModelIndex) -> None:
        if index.column() != Column.TICK:
            self.open_requested.emit(index.data(ROW).first.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        selected = self.selectionModel().selectedRows()
        if event.key() == Qt.Key.Key_Space and selected:
            self.toggle_requested.emit(self.selected_rows())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and selected:
            self.open_requested.emit(selected[0].data(ROW).first.id)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._fold(event.key()):
            event.accept()
        elif event.key() == Qt.Key.Key_Delete and selected:
            self.delete_requested.emit(self.selected_rows())
        elif event.key() == Qt.Key.Key_F2 and selected:
            self.edit(selected[0].siblingAtColumn(Column.RUN))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        selected = self.selectionModel().selectedRows()
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and selected:
            at = self.viewport().mapToGlobal(self.visualRect(selected[0]).bottomLeft())
        self.menu_requested.emit(at)
