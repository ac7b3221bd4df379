"""The rows of the runs table as a Qt model, searched and sorted.

A proxy model would ask Python for every comparison and every row: with ten thousand runs that takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from studio.gui.run_store.run_store import RunStore
from studio.gui.runs_table.row_order import RowOrder
from studio.gui.runs_table.run_cells import NUMBERS, Column, RunCells, drawn_words, fold_words, step_words
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.glossary import glossary
from studio.gui.text.tool_tip import plain_tip
from studio.runs.results.table import Row, rows

ModelIndex = QModelIndex | QPersistentModelIndex

#: The :class:`Row` of an index.
ROW = Qt.ItemDataRole.UserRole
#: With more stretches of rows that came or went, all are shown anew.
FEW = 20


class RunsModel(GuardedOverrides, QAbstractTableModel):
    """The runs of a :class:`RunStore`, one a row or one an experiment a row; those of a chain folded below it.

    ``unfolded`` tells the first run of a chain's row, and how many rows are shown below it now.
    """

    unfolded = Signal(str, int)

    def __init__(self, run_store: RunStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run_store = run_store
        self.cells = RunCells(run_store)
        self._all: list[Row] = []
        #: Those that are found, as they are sorted, and the number of the row each run is in.
        self._rows: list[Row] = []
        self._row_of: dict[str, int] = {}
        self._grouped = False
        self._order = RowOrder(self.cells)
        #: The names of the scores that count in them.
        self._scores: frozenset[str] = frozenset()
        #: Whether any row has something to unfold: then the names of all leave room for the sign.
        self.has_chains = False
        run_store.listed.connect(self.refresh)
        run_store.overlaid.connect(self.repaint_all)

    # --- which rows, in which order ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take the runs of the store anew; selection and scroll position are kept where the rows stay."""
        known = {row.key: row for row in self._all}
        known |= {child.key: child for row in self._all for child in row.children}
        self._all = rows(self.run_store.runs, self._grouped, self.run_store.kinds, known)
        self.has_chains = any(row.children for row in self._all)
        scores = frozenset(row.first.headline for row in self._all if row.score is not None)
        if scores != self._scores:
            self._scores = scores
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.ACCURACY, Column.ACCURACY)
        self._show()

    def group(self, grouped: bool) -> None:
        """One row an experiment, or one a run."""
        self._grouped = grouped
        self.refresh()

    def search(self, text: str) -> None:
        """Show the rows in which every word of ``text`` occurs, and the chains of those that stand below one."""
        self._order.look_for(text)
        self._show()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by what the cells of a column mean; -1 is the order of the store."""
        if self._order.sort_by(column, order == Qt.SortOrder.DescendingOrder):  # Qt asks twice
            self._show()

    def unfold(self, row: Row, on: bool) -> None:
        """Show the rows of a chain below it, or no longer."""
        if row.children and on != self._order.is_unfolded(row):
            self._order.unfold(row, on)
            self._show()
            if on:
                self.unfolded.emit(row.first.id, sum(self.row_of(child.first.id) >= 0 for child in row.children))

    def unfold_to(self, run: str) -> None:
        """Show a run that is folded below its chain."""
        for row in self._all:
            if any(run in child.ids for child in row.children):
                self.unfold(row, on=True)

    def is_unfolded(self, row: Row) -> bool:
        """Whether what stands below a row is shown."""
        return self._order.is_unfolded(row)

    def chain_of(self, row: Row) -> Row | None:
        """The chain below which a row is shown."""
        return self._order.chain_of(row)

    def _show(self) -> None:
        """Show what is found, sorted."""
        found = self._order.arranged(self._all)
        before, after = [row.key for row in self._rows], [row.key for row in found]
        if before == after:
            self._take(found)
            self.repaint_all()
        elif len(before) == len(after) and set(before) == set(after):
            self._reorder(found)
        elif not self._come_and_go(found, before, after):
            self.beginResetModel()
            self._take(found)
            self.endResetModel()

    def _take(self, shown: list[Row]) -> None:
        self._rows = shown
        self._row_of = {run.id: number for number, row in enumerate(shown) for run in row.runs}

    def _reorder(self, shown: list[Row]) -> None:
        """The same rows in another order; what is selected stays selected."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        keys = [self._rows[index.row()].key for index in held]
        self._take(shown)
        numbers = {row.key: number for number, row in enumerate(shown)}
        moved = [self.index(numbers[key], index.column()) for key, index in zip(keys, held, strict=True)]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _come_and_go(self, shown: list[Row], before: list[str], after: list[str]) -> bool:
        """Take some rows out and put some in, where the others keep their order; an open editor stays open then."""
        there, stay = set(after), set(before)
        gone = list(_stretches([number for number, key in enumerate(before) if key not in there]))
        new = list(_stretches([number for number, key in enumerate(after) if key not in stay]))
        kept = [key for key in before if key in there]
        if len(gone) + len(new) > FEW or kept != [key for key in after if key in stay]:
            return False
        for first, last in reversed(gone):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._take([*self._rows[:first], *self._rows[last + 1 :]])
            self.endRemoveRows()
        for first, last in new:
            self.beginInsertRows(QModelIndex(), first, last)
            self._take([*self._rows[:first], *shown[first : last + 1], *self._rows[first:]])
            self.endInsertRows()
        self._take(shown)
        self.repaint_all()
        return True

    # --- what has changed --------------------------------------------------------------------------------------------

    def repaint_all(self) -> None:
        """Colours, ticks or values are others."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, Column.STATE))

    def repaint_live(self) -> None:
        """The runs that train have come further."""
        for number in {self.row_of(run) for run in self.run_store.live_runs} - {-1}:
            self.dataChanged.emit(self.index(number, Column.ACCURACY), self.index(number, Column.STATE))

    def row(self, index: ModelIndex) -> Row:
        """The row of an index."""
        return self._rows[index.row()]

    def row_of(self, run: str) -> int:
        """The number of the row a run is in; -1 if in none that is shown."""
        return self._row_of.get(run, -1)

    # --- what Qt asks ------------------------------------------------------------------------------------------------

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return RunCells.title(Column(section), self._scores)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            spans = glossary().spans(RunCells.title(Column(section), self._scores))
            return "\n".join(span.entry.text for span in spans) or None
        return None

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == Column.TICK:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == Column.RUN:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.CheckStateRole and column == Column.TICK:
            return self._tick(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells.words(row, column)
        if role == Qt.ItemDataRole.EditRole and column == Column.RUN:
            return row.first.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.cells.tip(row, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if column == Column.TICK:
                words = drawn_words(self._tick(row) == Qt.CheckState.Checked)
                return f"{words}. {self.cells.why_off(row)}".removesuffix(". ")
            words = f"{RunCells.title(column, self._scores)}: {self.cells.words(row, column)}"
            return f"{words}, {self._place_words(row)}".removesuffix(", ") if column == Column.RUN else words
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.headerData(column, Qt.Orientation.Horizontal, role)
        return None

    def setData(self, index: ModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row(index)
        if role == Qt.ItemDataRole.CheckStateRole:
            self.run_store.tick(row.ids, on=Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        if role == Qt.ItemDataRole.EditRole and index.column() == Column.RUN and str(value).strip():
            for run in row.ids:
                self.run_store.edits.set_labels(run, name=str(value).strip())
            return True
        return False

    def _place_words(self, row: Row) -> str:
        """How a row stands in the table, for who cannot see it."""
        if row.children:
            return fold_words(len(row.children), self.is_unfolded(row))
        chain = self.chain_of(row)
        return step_words(self.cells.words(chain, Column.RUN)) if chain is not None else ""

    def toggle(self, rows: Sequence[Row]) -> None:
        """Tick those of these rows that are not, and no longer those that are."""
        runs: dict[bool, list[str]] = {True: [], False: []}
        for row in rows:
            runs[self._tick(row) != Qt.CheckState.Checked].extend(row.ids)
        for on, which in runs.items():
            if which:
                self.run_store.tick(which, on=on)

    def _tick(self, row: Row) -> Qt.CheckState:
        ticked = sum(self.run_store.is_ticked(run) for run in row.ids)
        if ticked == 0:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if ticked == len(row.ids) else Qt.CheckState.PartiallyChecked


def _stretches(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of every run of numbers that follow each other."""
    first = before = -1
    for number in numbers:
        if before < 0:
            first = number
        elif number != before + 1:
            yield first, before
            first = number
        before = number
    if before >= 0:
        yield first, before
