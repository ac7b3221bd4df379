"""What is wrong with a TOML file, in words that say what to do: its encoding, a Windows path, a decimal comma."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from typing import Any

from studio.core.message import NOTHING, Text, text

_SAVE = Text("Save it as UTF-8, then try again.")
_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_LINE = re.compile(r"\(at line (\d+),")
_QUOTED_BACKSLASH = re.compile(r'"[^"]*\\')
_DECIMAL_COMMA = re.compile(r"=\s*[-+]?(\d+),(\d+)\s*(#.*)?$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class NotUtf8(ValueError):
    """Bytes that are no text in UTF-8. ``why`` says what they are instead, ``remedy`` what to do."""

    def __init__(self, why: Text, remedy: Text) -> None:
        super().__init__(f"{why} {remedy}")
        self.why = why
        self.remedy = remedy


def decoded(data: bytes) -> str:
    """The text of a TOML file, which is always in UTF-8; a mark of the encoding at its beginning is left out.

    Raises:
        NotUtf8: it is in another encoding, or no text at all.
    """
    wide = next((name for mark, name in _WIDE.items() if data.startswith(mark)), "")
    if not wide and b"\0" in data[:200] and set(data[1:200:2]) <= {0}:
        wide = "UTF-16"  # without a mark: every other byte of plain letters is zero
    if wide:
        raise NotUtf8(text("It is saved as {encoding}, and must be UTF-8.", encoding=wide), _SAVE)
    try:
        found = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise NotUtf8(Text("It is not a text file."), Text("Choose a file that ends in .toml.")) from error
        line = data.count(b"\n", 0, error.start) + 1
        raise NotUtf8(text("It is not saved as UTF-8: line {line} has other signs.", line=line), _SAVE) from error
    return found


def remedy_for(toml: str, error: Exception) -> Text:
    """What to do about a text that is no TOML; nothing where the parser's own words must do.

    Args:
        error: what the parser of the standard library says of it.
    """
    found = _LINE.search(str(error))
    lines = toml.splitlines()
    line = lines[int(found[1]) - 1] if found and int(found[1]) <= len(lines) else ""
    if _QUOTED_BACKSLASH.search(line):
        return Text("In double quotes a backslash must be doubled. Put a path in single quotes: 'C:\\folder'.")
    comma = _DECIMAL_COMMA.search(line)
    if comma is not None:
        return text("Write a decimal with a point: {number}.", number=f"{comma[1]}.{comma[2]}")
    return NOTHING


def broken_path(values: Mapping[str, Any], tables: Iterable[str]) -> str:
    """The place of a text with control signs in one of ``tables``, as ``"D:\\temp"`` has a tab; "" where there is none."""
    for table in tables:
        given = values.get(table)
        for name, value in given.items() if isinstance(given, Mapping) else ():
            if isinstance(value, str) and _CONTROL.search(value):
                return f"{table}.{name}"
    return ""
