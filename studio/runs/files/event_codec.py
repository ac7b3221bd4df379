"""Events to JSON lines and back.

A line is one strict JSON object: ``{"seq", "time", "kind", "stage", "epoch", "step", ...}``. Numbers JSON has no word for
are written as ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``. A sentence is a string, or, where it has values,
``{"text": template, "values": {...}}``. Readers pass over kinds and fields they do not know: a newer version wrote them.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from studio import events
from studio.core.bounded_read import parse_json
from studio.core.message import Text
from studio.events import Event
from studio.runs.files.event_check import checked

D = TypeVar("D")
_KINDS: dict[str, type[Event]] = {
    cls.kind: cls for cls in vars(events).values() if isinstance(cls, type) and issubclass(cls, Event) and cls.kind
}
#: Fields that do not stand in a line: the folder says which run it is, and arrays have files of their own.
_LEFT_OUT = ("run", "arrays")
_NO_NUMBER = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
#: Longer lines are not ours.
MAX_LINE = 4_000_000
#: Letters of a sentence, and sentences within each other.
MAX_SENTENCE, MAX_NESTED = 20_000, 8
#: How a value is written, where that is made of another value, or with a width that would fill the memory.
_NOT_OURS = re.compile(r"[{}]|\d{3}")


@dataclass(frozen=True)
class EventLine:
    """An event as recorded: its place in the run and when it was written, in seconds since 1970."""

    seq: int
    time: float
    event: Event


def to_line(event: Event, seq: int, time: float) -> str:
    """The JSON line of ``event``, without the line break."""
    head = {"seq": seq, "time": round(time, 3), "kind": event.kind}
    return json.dumps(head | as_values(event), allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def from_line(line: bytes | str) -> EventLine | None:
    """What stands in ``line``; None where it is torn, damaged, of a kind this version does not know, or cannot have been."""
    if len(line) > MAX_LINE:
        return None
    try:
        values = parse_json(line)
        cls = _KINDS[values["kind"]]
        return EventLine(int(values["seq"]), float(values["time"]), checked(decode(cls, values)))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def as_values(event: Event) -> dict[str, Any]:
    """The fields of ``event`` as plain JSON values, stage, epoch and step first."""
    first = {name: getattr(event, name) for name in ("stage", "epoch", "step")}
    return {name: encode(value) for name, value in (first | _fields(event)).items() if name not in _LEFT_OUT}


def encode(value: Any) -> Any:
    """``value`` in strict JSON: texts, dataclasses, mappings, tuples, numpy numbers; anything else as its words."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else _name(value)
    if isinstance(value, Text):
        return encode_text(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: encode(inner) for name, inner in _fields(value).items()}
    if isinstance(value, Mapping):
        return {str(key): encode(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(inner) for inner in value]
    if isinstance(value, np.generic):
        return encode(value.item())
    return str(value)


def decode(cls: type[D], values: Mapping[str, Any]) -> D:
    """The dataclass ``cls`` from what :func:`encode` made of it; fields it does not know are passed over.

    Fields that an earlier version called otherwise stand in its ``former_names``, old name to new.

    Raises:
        TypeError, ValueError, KeyError: a field is missing or of another type.
    """
    hints: dict[str, Any] = _hints(cls)  # type: ignore[arg-type]  # every type is hashable
    former: Mapping[str, str] = getattr(cls, "former_names", {})
    named = {former.get(name, name): value for name, value in values.items()}
    return cls(**{name: decode_value(hints[name], value) for name, value in named.items() if name in hints})


def encode_text(sentence: Text) -> Any:
    """A sentence as a string, or with its values as an object."""
    if not sentence.values:
        return sentence.template
    return {"text": sentence.template, "values": {key: _encode_value(value) for key, value in sentence.values.items()}}


def decode_text(value: Any) -> Text:
    """The sentence written by :func:`encode_text`. Raises ``TypeError``, ``ValueError`` or ``KeyError`` where it is none."""
    return _decode_text(value, MAX_NESTED)


def _decode_text(value: Any, nested: int) -> Text:
    if isinstance(value, str):
        return Text(value[:MAX_SENTENCE])
    if nested == 0:
        raise ValueError("too many sentences within each other")
    template, values = _checked(value["text"], str), _checked(value["values"], dict)
    sentence = Text(template[:MAX_SENTENCE], {key: _decode_value(inner, nested - 1) for key, inner in values.items()})
    try:
        if _length(sentence) <= MAX_SENTENCE:
            str(sentence)
            return sentence
    except (ValueError, LookupError, AttributeError, TypeError, OverflowError):
        pass
    return Text(sentence.template)  # values that do not fit the template: better its bare words than nothing


def _length(sentence: Text) -> int:
    """How many letters a sentence has, or fewer by the width of its numbers; found without saying it.

    Raises:
        ValueError: a template does more than name its values, or asks for a width that would fill the memory.
        KeyError: it names a value there is not.
    """
    sizes = {
        name: _length(value) if isinstance(value, Text) else len(str(value)) for name, value in sentence.values.items()
    }
    length, names = _named(sentence.template)
    return length + sum(sizes[name] for name in names)


@lru_cache(maxsize=256)
def _named(template: str) -> tuple[int, tuple[str, ...]]:
    """The letters of a template that stand in it as they are, and the values it names."""
    length, names = 0, []
    for words, name, how, _ in Formatter().parse(template):
        length += len(words)
        if name is None:
            continue
        if not name.isidentifier() or _NOT_OURS.search(how or ""):
            raise ValueError(name)
        names.append(name)
    return length, tuple(names)


def _encode_value(value: Any) -> Any:
    """A value of a sentence. Its type is known to nobody, so what JSON has no word for is marked."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": _name(value)}
    return encode(value)


def _decode_value(value: Any, nested: int) -> Any:
    if isinstance(value, dict):
        return _NO_NUMBER[value["number"]] if "number" in value else _decode_text(value, nested)
    return value


def _name(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


@cache
def _hints(cls: Any) -> dict[str, Any]:
    """The types of the fields of a dataclass that stand in a line."""
    hints = get_type_hints(cls, localns={"np": np})
    return {field.name: hints[field.name] for field in dataclasses.fields(cls) if field.name not in _LEFT_OUT}


def decode_value(hint: Any, value: Any) -> Any:
    """``value`` as the type ``hint``. Raises ``TypeError``, ``ValueError`` or ``KeyError`` where it is not."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = [arg for arg in args if arg is not types.NoneType]
        return None if value is None and len(inner) < len(args) else decode_value(inner[0], value)
    if origin is Literal:
        if value not in args:
            raise ValueError(value)
        return value
    if origin is tuple:
        return tuple(decode_value(args[0], item) for item in _checked(value, list))
    if origin is not None:  # Mapping[str, X]
        return {key: decode_value(args[1], item) for key, item in _checked(value, dict).items()}
    return _decode_plain(hint, value)


def _decode_plain(hint: Any, value: Any) -> Any:
    if hint is Text:
        return decode_text(value)
    if hint is float:
        return _NO_NUMBER[value] if isinstance(value, str) else float(_checked(value, int, float))
    if hint is Path:
        return Path(_checked(value, str))
    if hint is datetime:
        return datetime.fromisoformat(_checked(value, str))
    if dataclasses.is_dataclass(hint):
        return decode(_checked(hint, type), _checked(value, dict))
    return _checked(value, hint)


def _checked(value: Any, *kinds: type) -> Any:
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError(value)
    return value
