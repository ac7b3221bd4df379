"""Decoded arrays on disk: an entry is a folder of .npy files beside its facts, whole or not there at all.

What is read back is checked: arrays in memory by sha256, mapped ones by size and shape; a damaged entry is thrown away
and counts as absent. Nothing is unpickled.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.core.errors import DiskFull, NotWritten, os_reason
from studio.core.files import AtomicFolder, is_full, writing
from studio.data.storage import StorageChoice, choose_storage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import DTypeLike

#: Of the layout of an entry. Another number makes all older entries absent.
LAYOUT = 1
FACTS = "facts.json"


def fingerprint(**values: object) -> str:
    """16 hexadecimal digits that stand for JSON-able values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class CachedData:
    """What an entry holds. ``digest``: sha256 over the arrays' names and contents."""

    arrays: Mapping[str, np.ndarray]
    facts: Mapping[str, Any]
    digest: str
    placement: StorageChoice


class CacheEntry:
    """A place in the cache.

    Args:
        cache: the folder for everything that may be deleted at any time.
        name: for people: the source, and what of it. Entries of one name replace each other.
        recipe: everything that decides the decoded bytes; another recipe is another entry.
    """

    def __init__(self, cache: Path, name: str, recipe: str) -> None:
        self.name = name
        self.folder = cache / "decoded" / f"{name}-{recipe}"

    def exists(self) -> bool:
        """Whether something is kept here; whether it is whole is known after :meth:`read`."""
        return (self.folder / FACTS).is_file()

    def read(self) -> CachedData | None:
        """What is kept, in memory or mapped from disk by size, or None. A damaged entry is removed."""
        if not self.exists():
            return None
        try:
            return self._read()
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
            shutil.rmtree(self.folder, ignore_errors=True)
            return None

    def _read(self) -> CachedData:
        document = json.loads((self.folder / FACTS).read_text(encoding="utf-8"))
        if document.pop("check") != fingerprint(**document) or document["layout"] != LAYOUT:
            raise ValueError("damaged facts, or an older layout")
        placement = choose_storage(sum(int(about["bytes"]) for about in document["arrays"].values()))
        arrays = {}
        for name, about in document["arrays"].items():
            path = self.folder / f"{name}.npy"
            mapped = placement.kind == "disk" and len(about["shape"]) > 1
            # mapped copy-on-write: torch wants memory it may write to, the file stays as it is
            array = np.load(path, mmap_mode="c" if mapped else None, allow_pickle=False)
            if list(array.shape) != about["shape"] or array.dtype.str != about["dtype"]:
                raise ValueError("another array")
            if not mapped and _sha256(array) != about["sha256"]:
                raise ValueError("a damaged array")
            arrays[name] = array
        return CachedData(arrays, document["facts"], _digest(document["arrays"]), placement)

    def write(self, arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any]) -> str:
        """Keep ``arrays`` and JSON-able ``facts``; returns the digest.

        Raises:
            NotWritten: there is no room (:class:`DiskFull`), or the folder cannot be written to.
        """
        with CacheWriter(self) as writer:
            for name, array in arrays.items():
                writer.array(name, array.shape[1:], array.dtype).append(array)
            return writer.commit(facts)


class CacheWriter:
    """An entry in the making, for arrays that grow piece by piece. Left without :meth:`commit`, nothing remains."""

    def __init__(self, entry: CacheEntry) -> None:
        self.entry = entry
        self._folder = AtomicFolder(entry.folder, data_refused)
        self._arrays: dict[str, ArrayFile] = {}

    def __enter__(self) -> CacheWriter:
        self._folder.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for array in self._arrays.values():
            array.abandon()
        self._folder.__exit__(kind, error, trace)

    def array(self, name: str, row_shape: tuple[int, ...], dtype: DTypeLike) -> ArrayFile:
        """A new array of the entry, to which rows of ``row_shape`` are appended."""
        self._arrays[name] = ArrayFile(self._folder.path / f"{name}.npy", row_shape, np.dtype(dtype))
        return self._arrays[name]

    def commit(self, facts: Mapping[str, Any]) -> str:
        """Put the entry in its place, whole; returns the digest. Another process may have been first: then its stays."""
        about = {name: array.close() for name, array in self._arrays.items()}
        document = {"layout": LAYOUT, "arrays": about, "facts": facts}
        facts_file = self._folder.path / FACTS
        with writing(facts_file, refusal=data_refused):
            facts_file.write_text(json.dumps({**document, "check": fingerprint(**document)}), encoding="utf-8")
        if not self.entry.exists():  # what may lie there is no entry
            shutil.rmtree(self.entry.folder, ignore_errors=True)
        try:
            self._folder.commit()
        except NotWritten:
            if not self.entry.exists():
                raise
        for older in self.entry.folder.parent.glob(f"{self.entry.name}-????????????????"):
            if older != self.entry.folder:
                shutil.rmtree(older, ignore_errors=True)
        return _digest(about)


class ArrayFile:
    """An .npy file that grows by rows and has its final header written last."""

    def __init__(self, path: Path, row_shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self.path = path
        self._row_shape = row_shape
        self._dtype = dtype
        self._count = 0
        self._digest = hashlib.sha256()
        with writing(path, refusal=data_refused):
            self._file = path.open("wb")
            self._write_header()

    def append(self, rows: np.ndarray) -> None:
        """Add rows, (n, *row_shape) of the array's dtype."""
        if rows.shape[1:] != self._row_shape or rows.dtype != self._dtype:
            raise ValueError(f"rows of {rows.shape[1:]} {rows.dtype} do not fit {self._row_shape} {self._dtype}")
        data = _bytes(rows)
        with writing(self.path, refusal=data_refused):
            self._file.write(data)
        self._digest.update(data)
        self._count += len(rows)

    def close(self) -> dict[str, Any]:
        """Write the header for the rows there are; returns what to check it by."""
        with writing(self.path, refusal=data_refused):
            self._file.seek(0)
            self._write_header()
            self._file.close()
        return {
            "shape": [self._count, *self._row_shape],
            "dtype": self._dtype.str,
            "bytes": self._count * int(np.prod(self._row_shape, dtype=np.int64)) * self._dtype.itemsize,
            "sha256": self._digest.hexdigest(),
        }

    def abandon(self) -> None:
        """Close the file as it is; for when something went wrong."""
        with contextlib.suppress(OSError):  # a full disk refuses the last bytes once more
            self._file.close()

    def _write_header(self) -> None:
        # numpy leaves room for a growing first axis, so that the header keeps its length
        shape = (self._count, *self._row_shape)
        np.lib.format.write_array_header_1_0(
            self._file, {"descr": self._dtype.str, "fortran_order": False, "shape": shape}
        )


def data_refused(path: Path, _size: int, error: OSError) -> NotWritten:
    """The refusal of decoded or downloaded data; see :data:`studio.core.files.Refusal`."""
    if is_full(error):
        return DiskFull(
            "The disk is full: data cannot be kept in {path}.",
            "",
            "Make room and try again.",
            path=path,
            place=str(path),
            offers=("resume",),
        )
    return NotWritten(
        "Data cannot be kept in {path}.",
        "{reason}.",
        "Choose another workspace, or make this folder writable.",
        path=path,
        reason=os_reason(error),
        place=str(path),
    )


def digest_of(arrays: Mapping[str, np.ndarray]) -> str:
    """The digest an entry of these arrays has, without keeping them."""
    return _digest(
        {
            name: {"shape": list(array.shape), "dtype": array.dtype.str, "sha256": _sha256(array)}
            for name, array in arrays.items()
        }
    )


def _digest(about: Mapping[str, Mapping[str, Any]]) -> str:
    facts = [[name, a["shape"], a["dtype"], a["sha256"]] for name, a in sorted(about.items())]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _sha256(array: np.ndarray) -> str:
    return hashlib.sha256(_bytes(array)).hexdigest()


def _bytes(array: np.ndarray) -> memoryview | bytes:
    """The elements in C order; without a copy where they lie so."""
    return np.ascontiguousarray(array).data.cast("B") if array.size else b""
