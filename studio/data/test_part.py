"""The examples a run is tested on, as their source gives them: to be looked at, not to be learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from studio import catalog
from studio.core.errors import StudioError
from studio.core.format import short_number
from studio.data.base import DataSource, Examples, silent
from studio.data.splits import split
from studio.data.table_examples import columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from studio.data.base import ProgressListener
    from studio.data.table_columns import TableColumn


@dataclass(frozen=True, eq=False)
class UsedForTesting:
    """The test part of a dataset. ``columns`` say what the values of a row of a table are."""

    examples: Examples
    columns: tuple[TableColumn, ...] = ()

    def inputs(self, rows: np.ndarray) -> np.ndarray:
        """The inputs at these rows: uint8 (n, C, H, W) of pictures, else (n, D)."""
        import torch

        return np.asarray(self.examples.inputs[torch.from_numpy(np.asarray(rows, np.int64))].numpy())

    @property
    def labels(self) -> np.ndarray:
        """(N,) int64."""
        return np.asarray(self.examples.labels.numpy())

    def words(self, values: np.ndarray, most: int = 4) -> str:
        """A row of a table by its first columns: ``size 4, colour red``; empty of other data."""
        return ", ".join(
            f"{column.name} {_cell(column, value)}" for column, value in zip(self.columns[:most], values, strict=False)
        )


def used_for_testing(
    key: str,
    settings: Mapping[str, Any],
    *,
    test: float,
    test_seed: int,
    cache: Path,
    progress: ProgressListener = silent,
) -> UsedForTesting:
    """The test part of a dataset, in the order of the answers that runs keep; see :func:`studio.data.prepare.prepare`.

    Nothing is fetched for it.

    Raises:
        StudioError: the data are not at hand.
    """
    source: DataSource = catalog.find("dataset", key)
    typed = source.Settings(**settings)
    if (why := source.missing(typed, cache)) is not None:
        raise StudioError("The examples cannot be shown.", why)
    decoded = source.load(typed, cache, progress)
    if decoded.test is not None:
        return UsedForTesting(decoded.test, columns_of(decoded))
    rows = split(decoded.train.labels, seed=0, test=test, test_seed=test_seed).test
    assert rows is not None
    return UsedForTesting(decoded.train.take(rows), columns_of(decoded))


def _cell(column: TableColumn, value: float) -> str:
    if np.isnan(value):
        return "?"
    if column.kind == "nominal" and 0 <= int(value) < len(column.categories):
        return column.categories[int(value)]
    return short_number(float(value))
