"""The cards of a page in rows and columns, which may be others where there is little room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from studio.gui.views.view_card import ViewCard


@dataclass(frozen=True)
class CardPlace:
    """Where a card stands, and over how many rows and columns."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class CardArrangement:
    """The places of all cards in their order, and the shares of the columns and rows."""

    places: Sequence[CardPlace]
    columns: Sequence[int]
    rows: Sequence[int]


class CardGrid(QWidget):
    """Holds the cards; :meth:`arrange` moves them, and does nothing where they stand so already."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._arrangement: CardArrangement | None = None

    def arrange(self, cards: Sequence[ViewCard], arrangement: CardArrangement) -> None:
        """Put the cards where they belong."""
        if arrangement == self._arrangement:
            return
        self._arrangement = arrangement
        for card in cards:
            self._grid.removeWidget(card)
        for card, at in zip(cards, arrangement.places, strict=True):
            self._grid.addWidget(card, at.row, at.column, at.rows, at.columns)
        for column in range(max(self._grid.columnCount(), len(arrangement.columns))):
            share = arrangement.columns[column] if column < len(arrangement.columns) else 0
            self._grid.setColumnStretch(column, share)
        for row in range(max(self._grid.rowCount(), len(arrangement.rows))):
            self._grid.setRowStretch(row, arrangement.rows[row] if row < len(arrangement.rows) else 0)
