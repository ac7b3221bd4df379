"""Reads IDX files, the format of MNIST and its kin, gzipped or not.

Format: two zero bytes, a type (8: unsigned byte), the number of axes, each axis as a big-endian 32-bit number, then the
bytes in C order (http://yann.lecun.com/exdb/mnist).
"""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import numpy as np

from studio.core.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

UNSIGNED_BYTE = 8
#: Far above any such dataset; a header that claims more is damaged.
LIMIT = 2_000_000_000


def read_idx(path: Path, axes: int) -> np.ndarray:
    """The uint8 array in an IDX file, gzipped where its name ends in ``.gz``.

    Args:
        axes: how many it must have: 3 for pictures (N, H, W), 1 for labels (N,).

    Raises:
        StudioError: the file is not such a file, or broken off.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            head = file.read(4 + 4 * axes)
            if len(head) < 4 + 4 * axes or head[:4] != bytes([0, 0, UNSIGNED_BYTE, axes]):
                raise _refusal(path, f"It does not begin like an IDX file with {axes} axes")
            shape = [int.from_bytes(head[i : i + 4], "big") for i in range(4, len(head), 4)]
            size = int(np.prod(shape, dtype=np.float64))
            if size > LIMIT:
                raise _refusal(path, "Its header claims more data than any such file holds")
            body = file.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise _refusal(path, str(error).rstrip(".")) from error
    if len(body) < size:
        raise _refusal(path, f"It breaks off after {len(body)} of {size} bytes")
    return np.frombuffer(body, np.uint8).reshape(shape)


def _refusal(path: Path, reason: str) -> StudioError:
    return StudioError(
        "The file {path} cannot be read.", "{reason}.", "Fetch it again.", path=path, reason=reason, place=str(path)
    )
