"""What can be read of an experiment file without checking it: a list shows runs of versions that knew other settings, too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from studio.core.prefixed_key import PrefixedKey
from studio.core.printable import one_line

#: Letters of a name or title that a list shows, and the largest number it takes for one of ours.
MAX_WORD, MAX_WHOLE = 200, 2**53
#: Runs it takes from one list of an experiment.
MAX_RUNS = 100


def group_of(tables: Mapping[str, Any]) -> str:
    """Equal for experiments that differ in their seed and name alone."""
    picked = {key: value for key, value in tables.items() if key not in ("seed", "name")}
    written = json.dumps(picked, sort_keys=True, default=str)  # TOML has dates as well
    return hashlib.sha256(written.encode(errors="replace")).hexdigest()[:24]


def runs_in(tables: Mapping[str, Any], *places: tuple[str, str]) -> tuple[str, ...]:
    """The ids of the runs that an experiment names at these places, as far as they can be read."""
    found: list[str] = []
    for table, name in places:
        values = tables.get(table)
        given = values.get(name) if isinstance(values, dict) else None
        words = [word for word in (given[:MAX_RUNS] if isinstance(given, list) else [given]) if isinstance(word, str)]
        keys = map(PrefixedKey.parse, words)
        found += [one_line(key.name, MAX_WORD) for key in keys if key.kind == "run"]
    return tuple(found)


def used_runs(tables: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the runs whose work it uses, as far as they can be read."""
    uses = tables.get("uses")
    return runs_in(tables, *(("uses", name) for name in list(uses)[:MAX_RUNS])) if isinstance(uses, dict) else ()


def word_in(tables: Mapping[str, Any], *keys: str) -> str:
    value: Any = tables
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return one_line(value, MAX_WORD) if isinstance(value, str) else ""


def whole_in(tables: Mapping[str, Any], *keys: str) -> int:
    value: Any = tables
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, int) and abs(value) <= MAX_WHOLE else 0
