"""Whether decoded pictures are held in memory or read from disk while a run trains, and the words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import psutil

from studio.core.format import byte_size, percent
from studio.core.message import Text

#: Of the memory that is free now. The rest is for networks, activations and whatever else the machine does.
MEMORY_SHARE = 0.5


@dataclass(frozen=True)
class StorageChoice:
    """Where decoded data are kept, and why."""

    kind: Literal["memory", "disk"]
    words: Text


def choose_storage(size: int) -> StorageChoice:
    """Where ``size`` bytes of decoded data go."""
    free = available_memory()
    values = {"size": byte_size(size), "free": byte_size(free), "share": percent(MEMORY_SHARE, 0)}
    if size <= MEMORY_SHARE * free:
        return StorageChoice("memory", Text("The decoded data take {size} and are held in memory.", values))
    return StorageChoice(
        "disk",
        Text(
            "The decoded data take {size}, more than {share} of the free memory ({free}): "
            "they are read from disk while it trains.",
            values,
        ),
    )


def available_memory() -> int:
    """Bytes that can be had without swapping."""
    return int(psutil.virtual_memory().available)
