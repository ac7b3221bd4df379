"""Dotted keys of nested tables: ``training.optimizer.lr``, ``method.also.0.key``. A number names an item of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from studio.core.errors import StudioError

_ABSENT = object()


def get(tables: Mapping[str, Any], path: str, default: Any = None) -> Any:
    """The value at a path as it stands there, or ``default`` where there is none."""
    here: Any = tables
    for name in path.split("."):
        here = child(here, name, _ABSENT)
        if here is _ABSENT:
            return default
    return here


def child(table: Any, name: str | int, default: Any = None) -> Any:
    """What stands under one name of a table or at one place of a list; ``default`` where ``table`` is neither."""
    if isinstance(table, Mapping):
        return table.get(name, default)
    if isinstance(table, (list, tuple)):
        place = _place(name)
        return table[place] if place is not None and place < len(table) else default
    return default


def put(tables: MutableMapping[str, Any], path: str, value: Any) -> None:
    """Give a value. Tables on the way that are absent, or None, are made.

    Raises:
        StudioError: what stands on the way is no table, or a list without such an item.
    """
    *way, last = path.split(".")
    here: Any = tables
    for name in way:
        inner = child(here, name)
        if inner is None and isinstance(here, MutableMapping):
            inner = here[name] = {}
        if not isinstance(inner, (MutableMapping, list)):
            raise _no_table(path, name)
        here = inner
    if isinstance(here, MutableMapping):
        here[last] = value
        return
    place = _place(last)
    if place is None or place >= len(here):
        raise _no_table(path, way[-1])
    here[place] = value


def has_items(tables: Mapping[str, Any], path: str) -> bool:
    """Whether all items of lists are there that a path leads through: ``method.also.0.key`` names the first of ``also``."""
    here: Any = tables
    for name in path.split("."):
        here = child(here, name, _ABSENT)
        if here is _ABSENT and _place(name) is not None:
            return False
    return True


def remove(tables: MutableMapping[str, Any], path: str) -> None:
    """Take a value away from its table, and the tables that are empty after it; where there is none, nothing changes."""
    *way, last = path.split(".")
    chain: list[Any] = [tables]
    for name in way:
        chain.append(child(chain[-1], name))
    if not isinstance(chain[-1], MutableMapping) or last not in chain[-1]:
        return
    del chain[-1][last]
    for above, name in zip(reversed(chain[:-1]), reversed(way), strict=True):
        if not isinstance(above, MutableMapping) or above[name]:
            return
        del above[name]


def flatten(tables: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no table, with its path; lists are values."""
    for name, value in tables.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{above}{name}.")
        else:
            yield above + name, value


def is_below(path: str, places: Iterable[str]) -> bool:
    """Whether a path is one of ``places`` or leads further inside one."""
    return any(path == place or path.startswith(place + ".") for place in places)


def _place(name: str | int) -> int | None:
    """The item of a list a name stands for."""
    if isinstance(name, int):
        return name if name >= 0 else None
    return int(name) if name.isascii() and name.isdigit() else None


def _no_table(path: str, name: str) -> StudioError:
    return StudioError("{path} cannot be set.", "{name} is not a table.", path=path, name=name, place=path)
