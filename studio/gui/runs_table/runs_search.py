"""Finds the rows of the runs table that contain all words of a search."""

from __future__ import annotations

from collections.abc import Iterable

from studio.runs.results.table import Row


class RunsSearch:
    """Keeps the rows in which every word that is looked for occurs."""

    def __init__(self) -> None:
        self._words: list[str] = []

    def look_for(self, text: str) -> None:
        """Look for every word of ``text``: in name, method, data, networks, tags, notes."""
        self._words = text.casefold().split()

    def found(self, rows: Iterable[Row]) -> list[Row]:
        """Those that are kept, in their order."""
        return [row for row in rows if self._is_found(row)] if self._words else list(rows)

    def _is_found(self, row: Row) -> bool:
        text = "\n".join(
            part
            for run in row.runs
            for part in (
                run.name,
                run.method_title,
                run.dataset_title,
                run.teacher_title,
                run.student_title,
                *run.tags,
                run.notes,
            )
        ).casefold()
        return all(word in text for word in self._words)
