"""The header of a safetensors file, read before the file is opened as one: that takes minutes where a header is made for it.

A file is the length of its header (8 bytes, little-endian), the header as JSON padded with spaces, and the tensors,
whose places count from the end of the header.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from studio.core import limits
from studio.core.bounded_read import open_regular

_LENGTH = 8
METADATA = "__metadata__"


class BadHeader(ValueError):
    """A file without a header such as ours have."""


@dataclass(frozen=True)
class FileHeader:
    """What a file says of itself.

    Attributes:
        metadata: words by name.
        tensors: the names of its tensors.
    """

    metadata: Mapping[str, str]
    tensors: Set[str]


def read_header(file: Path) -> FileHeader:
    """The header of ``file``; of the file itself nothing is read.

    Raises:
        UnreadableFile: it is missing, is no regular file, or may not be read.
        BadHeader: it has no header, or a longer one than any network of ours.
        OSError: it cannot be read to the end of its header.
    """
    with open_regular(file) as stream:
        length = int.from_bytes(stream.read(_LENGTH), "little")
        if length > limits.NETWORK_HEADER:
            raise BadHeader
        data = stream.read(length)
    if len(data) < length:
        raise BadHeader
    try:
        header = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadHeader from error
    if not isinstance(header, dict):
        raise BadHeader
    metadata = header.pop(METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(words, str) for words in metadata.values()):
        raise BadHeader
    return FileHeader(metadata, header.keys())


def with_sorted_metadata(data: bytes) -> bytes:
    """The same file with its metadata in order: safetensors writes them in a random one, and equal models shall be equal files."""
    length = int.from_bytes(data[:_LENGTH], "little")
    header = json.loads(data[_LENGTH : _LENGTH + length])
    header[METADATA] = dict(sorted(header[METADATA].items()))
    ordered = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    ordered += b" " * (-len(ordered) % _LENGTH)
    return len(ordered).to_bytes(_LENGTH, "little") + ordered + data[_LENGTH + length :]
