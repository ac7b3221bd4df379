"""Files a stranger may have made: only regular ones are read, no more of them than expected, nested no deeper than ours.

A named pipe would be waited for without end, a link to a device read until the memory is full, and a file nested a
thousand levels deep ends whoever walks through it.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any, BinaryIO

from studio.core.errors import os_reason
from studio.core.format import byte_size
from studio.core.message import Text, text
from studio.core.toml_words import NotUtf8, decoded

#: Levels of tables and lists within each other; what the studio writes has fewer than ten.
MAX_DEPTH = 64

_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
#: Strings and comments; one that is not closed goes on to the end, so that no text is gone through twice.
_TOML_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\\?\Z)|\'\'\'.*?(?:\'\'\'|\Z)|"(?:\\.|[^"\\\n])*"?|\'[^\'\n]*\'?|#[^\n]*', re.DOTALL
)
_TOML_SIGN = re.compile(r"[.\[\]{}\n=,]")
_JSON_SIGN = re.compile(rb'"(?:\\.|[^"\\])*"?|[\[\]{}]', re.DOTALL)


class UnreadableFile(ValueError):
    """A file that cannot be used.

    Args:
        why: one sentence.
        missing: whether it is simply not there.
    """

    def __init__(self, why: Text, *, missing: bool = False) -> None:
        self.why, self.missing = why, missing
        super().__init__(str(why))


def printable_name(path: Path) -> str:
    """The last part of a path; bytes that are no UTF-8 become "\N{REPLACEMENT CHARACTER}"."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def open_regular(file: Path) -> BinaryIO:
    """Open a regular file for reading, or a link to one; anything else is not even waited for.

    Raises:
        UnreadableFile: it is missing, is something else, or may not be read.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # asked first: opening alone does something to some devices
            raise UnreadableFile(text("{file} is not a regular file.", file=printable_name(file)))
        handle = os.open(file, _FLAGS)
    except FileNotFoundError as error:
        raise UnreadableFile(text("{file} is missing.", file=printable_name(file)), missing=True) from error
    except (OSError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        reason = os_reason(error) if isinstance(error, OSError) else str(error)
        raise UnreadableFile(
            text("{file} cannot be read: {reason}.", file=printable_name(file), reason=reason)
        ) from error
    stream = os.fdopen(handle, "rb")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        stream.close()
        raise UnreadableFile(text("{file} is not a regular file.", file=printable_name(file)))
    return stream


def read_bounded(file: Path, most: int) -> bytes:
    """All of a regular file.

    Args:
        most: bytes it may have.

    Raises:
        UnreadableFile: as :func:`open_regular`, or it has more.
    """
    with open_regular(file) as stream:
        try:
            data = stream.read(most + 1)
        except OSError as error:
            raise UnreadableFile(
                text("{file} cannot be read: {reason}.", file=printable_name(file), reason=os_reason(error))
            ) from error
    if len(data) > most:
        raise UnreadableFile(
            text("{file} is too large: more than {most}.", file=printable_name(file), most=byte_size(most))
        )
    return data


def read_toml(file: Path, most: int) -> dict[str, Any]:
    """The tables of a TOML file of at most ``most`` bytes.

    Raises:
        UnreadableFile: as :func:`read_bounded`, or it is no text, no TOML, or nested too deeply.
    """
    try:
        return parse_toml(decoded(read_bounded(file, most)))
    except NotUtf8 as error:
        raise UnreadableFile(
            text("{file} is not usable. {reason}", file=printable_name(file), reason=error.why)
        ) from error
    except UnreadableFile:
        raise
    except ValueError as error:
        raise UnreadableFile(
            text("{file} is not valid TOML: {reason}.", file=printable_name(file), reason=str(error))
        ) from error


def parse_toml(source: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        ValueError: it is no TOML, or nested too deeply. Its words are a clause: "Invalid value (at line 3, column 5)".
    """
    if toml_depth(source) > MAX_DEPTH:
        raise ValueError("it is nested too deeply")
    try:
        return tomllib.loads(source)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def read_json_text(file: Path, most: int) -> bytes:
    """A JSON file of at most ``most`` bytes, not parsed yet, and not nested too deeply for that.

    Raises:
        UnreadableFile: as :func:`read_bounded`, or it is nested too deeply.
    """
    data = read_bounded(file, most)
    if json_depth(data) > MAX_DEPTH:
        raise UnreadableFile(text("{file} is damaged: it is nested too deeply.", file=printable_name(file)))
    return data


def parse_json(source: str | bytes) -> Any:
    """What a JSON text says.

    Raises:
        ValueError: it is no JSON, or nested too deeply.
    """
    if json_depth(source.encode("utf-8", "replace") if isinstance(source, str) else source) > MAX_DEPTH:
        raise ValueError("nested too deeply")
    return json.loads(source)


def toml_depth(source: str) -> int:
    """How many levels of tables and lists one statement of a TOML text opens, or more.

    Found without parsing it, which takes minutes for a key of thousands of parts.
    """
    if source.count(".") + source.count("[") + source.count("{") <= MAX_DEPTH:
        return source.count(".") + source.count("[") + source.count("{")
    deepest = brackets = dots = 0
    for sign in _TOML_SIGN.findall(_TOML_TEXT.sub("x", source)):
        if sign == ".":
            dots += 1
        elif sign in "[{":
            brackets += 1
        elif sign in "]}":
            brackets -= 1
        deepest = max(deepest, brackets + dots)
        if sign in "\n=,":
            dots = 0
    return deepest


def json_depth(data: bytes) -> int:
    """How many levels of objects and lists a JSON text has, or more; found without parsing it."""
    if data.count(b"[") + data.count(b"{") <= MAX_DEPTH:
        return data.count(b"[") + data.count(b"{")
    deepest = depth = 0
    for sign in _JSON_SIGN.findall(data):
        if sign in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in b"]}":
            depth -= 1
    return deepest
