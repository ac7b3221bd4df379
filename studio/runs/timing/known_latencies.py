"""Milliseconds a network takes for one input on this machine: measured once, and remembered in the workspace's cache."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter

import torch

from studio.core.bounded_read import UnreadableFile, read_json_text
from studio.core.errors import NotWritten
from studio.core.files import write_whole
from studio.insight.network_and_data_info import undrawn_network
from studio.runs.files.environment import processor

FILE = "latencies.json"
#: A file that is larger is not ours.
_MOST_BYTES = 4_000_000
#: Passes end after so many seconds, or so many of them: two networks are measured in less than two seconds.
_SECONDS, _PASSES = 0.4, 20


class KnownLatencies:
    """Measures what is not known yet. Other processors and versions of torch have figures of their own.

    Args:
        cache: the folder of what may be deleted at any time.
    """

    def __init__(self, cache: Path) -> None:
        self._file = cache / FILE
        self._machine = f"{processor()}, torch {torch.__version__}"

    def of(self, key: str, shape: tuple[int, ...], classes: int) -> float:
        """Milliseconds for one input of a network: the least of a few passes on the processor.

        Whatever else the machine does makes a pass longer, never shorter, and should not be remembered.

        Raises:
            StudioError: there is no such network, or it cannot read such input.
        """
        known = self._read()
        name = f"{self._machine}: {key} {'x'.join(map(str, shape))} {classes}"
        found = known.get(name)
        if isinstance(found, int | float) and found > 0:
            return float(found)
        measured = _measure(key, shape, classes)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, json.dumps({**known, name: measured}, indent=1).encode())
        except (NotWritten, OSError):
            pass  # it is measured again next time
        return measured

    def _read(self) -> dict[str, object]:
        try:
            known = json.loads(read_json_text(self._file, _MOST_BYTES))
        except (OSError, UnreadableFile, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def _measure(key: str, shape: tuple[int, ...], classes: int) -> float:
    network = undrawn_network(key, shape, classes).eval()
    taken: list[float] = []
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.fill_(0.01)  # what memory holds may be numbers that are slow to multiply
        x = torch.zeros(1, *shape)
        network(x)
        begun = perf_counter()
        while not taken or (len(taken) < _PASSES and perf_counter() - begun < _SECONDS):
            before = perf_counter()
            network(x)
            taken.append(perf_counter() - before)
    return 1000 * min(taken)
