"""Which rows of the runs table are shown and in which order: found, sorted, those of unfolded chains below them."""

from __future__ import annotations

from collections.abc import Sequence

from studio.gui.runs_table.run_cells import Column, RunCells
from studio.gui.runs_table.runs_search import RunsSearch
from studio.runs.results.table import Row


class RowOrder:
    """Searches, sorts and unfolds rows. Chains are folded at first; one found for its children alone is not."""

    def __init__(self, cells: RunCells) -> None:
        self._cells = cells
        self._search = RunsSearch()
        self._column, self._descending = -1, False
        self._unfolded: set[str] = set()
        #: Keys of chains that the search unfolds, and of those of them a person has folded again.
        self._found_below: set[str] = set()
        self._folded_again: set[str] = set()
        self._chain_of: dict[str, Row] = {}

    def look_for(self, text: str) -> None:
        """Show what contains every word of ``text``; see :class:`RunsSearch`."""
        self._search.look_for(text)
        self._folded_again.clear()

    def sort_by(self, column: int, descending: bool) -> bool:
        """Sort by what the cells of a column mean, -1: as given. False where that was so before."""
        asked = (column, descending)
        changed = asked != (self._column, self._descending)
        self._column, self._descending = asked
        return changed

    def is_unfolded(self, row: Row) -> bool:
        """Whether the children of a row are shown."""
        key = row.key
        return key in self._unfolded or (key in self._found_below and key not in self._folded_again)

    def unfold(self, row: Row, on: bool) -> None:
        """Show the children of a row, or no longer."""
        if on:
            self._unfolded.add(row.key)
            self._folded_again.discard(row.key)
        else:
            self._unfolded.discard(row.key)
            self._folded_again.add(row.key)

    def chain_of(self, row: Row) -> Row | None:
        """The chain below which a row is shown."""
        return self._chain_of.get(row.key)

    def arranged(self, rows: Sequence[Row]) -> list[Row]:
        """What is shown of ``rows``, from top to bottom."""
        found, self._found_below = self._search.found(rows)
        shown: list[Row] = []
        self._chain_of = {}
        for row in self._sorted(found):
            shown.append(row)
            if row.children and self.is_unfolded(row):
                children = self._sorted(row.children)
                shown += children
                self._chain_of.update((child.key, row) for child in children)
        return shown

    def _sorted(self, rows: Sequence[Row]) -> Sequence[Row]:
        if self._column < 0:
            return rows
        keys = self._cells.order(rows, Column(self._column))
        places = sorted(range(len(rows)), key=keys.__getitem__, reverse=self._descending)
        return [rows[place] for place in places]
