"""The values behind a matrix; tables without rows while there is none."""

from __future__ import annotations

import numpy as np

from studio.gui.views.mixups.matrix_content import MatrixContent
from studio.gui.views.saving import CsvTable, Value
from studio.runs.comparison.confusion import mix_ups


def matrix_table(content: MatrixContent | None) -> CsvTable:
    """A row a class, a column an answer, in the order that is drawn."""
    if content is None:
        return CsvTable(["label"], [])
    rows: list[list[Value]] = [
        [name, *map(int, values)] for name, values in zip(content.names, content.values, strict=True)
    ]
    return CsvTable(["label", *content.names], rows)


def mistake_table(content: MatrixContent | None) -> CsvTable:
    """A row a mistake that was made, the commonest first."""
    rows: list[list[Value]] = []
    if content is not None:
        found = mix_ups(np.asarray(content.values), most=content.count**2)
        rows = [[content.names[row], content.names[column], n] for row, column, n in found]
    return CsvTable(["label", "answer", "pictures"], rows)
