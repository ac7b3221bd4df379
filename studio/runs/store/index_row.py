"""A run as a row of the index and back: fast, since ten thousand of them are read before the first is seen."""

from __future__ import annotations

import dataclasses
import json
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, get_args, get_origin, get_type_hints

from studio.core.message import NOTHING, Text
from studio.runs.files.event_codec import decode_text, decode_value, encode
from studio.runs.files.folder import RunFolder
from studio.runs.files.history import Reference
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap

#: Counted up when what a field says changes though its name does not.
_MEANING = 2

#: What reading something else raises.
NO_ROW = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)

Read = Callable[[Any], Any]


def _text(value: Any) -> Text:
    return (Text(value) if value else NOTHING) if type(value) is str else decode_text(value)


def _reference(value: Any) -> Reference:
    first, low, high = value
    return Reference(float(first), None if low is None else float(low), None if high is None else float(high))


def _gap(value: Any) -> Gap:
    first, low, high = value
    return Gap(float(first), float(low), float(high))


def _plain(value: Any) -> Any:
    """A value as it stands in a row."""
    if isinstance(value, (Reference, Gap)):
        return [encode(part) for part in (value.value, value.low, value.high)]
    return encode(value)


def _times(value: Any) -> dict[str, float | None]:
    return {name: None if part is None else float(part) for name, part in value.items()}


def _of_type(kind: type) -> Read:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(value)
        return value

    return read


def _one_of(allowed: tuple[Any, ...]) -> Read:
    known = {value: value for value in allowed}
    return known.__getitem__


def _table_of(kind: type) -> Read:
    def read(value: Any) -> Any:
        for part in value.values():
            if type(part) is not kind:
                raise TypeError(value)
        return value

    return read


def _words(value: Any) -> tuple[str, ...]:
    if type(value) is not list or not all(type(part) is str for part in value):
        raise TypeError(value)
    return tuple(value)


#: None stands for a text, the commonest.
_READERS: dict[Any, Read | None] = {
    str: None,
    int: _of_type(int),
    bool: _of_type(bool),
    float: _of_type(float),
    Text: _text,
    datetime: datetime.fromisoformat,
    tuple[str, ...]: _words,
    Mapping[str, int]: _table_of(int),
    Mapping[str, str]: _table_of(str),
    Mapping[str, float | None]: _times,
    float | None: float,
    Reference | None: _reference,
    Gap | None: _gap,
}


def _reader(hint: Any) -> Read | None:
    """Reads a value of that type and no other."""
    if get_origin(hint) is Literal:
        return _one_of(get_args(hint))
    return _READERS[hint] if hint in _READERS else lambda value: decode_value(hint, value)


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


_HINTS = get_type_hints(RunInfo)
#: Nobody writes into the tables of a run, so all may have the same empty ones.
_DEFAULTS: dict[str, Any] = {
    field.name: _default(field) for field in dataclasses.fields(RunInfo) if field.name not in ("id", "folder")
}
#: Every field that does not follow from the folder: its name, its default as it is written, how it is read.
_FIELDS: tuple[tuple[str, Any, Read | None], ...] = tuple(
    (name, encode(default), _reader(_HINTS[name])) for name, default in _DEFAULTS.items()
)
#: Another number whenever the fields are others.
SHAPE = zlib.crc32(repr([_MEANING, [(name, default) for name, default, _ in _FIELDS]]).encode()) & 0x7FFFFFFF


def to_row(info: RunInfo) -> bytes:
    """The values of a run in the order of its fields, null where they are the default."""
    values = []
    for name, default, _ in _FIELDS:
        value = _plain(getattr(info, name))
        values.append(None if value == default else value)
    return json.dumps(values, allow_nan=False, separators=(",", ":")).encode()


def parsed(rows: Sequence[bytes]) -> list[Any]:
    """The values of rows, None where one is no JSON; all in one go where that is possible, which takes half the time."""
    try:
        found: list[Any] = json.loads(b"[" + b",".join(rows) + b"]")
    except (TypeError, ValueError, RecursionError):
        found = []
    return found if len(found) == len(rows) else [_parsed(row) for row in rows]


def _parsed(row: bytes) -> Any:
    try:
        return json.loads(row)
    except (TypeError, ValueError, RecursionError):
        return None


def from_row(folder: RunFolder, values: Any) -> RunInfo:
    """The run in ``folder`` from the values of its row.

    Raises:
        NO_ROW: it is no row of ours.
    """
    if type(values) is not list or len(values) != len(_FIELDS):
        raise ValueError("another number of fields")
    given = _DEFAULTS | {"id": folder.id, "folder": folder.path}
    for (name, _, read), value in zip(_FIELDS, values, strict=True):
        if value is None:
            continue
        if read is not None:
            given[name] = read(value)
        elif type(value) is str:
            given[name] = sys.intern(value)  # titles and keys are the same in most rows
        else:
            raise TypeError(value)
    info = object.__new__(RunInfo)
    vars(info).update(given)  # what the constructor of a frozen class does field by field, in a fifth of the time
    return info
