"""A file on its way from a publisher: what has arrived is kept, so that the rest alone is asked for the next time."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from studio.core.files import Refusal, move, writing


class PartialFile:
    """What has arrived of a published file, beside its place. It takes its place with :meth:`commit`.

    Left without that it stays where the rest can be asked for: where the publisher says that it serves parts, and which
    version of the file this is. Otherwise nothing remains.

    Args:
        target: its place, in a folder that is there.
        refusal: says what could not be written.

    Attributes:
        size: bytes that have arrived.
    """

    def __init__(self, target: Path, refusal: Refusal) -> None:
        self.target = target
        self.size = 0
        self._refusal = refusal
        self._part = target.with_name(target.name + ".part")
        self._about = target.with_name(target.name + ".part.json")
        self._version: tuple[str, str] = ("", "")
        self._stream: BinaryIO | None = None

    def __enter__(self) -> PartialFile:
        with contextlib.suppress(OSError, ValueError):
            address, version = json.loads(self._about.read_text(encoding="utf-8"))
            if isinstance(address, str) and isinstance(version, str) and self._part.is_file():
                self._version, self.size = (address, version), self._part.stat().st_size
        if not self.size:
            self.discard()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if not self.size or not all(self._version):
            self.discard()

    def rest_of(self, address: str) -> dict[str, str]:
        """The headers that ask for what is missing; none where all of it has to be asked for."""
        if not self.size or self._version[0] != address:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._version[1]}

    def begin(self, address: str, headers: Mapping[str, str], *, anew: bool) -> None:
        """An answer begins: of the whole file, or (not ``anew``) of what is missing.

        Args:
            headers: of the answer.
        """
        self._close()
        if anew:
            self.discard()
        version = str(headers.get("ETag") or headers.get("Last-Modified") or "")
        served = anew and headers.get("Accept-Ranges") == "bytes" and not version.startswith("W/")
        if served and version:
            self._version = (address, version)
        with self._writing():
            if served and version:
                self._about.write_text(json.dumps(self._version), encoding="utf-8")
            self._stream = self._part.open("ab")

    def write(self, data: bytes) -> None:
        """Add ``data`` at the end."""
        assert self._stream is not None
        with self._writing():
            self._stream.write(data)
        self.size += len(data)

    def finish(self) -> Path:
        """Bring all of it to the disk, and say where it is until the commit."""
        if self._stream is not None:
            with self._writing():
                self._stream.flush()
                os.fsync(self._stream.fileno())
        self._close()
        return self._part

    def commit(self) -> None:
        """Take the place: an older file of this name is gone, this one is on the disk."""
        self.finish()
        with self._writing():
            move(self._part, self.target)
        self.discard()

    def discard(self) -> None:
        """Forget what has arrived."""
        self._close()
        self.size, self._version = 0, ("", "")
        for file in (self._part, self._about):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):  # a full disk refuses the last bytes once more
                self._stream.close()
        self._stream = None

    def _writing(self) -> contextlib.AbstractContextManager[None]:
        return writing(self.target, 0, self._refusal)
