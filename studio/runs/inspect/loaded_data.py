"""The test parts of the data that questions are about; the rest of a dataset is let go at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.core.data_kinds import DataKind
from studio.core.errors import StoppedEarly, StudioError
from studio.core.format import short_number
from studio.core.message import Text, text
from studio.data.base import DataSource, Examples, SourceSettings
from studio.data.table_columns import MISSING, TableColumn, TableRows, table_rows
from studio.data.table_encoding import TableEncoding
from studio.experiment import Experiment
from studio.runs.inspect.asked_model import Cell, Example, InputField
from studio.training.setup import dataset_of

#: Data whose test parts are kept.
KEPT = 2
#: Points that are drawn, and columns by which a row is told.
DRAWN, TOLD = 300, 3

Stopping = Callable[[], bool]


def never() -> bool:
    """A question that nobody takes back."""
    return False


@dataclass(frozen=True, eq=False)
class InspectedData:
    """The examples a run was tested on, and how a person's own become like them.

    Attributes:
        table: of a table the rows of the test part before they became numbers, and how they did; None of other data.
    """

    kind: DataKind
    classes: tuple[str, ...]
    shape: tuple[int, ...]
    examples: Examples
    source: DataSource
    settings: SourceSettings
    table: tuple[TableRows, TableEncoding] | None = None

    @property
    def encoding(self) -> str:
        """Of a table how its columns became numbers; empty of other data."""
        return self.table[1].as_json() if self.table is not None else ""

    @property
    def fields(self) -> tuple[InputField, ...]:
        """Of a table what a person can fill in."""
        if self.table is None:
            return ()
        return tuple(
            InputField(each.column.name, each.column.categories, each.low, each.high, each.column.has_missing)
            for each in self.table[1].columns
        )

    @property
    def cloud(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Of points in the plane some to be drawn."""
        if not self.source.offers.is_planar or self.shape != (2,):
            return None
        return self.examples.inputs[:DRAWN].numpy().copy(), self.examples.labels[:DRAWN].numpy().copy()

    def __len__(self) -> int:
        return len(self.examples)

    def example(self, row: int) -> Example:
        """The example at ``row``, from 0.

        Raises:
            StudioError: there is no such row.
        """
        if not 0 <= row < len(self):
            raise StudioError(
                "There is no example {n} in the test part.", "It has {count}.", n=row + 1, count=len(self)
            )
        name = self.classes[int(self.examples.labels[row])]
        words = text("Number {n} of {count} in the test part", n=row + 1, count=len(self))
        values = self.examples.inputs[row].numpy().copy()
        return Example(values, name, words, self._cells(row, values))

    def _cells(self, row: int, values: np.ndarray) -> tuple[Cell, ...]:
        """What stands in the columns of a row; the coordinates of a point; nothing of a picture."""
        if self.table is None:
            return tuple(map(float, values)) if values.ndim == 1 else ()
        rows = self.table[0]
        found: list[Cell] = []
        for place, column in enumerate(rows.columns):
            cell = rows.cells(place)[row]
            if rows.missing(place)[row]:
                found.append(None)
            else:
                found.append(column.categories[int(cell)] if column.kind == "nominal" else float(cell))
        return tuple(found)

    def words(self, row: int) -> tuple[str, ...]:
        """Of a row of a table what its first columns say, a line each: ``colour red``; nothing of other data."""
        if self.table is None:
            return ()
        cells = self._cells(row, np.empty(0))[:TOLD]
        said = ("?" if cell is None else cell if isinstance(cell, str) else short_number(cell) for cell in cells)
        return tuple(f"{column.name} {words}" for column, words in zip(self.table[0].columns, said, strict=False))

    def filled_in(self, cells: Sequence[Cell]) -> Example:
        """A point, or a row of the table, as a person gives it.

        Raises:
            StudioError: there are not as many values as columns, or one is no number or no known name.
        """
        if self.table is None:
            values = np.array([float(cell) if isinstance(cell, float | int) else np.nan for cell in cells], np.float32)
            if values.shape != self.shape or not np.isfinite(values).all():
                raise StudioError("This is no point of these data.", "They have {n} numbers each.", n=self.shape[0])
            return Example(values, cells=tuple(cells))
        rows, encoding = self.table
        columns = [_cell_of(column, cell) for column, cell in zip(rows.columns, cells, strict=True)]
        one = table_rows(rows.columns, columns, np.zeros(1, np.int64), rows.classes)
        return Example(encoding.encode(one)[0], cells=tuple(cells))

    def inputs(self, rows: np.ndarray) -> np.ndarray:
        """The inputs at ``rows``, copied."""
        return np.stack([self.examples.inputs[int(row)].numpy() for row in rows]) if len(rows) else np.empty((0, 1))

    def own(self, picture: np.ndarray) -> Example:
        """A person's own picture, uint8 (H, W, 4), as those of the data are.

        Raises:
            StudioError: there is nothing to see in it.
        """
        return Example(self.source.prepare_own(self.settings, picture, self.shape))


class LoadedData:
    """Those asked for last are kept. For one thread.

    Args:
        cache: folder of decoded data.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._kept: OrderedDict[str, InspectedData] = OrderedDict()
        #: By run what stands for its data: what a run learns from never changes.
        self._keys: dict[str, str] = {}

    def of(self, run: str, experiment: Callable[[], Experiment], stopping: Stopping = never) -> InspectedData:
        """The test part of the data of a run. Nothing is fetched for it from elsewhere.

        Args:
            experiment: reads what ran; only called where the data of this run are not at hand.

        Raises:
            StudioError: they are not here.
            StoppedEarly: ``stopping()`` turned true.
        """
        part = self._kept.get(self._keys.get(run, ""))
        if part is None:
            ran = experiment()
            choice = ran.dataset
            key = f"{ran.seed if choice.validation else ''} {choice.model_dump_json()}"
            part = self._kept.get(key) or self._read(ran, stopping)
            self._keys[run], self._kept[key] = key, part
        self._kept.move_to_end(self._keys[run])
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return part

    def _read(self, experiment: Experiment, stopping: Stopping) -> InspectedData:
        choice = experiment.dataset
        missing = choice.source.missing(choice.source_settings, self._cache)
        if missing is not None:
            raise StudioError("The data of this run are not here.", missing)

        def go_on(_words: Text, _fraction: float | None) -> None:
            if stopping():
                raise StoppedEarly("Another question was asked meanwhile.")

        data = dataset_of(experiment, self._cache, go_on)
        table = (data.table.test, data.table.encoding) if data.table is not None else None
        return InspectedData(
            data.kind, data.classes, data.shape, data.test, choice.source, choice.source_settings, table
        )


def _cell_of(column: TableColumn, cell: Cell) -> np.ndarray:
    """A value as the rows of a table hold it, (1,)."""
    if column.kind == "nominal":
        return np.array([column.categories.index(cell) if cell in column.categories else MISSING])
    return np.array([float(cell) if isinstance(cell, float | int) else np.nan])
