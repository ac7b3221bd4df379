"""The ready experiments that ship with the program: what each shows or where it was published, and where its file is.

Only the standard library is imported: the window shows the gallery before anything else is loaded.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from studio.core import resources
from studio.core.bounded_read import read_toml
from studio.core.errors import StudioError
from studio.core.format import thousands
from studio.core.message import Text, text

#: A larger file is none of ours.
MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Preset:
    """One ready experiment: the ``[gallery]`` table of its file.

    Attributes:
        key: the file's name without its number and ending; what ``--preset`` takes. A short form's ends in ``-short``.
        words: one or two sentences, what it is about.
        look_at: what to watch while it runs.
        view: the key of the view in which that is to be seen.
        reached: what was reached, with mean, spread, n and the machine.
        minutes: how long it takes on two processor cores, all variants together.
        variants: dotted overrides of the experiment, one mapping a run; empty where it is a single run.
        source: of a published training, where it was published; else empty.
        sets: what it sets, in words.
        apart: what is to be known of it besides, as where it departs from what was published.
        overrides: dotted keys that make this form of what the file says; none of the full one.
    """

    key: str
    path: Path
    title: str
    words: str
    look_at: str = ""
    view: str = "learning"
    reached: str = ""
    minutes: float = 0.0
    variants: tuple[Mapping[str, Any], ...] = ()
    source: str = ""
    sets: str = ""
    apart: str = ""
    overrides: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Recipe:
    """A published training in two lengths; learning rates and stages change at the same shares of both.

    Attributes:
        full, short: its two forms.
        lengths: how long the student of each is trained.
    """

    full: Preset
    short: Preset
    lengths: tuple[Text, Text]


def all_recipes(folder: Path | None = None) -> list[Recipe]:
    """The published trainings in the order of their files; one that cannot be read is left out."""
    found = []
    for path in sorted((folder or resources.folder("recipes")).glob("*.toml")):
        try:
            found.append(_recipe(path))
        except (OSError, KeyError, TypeError, ValueError):
            continue
    return found


def _recipe(path: Path) -> Recipe:
    tables = read_toml(path, MAX_BYTES)
    full = _exhibit(path, tables["gallery"])
    training = {f"training.{name}": value for name, value in tables["training"].items()}
    title = f"{full.title}, short"
    overrides = {"name": title, **tables["gallery"]["short"]}
    short = replace(full, key=f"{full.key}-short", title=title, overrides=overrides)
    return Recipe(full, short, (_length(training), _length(training | overrides)))


def _length(training: Mapping[str, Any]) -> Text:
    if "training.steps" in training:
        return text("{n} steps", n=thousands(training["training.steps"]))
    return text("{n} epochs", n=thousands(training["training.epochs"]))


def all_presets(folder: Path | None = None) -> list[Preset]:
    """All of them in the order of their files; one that cannot be read is left out."""
    found = []
    for path in sorted((folder or resources.folder("gallery")).glob("*.toml")):
        try:
            found.append(read_preset(path))
        except (TypeError, ValueError):
            continue
    return found


def read_preset(path: Path) -> Preset:
    """The ``[gallery]`` table of one file; empty words where it has none.

    Raises:
        TypeError, ValueError: it cannot be read, or its table is not as it should be.
    """
    table = read_toml(path, MAX_BYTES).get("gallery", {})
    if not isinstance(table, dict):
        raise TypeError(table)
    return _exhibit(path, table)


def find_preset(key: str) -> Preset:
    """The one called ``key``, a published training in either length among them.

    Raises:
        StudioError: there is none; the nearest name is given.
    """
    recipes = [form for recipe in all_recipes() for form in (recipe.full, recipe.short)]
    known = {found.key: found for found in (*all_presets(), *recipes)}
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
        view=str(table.get("view", "learning")),
        reached=str(table.get("reached", "")),
        minutes=float(table.get("minutes", 0)),
        variants=tuple(dict(variant) for variant in table.get("variants", ())),
        source=str(table.get("source", "")),
        sets=str(table.get("sets", "")),
        apart=str(table.get("apart", "")),
    )
