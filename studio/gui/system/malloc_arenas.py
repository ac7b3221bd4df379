"""How many heaps the allocator of the C library keeps.

glibc gives threads heaps of their own, up to eight for each core, and memory that one thread asked for and another gave back
lies idle in them: with what a window reads and draws in the background that came to 60 MB within 4,000 random events.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from typing import Final

#: One for the window and one for all threads beside it, so that neither waits for the other.
ARENAS: Final = 2
_M_ARENA_MAX: Final = -8  # malloc.h of glibc


def limit_arenas() -> None:
    """Keep to :data:`ARENAS` heaps from now on; where the allocator is another one, nothing happens."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # musl has no such choice
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)
