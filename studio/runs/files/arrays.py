"""Named arrays in ``npz`` files. Reading executes nothing and refuses what unpacks to more than memory should bear."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from studio.core.files import write_whole

#: What numpy and the standard library raise on archives with flipped or missing bytes: besides the errors of zip and npy
#: files, unknown compressions, encrypted members, headers that are no dictionary or name no type.
_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    TypeError,
    SyntaxError,
    MemoryError,
    OverflowError,
)
#: The most bytes the arrays of one file may unpack to.
MAX_UNPACKED = 2_000_000_000


def write_arrays(file: Path, arrays: Mapping[str, np.ndarray]) -> int:
    """Write ``arrays`` whole or not at all; returns the size of the file in bytes.

    Raises:
        NotWritten: there is no space, or no right to write; no torn file is left.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, np.asarray(array, order="C"), allow_pickle=False)
    data = buffer.getvalue()
    write_whole(file, data)
    return len(data)


def read_arrays(file: Path) -> dict[str, np.ndarray]:
    """The arrays in ``file``; empty where it is missing, damaged, or larger unpacked than :data:`MAX_UNPACKED`."""
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                return {}
        with np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except _DAMAGE:
        return {}
