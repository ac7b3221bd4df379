"""The rows of the runs table as a Qt model: words and numbers for the delegate, and what columns are sorted by."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from studio.core.format import count, duration, percent, spread
from studio.gui.run_store.run_store import RunStore
from studio.gui.text.say import say
from studio.runs.results.table import Row, rows

ModelIndex = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns in order."""

    TICK = 0
    RUN = 1
    METHOD = 2
    STUDENT = 3
    ACCURACY = 4
    GAP = 5
    PARAMETERS = 6
    TIME = 7
    STATE = 8


_TITLES = (
    "",
    QT_TRANSLATE_NOOP("runs", "Run"),
    QT_TRANSLATE_NOOP("runs", "Method"),
    QT_TRANSLATE_NOOP("runs", "Student"),
    QT_TRANSLATE_NOOP("runs", "Test accuracy"),
    QT_TRANSLATE_NOOP("runs", "Gap closed"),
    QT_TRANSLATE_NOOP("runs", "Parameters"),
    QT_TRANSLATE_NOOP("runs", "Time"),
    QT_TRANSLATE_NOOP("runs", "State"),
)
_NUMBERS = (Column.ACCURACY, Column.PARAMETERS, Column.TIME)
_STATES = {
    "running": QT_TRANSLATE_NOOP("runs", "Training elsewhere"),
    "paused": QT_TRANSLATE_NOOP("runs", "Paused"),
    "stopping": QT_TRANSLATE_NOOP("runs", "Stopping"),
    "finished": QT_TRANSLATE_NOOP("runs", "Finished"),
    "stopped": QT_TRANSLATE_NOOP("runs", "Stopped, can go on"),
    "early_stop": QT_TRANSLATE_NOOP("runs", "Stopped early"),
    "failed": QT_TRANSLATE_NOOP("runs", "Failed"),
    "interrupted": QT_TRANSLATE_NOOP("runs", "Interrupted, can go on"),
}

_REFERENCES = {
    "teacher": QT_TRANSLATE_NOOP("runs", "Reference: teacher"),
    "alone": QT_TRANSLATE_NOOP("runs", "Reference: alone"),
}

#: The :class:`Row` of an index, and the value its column is sorted by.
ROW, SORT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


def _tr(text: object) -> str:
    return QCoreApplication.translate("runs", str(text))


class RunsModel(QAbstractTableModel):
    """The runs of a :class:`RunStore`, one a row or one an experiment a row."""

    def __init__(self, run_store: RunStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run_store = run_store
        self._rows: list[Row] = []
        self._grouped = False
        run_store.listed.connect(self.refresh)
        run_store.overlaid.connect(self.repaint_all)

    def refresh(self) -> None:
        """Take the runs of the store anew; selection and scroll position are kept where the rows stay."""
        made = rows(self.run_store.runs, self._grouped)
        if [row.key for row in made] == [row.key for row in self._rows]:
            self._rows = made
            self.repaint_all()
            return
        self.beginResetModel()
        self._rows = made
        self.endResetModel()

    def group(self, grouped: bool) -> None:
        """One row an experiment, or one a run."""
        self._grouped = grouped
        self.refresh()

    def repaint_all(self) -> None:
        """Colours, ticks or values are others."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, Column.STATE))

    def repaint_live(self) -> None:
        """The runs that train have come further."""
        for number, row in enumerate(self._rows):
            if any(self.run_store.live(run) is not None for run in row.ids):
                self.dataChanged.emit(self.index(number, Column.ACCURACY), self.index(number, Column.STATE))

    def row(self, index: ModelIndex) -> Row:
        """The row of an index."""
        return self._rows[index.row()]

    def row_of(self, run: str) -> int:
        """The number of the row a run is in; -1 if in none."""
        return next((number for number, row in enumerate(self._rows) if run in row.ids), -1)

    # --- what Qt asks ------------------------------------------------------------------------------------------------

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _tr(_TITLES[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in _NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
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
            return self.words(row, column)
        if role == SORT:
            return self._order(row, column)
        if role == Qt.ItemDataRole.EditRole and column == Column.RUN:
            return row.first.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            ticked = _tr("drawn") if self._tick(row) == Qt.CheckState.Checked else _tr("not drawn")
            return ticked if column == Column.TICK else f"{_tr(_TITLES[column])}: {self.words(row, column)}"
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
                self.run_store.set_labels(run, name=str(value).strip())
            return True
        return False

    # --- words and numbers -------------------------------------------------------------------------------------------

    def _tick(self, row: Row) -> Qt.CheckState:
        ticked = sum(self.run_store.is_ticked(run) for run in row.ids)
        if ticked == 0:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if ticked == len(row.ids) else Qt.CheckState.PartiallyChecked

    def words(self, row: Row, column: Column) -> str:
        """What stands in a cell."""
        run = row.first
        if column == Column.RUN:
            return self._name(row)
        if column == Column.METHOD:
            kind = row.kind if row.kind != "run" else self.run_store.roles().get(run.id, "run")
            return _tr(_REFERENCES[kind]) if kind in _REFERENCES else run.method_title
        if column == Column.STUDENT:
            return run.student_title
        if column == Column.ACCURACY:
            return self._accuracy(row)
        if column == Column.GAP:
            return self._gap(row)
        if column == Column.PARAMETERS:
            known = run.parameters.get("student")
            return count(known) if known else ""
        if column == Column.TIME:
            live = self.run_store.live(run.id)
            seconds = live.seconds if live is not None else row.seconds
            return duration(seconds) if seconds is not None else ""
        if column == Column.STATE:
            return self.state(row)
        return ""

    def _name(self, row: Row) -> str:
        return self.run_store.name(row.first.id) if len(row.runs) == 1 else row.first.name

    def _accuracy(self, row: Row) -> str:
        live = self.run_store.live(row.first.id)
        if live is not None and len(live.history.test_labelled):
            return percent(float(live.history.test_labelled.y[-1]))
        if row.accuracy is None:
            return ""
        return spread(row.accuracy, row.deviation, row.n)

    def progress(self, row: Row) -> float | None:
        """How far the run of a row is while it trains, else None."""
        live = self.run_store.live(row.first.id)
        return live.fraction if live is not None and live.history.epochs else None

    def state(self, row: Row) -> str:
        """The state in words; while it trains the epoch."""
        run = row.first
        live = self.run_store.live(run.id)
        if live is not None:
            history = live.history
            return f"{history.epoch} / {history.epochs}" if history.epochs else say(history.phase)
        if run.problem:
            return _tr("Cannot be read")
        if len(row.runs) > 1:
            done = sum(one.state in ("finished", "early_stop") for one in row.runs)
            return QCoreApplication.translate("runs", "{done} of {n} finished").format(done=done, n=len(row.runs))
        return _tr(_STATES[self.run_store.state(run)])

    def _gap(self, row: Row) -> str:
        if row.gap is None:
            return _tr("no gap to close") if self._no_gap(row) else ""
        return percent(row.gap, 0) if row.gap >= 0 else _tr("below alone")

    def _no_gap(self, row: Row) -> bool:
        """Whether teacher and alone are both known, the run has ended, and yet no share is given."""
        run = row.first
        known = run.teacher_reference is not None and run.alone_reference is not None
        return run.gap is None and known and self.run_store.live(run.id) is None

    def _tip(self, row: Row, column: Column) -> str:
        run = row.first
        if column == Column.GAP:
            return say(run.gap_words)
        if column == Column.STATE:
            return say(run.reason)
        return f"{self._name(row)}\n{say(run.sentence)}" if column == Column.RUN else ""

    def _order(self, row: Row, column: Column) -> Any:
        run = row.first
        numbers: dict[Column, float | None] = {
            Column.ACCURACY: row.accuracy,
            Column.GAP: row.gap,
            Column.PARAMETERS: run.parameters.get("student"),
            Column.TIME: row.seconds,
        }
        if column in numbers:
            number = numbers[column]
            return -1.0 if number is None else float(number)
        return self.words(row, column).casefold()
