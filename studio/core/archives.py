"""Zip archives of strangers: their directory is checked before anything is unpacked, or even listed."""

from __future__ import annotations

import os
import struct
import zipfile
from typing import BinaryIO

from studio.core import limits
from studio.core.format import byte_size, thousands
from studio.core.message import text

_END = struct.Struct("<4s4H2LH")  # the end of the directory: its size and place among others
_LOCATOR = struct.Struct("<4sLQL")  # before it, where the same is said in numbers large enough for more than 4 GB
_END_64 = struct.Struct("<4sQ2H2L4Q")


class BadArchive(ValueError):
    """An archive that is not read.

    Attributes:
        why: one sentence about "it".
    """

    def __init__(self, why: str, **values: object) -> None:
        self.why = text(why, **values)
        super().__init__(str(self.why))


def directory(stream: BinaryIO) -> list[zipfile.ZipInfo]:
    """What an archive says that it holds. Nothing is unpacked.

    Args:
        stream: of a file, at any place; afterwards it is at another one.

    Raises:
        BadArchive: it is no archive that ends with its directory, or the directory is longer than ours are.
    """
    members, size = _directory_size(stream)
    if members > limits.ARCHIVE_MEMBERS:
        raise BadArchive("It has more than {most} members.", most=thousands(limits.ARCHIVE_MEMBERS))
    if size > limits.ARCHIVE_DIRECTORY:
        raise BadArchive("Its directory has more than {most}.", most=byte_size(limits.ARCHIVE_DIRECTORY))
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, IndexError) as error:
        raise BadArchive("It is no complete archive.") from error
    if len(found) != members or len({member.filename for member in found}) != members:
        raise BadArchive("It has another directory than it says.")
    return found


def check_stored(members: list[zipfile.ZipInfo], size: int) -> None:
    """Pass an archive whose members lie in it as they are, so that it cannot unpack to more than its own size.

    Args:
        size: of the archive in bytes.

    Raises:
        BadArchive: a member is compressed, encrypted, or claims more than there is.
    """
    for member in members:
        if (
            member.compress_type != zipfile.ZIP_STORED
            or member.compress_size != member.file_size
            or member.flag_bits & 1
        ):
            raise BadArchive("It is compressed, and ours are not.")
    if sum(member.file_size for member in members) > size:
        raise BadArchive("It claims to hold more than it has.")


def check_unpacked(members: list[zipfile.ZipInfo], size: int) -> None:
    """Pass an archive that unpacks to a size we would write ourselves.

    Args:
        size: of the archive in bytes.

    Raises:
        BadArchive: it would unpack to more.
    """
    unpacked = sum(member.file_size for member in members)
    if unpacked > min(limits.MOST_UNPACKED, max(limits.SMALL_UNPACKED, limits.UNPACKED_RATIO * size)):
        raise BadArchive("It would unpack to {size}.", size=byte_size(unpacked))


def _directory_size(stream: BinaryIO) -> tuple[int, int]:
    """Members and bytes of the directory, as the end of the archive says; every reader must find the same end."""
    length = stream.seek(0, os.SEEK_END)
    if length < _END.size:
        raise BadArchive("It is no archive.")
    mark, *_, members, size, place, comment = _END.unpack(_at(stream, length - _END.size, _END.size))
    if mark != b"PK\5\6" or comment:
        raise BadArchive("It is no archive.")
    end = length - _END.size
    locator = end - _LOCATOR.size
    if locator >= _END_64.size:
        mark, _, there, _ = _LOCATOR.unpack(_at(stream, locator, _LOCATOR.size))
        if mark == b"PK\6\7":  # torch writes one into small archives as well
            if there != locator - _END_64.size:
                raise BadArchive("It is no complete archive.")
            mark, *_, members, size, place = _END_64.unpack(_at(stream, there, _END_64.size))
            if mark != b"PK\6\6":
                raise BadArchive("It is no complete archive.")
            end = there
    if place + size != end:
        raise BadArchive("It does not end with its directory.")
    return members, size


def _at(stream: BinaryIO, place: int, size: int) -> bytes:
    stream.seek(place)
    data = stream.read(size)
    if len(data) != size:
        raise BadArchive("It is no complete archive.")
    return data


def size_of(stream: BinaryIO) -> int:
    """Bytes of the whole file; its place is kept."""
    here = stream.tell()
    size = stream.seek(0, os.SEEK_END)
    stream.seek(here)
    return size
