"""The test parts of the data that questions are about; the rest of a dataset is let go at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.core.data_kinds import DataKind
from studio.core.errors import StoppedEarly, StudioError
from studio.core.message import Text, text
from studio.data.base import DataSource, Examples, SourceSettings
from studio.experiment import Experiment
from studio.runs.inspect.asked_model import Example
from studio.training.setup import dataset_of

#: Data whose test parts are kept.
KEPT = 2

Stopping = Callable[[], bool]


def never() -> bool:
    """A question that nobody takes back."""
    return False


@dataclass(frozen=True, eq=False)
class InspectedData:
    """The examples a run was tested on, and how a person's own become like them.

    Attributes:
        encoding: of a table how its columns became numbers; empty of other data.
    """

    kind: DataKind
    classes: tuple[str, ...]
    shape: tuple[int, ...]
    examples: Examples
    source: DataSource
    settings: SourceSettings
    encoding: str = ""

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
        return Example(self.examples.inputs[row].numpy().copy(), name, words)

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
        return InspectedData(
            data.kind, data.classes, data.shape, data.test, choice.source, choice.source_settings, data.encoding
        )
