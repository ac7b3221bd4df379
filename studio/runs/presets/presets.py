"""The ready experiments that ship with the program: what each shows, and where its file is.

Only the standard library is imported: the window shows the gallery before anything else is loaded.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.core import resources
from studio.core.errors import StudioError


@dataclass(frozen=True)
class Preset:
    """One ready experiment: the ``[gallery]`` table of its file.

    Attributes:
        key: the file's name without its number and ending; what ``--preset`` takes.
        words: one or two sentences, what it is about.
        look_at: what to watch while it runs.
        reached: what was reached, with mean, spread, n and the machine.
        minutes: how long it takes on two processor cores, all variants together.
        variants: dotted overrides of the experiment, one mapping a run; empty where it is a single run.
    """

    key: str
    path: Path
    title: str
    words: str
    look_at: str = ""
    reached: str = ""
    minutes: float = 0.0
    variants: tuple[Mapping[str, Any], ...] = ()


def all_presets(folder: Path | None = None) -> list[Preset]:
    """All of them in the order of their files; one that cannot be read is left out."""
    found = []
    for path in sorted((folder or resources.folder("gallery")).glob("*.toml")):
        try:
            found.append(read_preset(path))
        except (OSError, TypeError, ValueError):
            continue
    return found


def read_preset(path: Path) -> Preset:
    """The ``[gallery]`` table of one file; empty words where it has none.

    Raises:
        OSError, TypeError, ValueError: it cannot be read, or its table is not as it should be.
    """
    return _exhibit(path, tomllib.loads(path.read_text(encoding="utf-8-sig")).get("gallery", {}))


def find_preset(key: str) -> Preset:
    """The one called ``key``.

    Raises:
        StudioError: there is none; the nearest name is given.
    """
    known = {found.key: found for found in all_presets()}
    if key in known:
        return known[key]
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
    raise StudioError(
        "There is no ready experiment called “{key}”.",
        "There are: {known}.",
        "Did you mean “{near}”?" if near else "",
        key=key,
        known=", ".join(known),
        near=near[0] if near else "",
    )


def _exhibit(path: Path, table: dict[str, Any]) -> Preset:
    return Preset(
        key=re.sub(r"^\d+-", "", path.stem),
        path=path,
        title=str(table.get("title", path.stem)),
        words=str(table.get("words", "")),
        look_at=str(table.get("look_at", "")),
        reached=str(table.get("reached", "")),
        minutes=float(table.get("minutes", 0)),
        variants=tuple(dict(variant) for variant in table.get("variants", ())),
    )
