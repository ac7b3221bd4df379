"""A table to be read: no grid, no row numbers, nothing to edit, and Tab leaves it."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from studio.gui.system.override_guard import GuardedOverrides


class PlainTable(GuardedOverrides, QTableView):
    """Looks as the theme has tables.

    Args:
        row: pixels a row is high; 0 for as Qt has them.
        selects: whether a row can be selected.
    """

    def __init__(self, row: int = 0, *, selects: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "table")
        if selects:
            self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
            self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        else:
            self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        if row:
            self.verticalHeader().setDefaultSectionSize(row)
        self.horizontalHeader().setHighlightSections(False)
