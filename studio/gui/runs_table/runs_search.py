"""Sorts and searches the rows of the runs table."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSortFilterProxyModel

from studio.gui.runs_table.runs_model import ROW, SORT, ModelIndex, RunsModel
from studio.runs.results.table import Row


class RunsSearch(QSortFilterProxyModel):
    """Sorts by what the cells mean, and keeps the rows that contain all words of a search."""

    def __init__(self, model: RunsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setSortRole(SORT)
        self.setSourceModel(model)

    def search(self, text: str) -> None:
        """Keep rows in which every word of ``text`` occurs: name, method, data, networks, tags, notes."""
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: ModelIndex) -> bool:
        if not self._words:
            return True
        model = self.sourceModel()
        row: Row = model.data(model.index(source_row, 0, source_parent), ROW)
        text = " ".join(
            " ".join(
                (
                    run.name,
                    run.method_title,
                    run.dataset_title,
                    run.teacher_title,
                    run.student_title,
                    *run.tags,
                    run.notes,
                )
            )
            for run in row.runs
        ).casefold()
        return all(word in text for word in self._words)
