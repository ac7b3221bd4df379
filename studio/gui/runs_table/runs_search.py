"""Finds the rows of the runs table that contain all words of a search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studio.runs.results.table import Row
from studio.runs.run_info import RunInfo


class RunsSearch:
    """Keeps the rows in which every word that is looked for occurs, and the chains of those that stand below one."""

    def __init__(self) -> None:
        self._words: list[str] = []
        #: What is looked through, by run id; made once, as long as the run is the same object.
        self._texts: dict[str, tuple[RunInfo, str]] = {}

    def look_for(self, text: str) -> None:
        """Look for every word of ``text``: in name, method, data, networks, tags, notes."""
        self._words = text.casefold().split()

    def found(self, rows: Iterable[Row]) -> tuple[list[Row], set[str]]:
        """Those that are kept, in their order, and the keys of chains that are kept for some of their children alone.

        Such a chain has those children only; one that is found itself has all.
        """
        if not self._words:
            return list(rows), set()
        kept: list[Row] = []
        for_children: set[str] = set()
        for row in rows:
            if self._is_found(row):
                kept.append(row)
            elif children := tuple(child for child in row.children if self._is_found(child)):
                kept.append(replace(row, children=children))
                for_children.add(row.key)
        return kept, for_children

    def _is_found(self, row: Row) -> bool:
        text = self._text(row.runs[0]) if len(row.runs) == 1 else "\n".join(map(self._text, row.runs))
        return all(word in text for word in self._words)

    def _text(self, run: RunInfo) -> str:
        made_of, text = self._texts.get(run.id, (None, ""))
        if made_of is not run:
            parts = (run.name, run.method_title, run.dataset_title, run.teacher_title, run.student_title)
            text = "\n".join((*parts, *run.tags, run.notes)).casefold()
            self._texts[run.id] = (run, text)
        return text
