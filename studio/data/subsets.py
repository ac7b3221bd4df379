"""Some rows of a dataset, in memory where they fit and in a file of their own where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from studio.core.errors import StudioError
from studio.core.message import Text
from studio.data.base import Examples, ProgressListener
from studio.data.cache import CacheEntry, CacheWriter, fingerprint
from studio.data.decoded import to_array, to_tensor
from studio.data.storage import choose_storage

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

#: Bytes copied at once.
CHUNK = 64_000_000


def subset(
    examples: Examples, rows: Tensor, cache: Path, content: str, progress: ProgressListener, name: str
) -> Examples:
    """The examples at ``rows`` (int64, ascending).

    Args:
        examples: in memory or on disk.
        content: sha256 of what ``examples`` belong to.
        name: of the part, for the cache: ``train``, ``validation``, ``test``.
    """
    if len(rows) == len(examples):
        return examples
    row = to_array(examples.inputs[:1])
    if not examples.on_disk or choose_storage(row.nbytes * len(rows)).kind == "memory":
        return examples.take(rows)
    recipe = fingerprint(content=content, rows=rows.tolist())
    entry = CacheEntry(cache, f"{name}-of-{content[:8]}", recipe)
    labels = examples.labels[rows]
    if (kept := entry.read()) is None:
        _copy(entry, to_array(examples.inputs), rows.numpy(), progress)
        kept = entry.read()
    if kept is None:
        raise StudioError("The part of the data to work on cannot be read back from {path}.", path=entry.folder)
    return Examples(to_tensor(kept.arrays["inputs"]), labels, on_disk=kept.placement.kind == "disk")


def _copy(entry: CacheEntry, inputs: np.ndarray, rows: np.ndarray, progress: ProgressListener) -> None:
    step = max(1, CHUNK // max(1, inputs[0].nbytes))
    with CacheWriter(entry) as writer:
        file = writer.array("inputs", inputs.shape[1:], inputs.dtype)
        for start in range(0, len(rows), step):
            progress(Text("Copying the part of the data to work on"), start / len(rows))
            file.append(inputs[rows[start : start + step]])
        writer.commit({})
