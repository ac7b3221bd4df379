"""Named arrays in ``npz`` files. Reading executes nothing and refuses what unpacks to more than memory should bear."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np

from studio.core import archives
from studio.core.bounded_read import open_regular
from studio.core.files import write_whole

Arrays = Mapping[str, np.ndarray]
"""Arrays by name, of numbers, truth values or fixed-length words: nothing that would have to be pickled."""

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


#: Bytes that are copied at once while the interpreter's lock is held: a fifth of a millisecond's worth.
PIECE = 1 << 20


def write_arrays(file: Path, arrays: Arrays) -> int:
    """Write ``arrays`` whole or not at all, equal ones as equal bytes; returns the size of the file in bytes.

    Raises:
        NotWritten: there is no space, or no right to write; no torn file is left.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                _write_array(member, np.asarray(array, order="C"))
    data = buffer.getvalue()
    write_whole(file, data)
    return len(data)


def _write_array(member: IO[bytes], array: np.ndarray) -> None:
    """What :func:`numpy.lib.format.write_array` writes, in pieces: it copies 16 MB at once, for which a window would wait.

    Raises:
        ValueError: its values would have to be pickled.
    """
    if array.dtype.hasobject:
        raise ValueError("an array of Python's objects cannot be written")
    np.lib.format.write_array_header_1_0(member, np.lib.format.header_data_from_array_1_0(array))
    if array.nbytes:
        values = array.reshape(-1).view(np.uint8)
        for start in range(0, len(values), PIECE):
            member.write(values[start : start + PIECE].data)


def read_arrays(file: Path) -> dict[str, np.ndarray]:
    """The arrays in ``file``; empty where it is missing, damaged, or would unpack to more than ours do.

    That is asked of its directory before anything is unpacked, and of the description of each array before it is.
    """
    try:
        with open_regular(file) as stream:
            members = archives.directory(stream)
            archives.check_unpacked(members, archives.size_of(stream))
            stream.seek(0)
            with zipfile.ZipFile(stream) as archive:
                return {member.filename.removesuffix(".npy"): _array(archive, member) for member in members}
    except _DAMAGE:
        return {}


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    """One array, described and read in one go: views read snapshots by the dozen.

    Raises:
        ValueError: it claims more than its member holds, or is none of numbers, truth values or words.
    """
    with archive.open(member) as packed:
        version = np.lib.format.read_magic(packed)
        length = packed.read(2 if version == (1, 0) else 4)
        described = packed.read(int.from_bytes(length, "little"))
        shape, is_fortran, kind = _described(version, length + described)
        if kind.hasobject or math.prod(shape) * kind.itemsize > member.file_size:
            raise ValueError("it claims more than it has, or would have to be unpickled")
        # room that can be written to, as that of any array
        return np.ndarray(shape, kind, bytearray(packed.read()), order="F" if is_fortran else "C")


@lru_cache(maxsize=256)
def _described(version: tuple[int, int], header: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, order and type from a header behind its version; most arrays of one run have the same."""
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, is_fortran, kind = read(io.BytesIO(header))
    return shape, is_fortran, kind
