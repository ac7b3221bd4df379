"""The runs below: a table to lay runs over each other, search, group, save; folds to one line."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from studio.core.errors import NotWritten, os_reason
from studio.core.files import write_export
from studio.gui import theme
from studio.gui.run_store.run_store import RunStore
from studio.gui.runs_table.run_cells import Column
from studio.gui.runs_table.run_deletion import RunDeletion
from studio.gui.runs_table.run_menu import RunMenu
from studio.gui.runs_table.runs_delegate import RunsDelegate
from studio.gui.runs_table.runs_model import RunsModel
from studio.gui.runs_table.runs_table import MEAN, SMALL, WIDE, RunsTable
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import counted
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.empty_state import EmptyState
from studio.gui.widgets.labels import Label
from studio.gui.widgets.swatch import Swatch
from studio.runs.results.table import Row, to_csv
from studio.runs.run_info import RunInfo

HEADER = 34
#: Names in the folded line at most; pixels beside a name, and beside all of them.
LEGEND, ENTRY, BESIDE_LEGEND = 5, 46, 190


class RunsDock(GuardedOverrides, QWidget):
    """Header, table, and what stands there while there is no run.

    Signals:
        open_requested: a run the person wants to see.
        train_requested: the button of the empty table.
        folded: whether only the header is shown.
        fold_requested: the same, where the person wanted it so.
        selected: the selection is another.
        compare_requested: the two selected rows are to be compared, or what is ticked where no two are selected.
        trouble: a :class:`~studio.core.errors.StudioError` to be shown.
    """

    open_requested = Signal(str)
    train_requested = Signal()
    folded = Signal(bool)
    fold_requested = Signal(bool)
    selected = Signal()
    compare_requested = Signal()
    trouble = Signal(object)

    def __init__(self, run_store: RunStore, grouped: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "plain")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._run_store = run_store
        self.model = RunsModel(run_store, self)
        self._delegate = RunsDelegate(self.model)
        self.table = RunsTable(self.model, self._delegate)
        self.menu = RunMenu(run_store, self)
        self.menu.open_requested.connect(self.open_requested)
        self.menu.rename_requested.connect(self.rename)
        self.menu.unfold_requested.connect(self.model.unfold)
        self.table.open_requested.connect(self.open_requested)
        self.table.toggle_requested.connect(self.model.toggle)
        self.deletion = RunDeletion(run_store, self)
        self.menu.delete_requested.connect(self.deletion.delete)
        self.table.delete_requested.connect(self.deletion.delete)
        self.table.menu_requested.connect(self._show_menu)
        self.table.selectionModel().selectionChanged.connect(self.selected)
        self.model.modelReset.connect(self.selected)
        self.selected.connect(self._show_comparable)
        self.menu.compare_requested.connect(self.compare_requested)
        self._empty = EmptyState("")
        self._empty.pressed.connect(self.train_requested)
        self._body = QStackedWidget()
        self._body.addWidget(self._empty)
        self._body.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_header(grouped))
        column.addWidget(self._body, 1)
        self._is_folded = self._is_compact = False
        self.set_compact(False)
        theme.notifier().changed.connect(self._restyle)
        self._mark_group(grouped)
        self.group.toggled.connect(self._mark_group)
        run_store.listed.connect(self._show_list)
        run_store.overlaid.connect(self._show_ticked)
        self.model.group(grouped)
        self._show_list()

    def _make_header(self, grouped: bool) -> QWidget:
        header = QWidget()
        theme.keep_length(header, QWidget.setFixedHeight, HEADER)
        self._ticked = Label(role="explain", tone="text3")
        legend = QWidget()
        legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._legend = QHBoxLayout(legend)
        self._legend.setContentsMargins(0, 0, 0, 0)
        self._legend.setSpacing(6)
        self._legend_entries: list[tuple[Swatch, Label]] = []
        for _ in range(LEGEND):
            swatch, name = Swatch(), Label(role="explain")
            self._legend_entries.append((swatch, name))
            self._legend.addWidget(swatch)
            self._legend.addWidget(name)
            self._legend.addSpacing(8)
        self._legend.addStretch(1)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a run"))
        self.search.setAccessibleName(self.tr("Find a run"))
        self.search.setClearButtonEnabled(True)
        theme.keep_length(self.search, QWidget.setFixedWidth, 190)
        self.search.textChanged.connect(self.model.search)
        self.search.installEventFilter(self)
        self.search.hide()
        self.compare = button(self.tr("Compare"), "flat", clicked=self.compare_requested)
        self.compare.setToolTip(self.tr("Compare the two selected rows, or what is ticked where no two are selected"))
        self.only = button(self.tr("Only this one"), "flat", clicked=self.show_only)
        self.only.setToolTip(self.tr("Draw the selected run alone, or where none is selected the one in question"))
        self.none = button(self.tr("Untick all"), "flat", clicked=self.untick_all)
        self.none.setToolTip(self.tr("Draw none of the runs"))
        self.group = button(self.tr("Group by experiment"), "flat")
        self.group.setCheckable(True)
        self.group.setChecked(grouped)
        self.group.setToolTip(self.tr("One row an experiment: the mean and spread over its seeds"))
        self.group.toggled.connect(self.model.group)
        self._find = IconButton("search", self.tr("Find a run"), self.search_runs)
        self._save = IconButton("download", self.tr("Save the table as CSV"), self.save_csv)
        self.fold_button = IconButton("chevron-down", self.tr("Fold the runs"), self._toggle_fold)
        row = QHBoxLayout(header)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(Label(self.tr("Runs"), "dock"))
        row.addWidget(self._ticked)
        row.addWidget(legend, 1)
        for widget in (
            self.search,
            self.compare,
            self.only,
            self.none,
            self.group,
            self._find,
            self._save,
            self.fold_button,
        ):
            row.addWidget(widget)
        return header

    # --- look --------------------------------------------------------------------------------------------------------

    def set_compact(self, compact: bool) -> None:
        """Under 1200 px: fewer columns, lower rows."""
        self._delegate.height = theme.scaled(26 if compact else 28)
        self.table.verticalHeader().setDefaultSectionSize(self._delegate.height)
        self._is_compact = compact
        self._place_columns()
        self._show_ticked()

    def _restyle(self) -> None:
        self.set_compact(self._is_compact)

    def _place_columns(self) -> None:
        """Means take more room than single accuracies."""
        widths = SMALL if self._is_compact else WIDE
        self.table.set_widths({**widths, Column.ACCURACY: MEAN} if self.group.isChecked() else widths)

    @property
    def is_folded(self) -> bool:
        """Whether only the header is shown."""
        return self._is_folded

    def fold(self, folded: bool) -> None:
        """Show the header alone, with the names of what is drawn; or all."""
        self._is_folded = folded
        self._body.setVisible(not folded)
        for widget in (self.compare, self.only, self.none, self.group, self._find, self._save):
            widget.setVisible(not folded)
        if folded:
            self.search.hide()
        self.fold_button.set_icon("chevron-up" if folded else "chevron-down")
        self.fold_button.set_words(self.tr("Unfold the runs") if folded else self.tr("Fold the runs"))
        self._show_ticked()
        self.folded.emit(folded)

    def _toggle_fold(self) -> None:
        self.fold(not self._is_folded)
        self.fold_requested.emit(self._is_folded)

    def _mark_group(self, grouped: bool) -> None:
        theme.restyle(self.group, tone="accent" if grouped else "text2")
        self._place_columns()

    def _show_list(self) -> None:
        self._body.setCurrentWidget(self.table if self._run_store.runs else self._empty)
        self._say_why_empty()
        for widget in (self.group, self._find, self._save):
            widget.setEnabled(bool(self._run_store.runs))
        self._show_ticked()

    def _say_why_empty(self) -> None:
        sentence = self.tr("Your first one appears here; every later one can be laid over it.")
        if self._run_store.ticked:  # one has been asked for
            self._empty.set_text(self.tr("The first run is being made ready."), sentence)
        else:
            self._empty.set_text(self.tr("No runs yet."), sentence, self.tr("Train the experiment at the left"))

    def _show_ticked(self) -> None:
        if not self._run_store.runs:
            self._say_why_empty()
        drawn = self._run_store.drawn
        self._ticked.setText(self._ticked_words())
        self.none.setEnabled(bool(drawn))
        self.only.setEnabled(bool(drawn))
        self._show_comparable()
        roles = self._run_store.roles()
        named = self._fitting([info for run in drawn if (info := self._run_store.find(run)) is not None])
        for i, (swatch, name) in enumerate(self._legend_entries):
            swatch.setVisible(i < len(named))
            name.setVisible(i < len(named))
            if i < len(named):
                swatch.show_run(roles.get(named[i].id, "run"), self._run_store.color(named[i].id) or 0)
                name.setText(self._run_store.name(named[i].id))

    def _show_comparable(self) -> None:
        self.compare.setEnabled(len(self.selected_rows()) == 2 or len(self._run_store.drawn) > 1)

    def _ticked_words(self) -> str:
        """How many runs are ticked, how many of them are drawn, and that those of other data are off."""
        ticked, drawn, off = len(self._run_store.ticked), len(self._run_store.drawn), len(self._run_store.off)
        words = self.tr("{n} ticked").format(n=ticked) if ticked else ""
        if drawn < ticked:
            words = self.tr("{n} ticked, {drawn} of them drawn").format(n=ticked, drawn=drawn)
        elif ticked > 1 and not self._is_folded and not off and not self._is_compact:
            words = self.tr("{n} ticked, laid over each other in every view").format(n=ticked)
        if off:
            of_others = counted(off, self.tr("1 of other data is off"), self.tr("{n} of other data are off"))
            words = f"{words}, {of_others}" if words else of_others
        return words

    def _fitting(self, drawn: list[RunInfo]) -> list[RunInfo]:
        """As many of the drawn runs as their names have room for in the folded line."""
        metrics = QFontMetrics(theme.font("explain"))
        room, fitting = self.width() - BESIDE_LEGEND, list[RunInfo]()
        for info in drawn[:LEGEND] if self._is_folded else []:
            room -= metrics.horizontalAdvance(self._run_store.name(info.id)) + ENTRY
            if room < 0:
                break
            fitting.append(info)
        return fitting

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_folded:
            self._show_ticked()

    # --- search and save ---------------------------------------------------------------------------------------------

    def search_runs(self) -> None:
        """Open the search field, or close it when it is empty."""
        if self._is_folded:
            self.fold(False)
        if self.search.isVisible() and not self.search.text():
            self.search.hide()
            return
        self.search.show()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape in the search field clears and closes it."""
        if (
            watched is self.search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self.search.clear()
            self.search.hide()
            self.table.setFocus()
            return True
        return super().eventFilter(watched, event)

    def save_csv(self) -> None:
        """Ask for a file and write all runs into it."""
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the table as CSV"), "runs.csv", "CSV (*.csv)")
        if name:
            self.write_csv(Path(name))

    def write_csv(self, path: Path) -> None:
        """Write all runs into ``path``."""
        try:
            write_export(path, to_csv(self._run_store.runs).encode(), _not_written)
        except NotWritten as error:
            self.trouble.emit(error)

    # --- what is drawn -----------------------------------------------------------------------------------------------

    def show_only(self) -> None:
        """Draw the selected run, or all of the selected rows, and no other; without a selection the one in question."""
        selected = [run for row in self.selected_rows() for run in row.ids]
        runs = selected or [run for run in [self._run_store.current] if run]
        if runs:
            self._run_store.tick_only(runs)

    def untick_all(self) -> None:
        """Draw no run."""
        self._run_store.tick(self._run_store.ticked, on=False)

    # --- runs --------------------------------------------------------------------------------------------------------

    def selected_rows(self) -> list[Row]:
        """The selected rows."""
        return self.table.selected_rows()

    def select(self, run: str) -> None:
        """Select the row a run is in, and no other, whatever keys are held."""
        index = self._index(run)
        if index.isValid():
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(index, how)
            self.table.scrollTo(index)

    def rename(self, run: str) -> None:
        """Edit the name of a run in its row."""
        index = self._index(run, Column.RUN)
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.edit(index)

    def _index(self, run: str, column: Column = Column.TICK) -> QModelIndex:
        if self.model.row_of(run) < 0:
            self.model.unfold_to(run)
        number = self.model.row_of(run)
        return self.model.index(number, column) if number >= 0 else QModelIndex()

    def _show_menu(self, at: QPoint) -> None:
        rows = self.selected_rows()
        if rows:
            self.menu.show_rows(rows, self.model.is_unfolded(rows[0]))
            self.menu.popup(at)


def _not_written(path: Path, _size: int, error: OSError) -> NotWritten:
    return NotWritten(
        "The table cannot be written to {path}.",
        "{reason}.",
        "Choose another place.",
        path=path,
        reason=os_reason(error),
    )
