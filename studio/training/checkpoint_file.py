"""One checkpoint in a file, and its sum beside it. Reading executes nothing, and unpacks nothing before it was looked through.

A file may come from a stranger who has given it the right sum: see :mod:`studio.core.limits`.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import pickle  # for the error weights_only raises; nothing is unpickled
import pickletools
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import torch

from studio.core import archives, limits
from studio.core.archives import BadArchive
from studio.core.bounded_read import UnreadableFile, open_regular, read_bounded
from studio.core.files import write_together
from studio.training.checkpoint_content import FORMAT, DamagedCheckpoint, P, content_of

#: All that the outline of a checkpoint may call for: tables, tensors, and the kinds of numbers networks are made of.
_NAMES = {"collections OrderedDict", "torch._utils _rebuild_tensor_v2"} | {
    f"torch {kind}Storage"
    for kind in ("Float", "Double", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool")
}
_OUTLINE = re.compile(r"[^/]+/data\.pkl")
_SUM = re.compile(r"[0-9a-f]{64}")


def sum_file(file: Path) -> Path:
    """Where the sha256 of a checkpoint stands."""
    return file.with_name(file.name + ".sha256")


def pack(payload: Mapping[str, Any]) -> bytes:
    """What is written of a checkpoint."""
    buffer = io.BytesIO()
    torch.save({"format": FORMAT, **payload}, buffer)
    return buffer.getvalue()


def write(file: Path, data: bytes) -> None:
    """Write a checkpoint with its sum, both whole or not at all.

    Raises:
        NotWritten: writing is refused; older files are intact.
    """
    # the sum takes its place first: a kill between the two must not leave the only checkpoint without one
    write_together({sum_file(file): hashlib.sha256(data).hexdigest().encode(), file: data})


def read(file: Path, kind: type[P]) -> P:
    """What ``file`` holds, on the CPU.

    Raises:
        DamagedCheckpoint: it cannot be read, does not match its sum, or holds something else.
    """
    try:
        expected = read_bounded(sum_file(file), 100).decode("ascii", "replace").strip()
        with open_regular(file) as stream:
            return _read(stream, expected, kind)
    except (UnreadableFile, BadArchive) as error:
        raise DamagedCheckpoint(error.why) from error
    except OSError as error:
        raise DamagedCheckpoint("It cannot be read: {reason}.", reason=error.strerror or str(error)) from error


def _read(stream: BinaryIO, expected: str, kind: type[P]) -> P:
    size = archives.size_of(stream)
    if size > limits.CHECKPOINT_BYTES:
        raise DamagedCheckpoint("It is larger than any checkpoint of the studio.")
    if not _SUM.fullmatch(expected) or _sum(stream) != expected:
        raise DamagedCheckpoint("It does not match the sum stored beside it.")
    members = archives.directory(stream)
    archives.check_stored(members, size)
    _check_outline(stream, members)
    stream.seek(0)
    try:
        payload = torch.load(stream, map_location="cpu", weights_only=True)
    except (
        pickle.UnpicklingError,
        RuntimeError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
    ) as error:
        raise DamagedCheckpoint("It cannot be unpacked.") from error
    return content_of(payload, kind)


def _sum(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while block := stream.read(2**20):
        digest.update(block)
    return digest.hexdigest()


def _check_outline(stream: BinaryIO, members: list[zipfile.ZipInfo]) -> None:
    """Pass an archive whose instructions are few and build nothing but tables, numbers and tensors."""
    outlines = [member for member in members if _OUTLINE.fullmatch(member.filename)]
    if len(outlines) != 1 or outlines[0].file_size > limits.CHECKPOINT_OUTLINE:
        raise DamagedCheckpoint("It cannot be unpacked.")
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            outline = archive.read(outlines[0])
        instructions = pickletools.genops(outline)
        for instruction, argument, _ in itertools.islice(instructions, limits.CHECKPOINT_INSTRUCTIONS):
            if instruction.name == "STOP":
                return
            if instruction.name in ("STACK_GLOBAL", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "EXT1", "EXT2", "EXT4"):
                break
            if instruction.name == "GLOBAL" and argument not in _NAMES:
                break
    except (ValueError, zipfile.BadZipFile, EOFError, IndexError) as error:
        raise DamagedCheckpoint("It cannot be unpacked.") from error
    raise DamagedCheckpoint("It holds something else than numbers, or too much of it.")
