"""What a procedure has come to, on disk: it survives a kill, a full disk and a flipped bit."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from studio.core.arrays import read_arrays, write_arrays
from studio.core.files import writing

#: Names of what stands beside the arrays of the procedure itself, whose own names cannot begin so.
_ORIGIN, _ITEM, _SECONDS = "~origin", "~item", "~seconds"
#: Seconds between two saves at least, and how many times longer than a save took they are then.
LEAST, TIMES = 2.0, 20.0


class ProcedureState:
    """The state of one run's procedure, ``procedure/state.npz`` in its folder.

    Args:
        folder: of the run.
        origin: a sum of all that decides the numbers: a state of another origin is not gone on from.
        least: seconds between two saves; 0 to save whenever it is asked.
    """

    def __init__(self, folder: Path, origin: str, *, least: float = LEAST) -> None:
        self.file = folder / "procedure" / "state.npz"
        self._origin, self._least = origin, least
        self._saved_at, self._took = time.monotonic(), 0.0

    @property
    def due(self) -> bool:
        """Whether it is time to save."""
        return time.monotonic() - self._saved_at >= self._least * max(1.0, TIMES * self._took / LEAST)

    def save(self, arrays: Mapping[str, np.ndarray], item: int, seconds: float) -> None:
        """Keep what is there after ``item`` items.

        Raises:
            NotWritten: it cannot be written; what was saved before is intact.
        """
        began = time.monotonic()
        beside = {
            _ORIGIN: np.array(self._origin),
            _ITEM: np.array(item, np.int64),
            _SECONDS: np.array(seconds, np.float64),
        }
        with writing(self.file):
            self.file.parent.mkdir(exist_ok=True)
        write_arrays(self.file, {**arrays, **beside})
        self._saved_at = time.monotonic()
        self._took = self._saved_at - began

    def read(self) -> tuple[dict[str, np.ndarray], int, float] | None:
        """What was saved last, after how many items and seconds; None where there is nothing to go on from."""
        arrays = read_arrays(self.file)
        try:
            origin, item, seconds = str(arrays.pop(_ORIGIN)), int(arrays.pop(_ITEM)), float(arrays.pop(_SECONDS))
        except (KeyError, TypeError, ValueError):
            return None
        return (arrays, item, seconds) if origin == self._origin and item >= 0 else None
