"""The values behind a grid of what others reported beside one's own."""

from __future__ import annotations

from studio.gui.views.charts.reported_grid import GridContent
from studio.gui.views.saving import CsvTable


def reported_table(rows: str, content: GridContent | None) -> CsvTable:
    """One's own row, then those of others; without rows while there is none.

    Args:
        rows: the head of the column that names them.
    """
    if content is None:
        return CsvTable([rows], [])
    return CsvTable([rows, *content.columns], [[row.name, *row.values] for row in (content.own, *content.others)])
