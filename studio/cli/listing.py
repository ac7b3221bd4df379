"""``studio list``: the catalogue with sizes, settings and their ranges."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from studio import catalog
from studio.cli.entry import Exit
from studio.cli.network_listing import networks, show_networks
from studio.cli.output import table, write_json, write_out
from studio.core.format import UNKNOWN, setting_limit, setting_number
from studio.core.setting_text import Wording
from studio.methods.base import Source
from studio.runs.presets.presets import all_presets, all_recipes
from studio.runs.store.saved_methods import SavedMethods
from studio.runs.store.workspace import Workspace

#: What a search looks through of an entry that is no network.
_SEARCHED = ("key", "name", "title", "words", "source", "also_called")


def run(chosen: Namespace) -> int:
    """List one kind of entries, or those of it in which all words of a search occur."""
    collect, show = _KINDS[chosen.what]
    found = collect(chosen.search)
    if chosen.json:
        write_json(found)
    else:
        write_out(show(found))
    return Exit.DONE


def datasets() -> list[dict[str, Any]]:
    """Every dataset with what is known of it before it is loaded."""
    return [
        {
            "key": source.key,
            "title": source.title,
            "words": source.words,
            "kind": source.kind,
            "shape": list(source.shape) if source.shape is not None else None,
            "classes": source.class_count,
            "train": source.train_count,
            "test": source.test_count,
            "origin": source.origin,
            "settings": settings_of(source.Settings),
        }
        for source in catalog.entries("dataset")
    ]


def methods() -> list[dict[str, Any]]:
    """Every method with its source, its four aspects and its settings."""
    return _teaching("method")


def systems() -> list[dict[str, Any]]:
    """Every way that takes several trainings, told as a method is."""
    return _teaching("system")


def presets() -> list[dict[str, Any]]:
    """Every ready experiment and every published training, the latter in both lengths, with the file it is in."""
    recipes = [form for recipe in all_recipes() for form in (recipe.full, recipe.short)]
    return [
        {
            "key": shown.key,
            "title": shown.title,
            "words": shown.words,
            "source": shown.source,
            "sets": shown.sets,
            "apart": shown.apart,
            "file": str(shown.path),
            "overrides": dict(shown.overrides),
        }
        for shown in (*all_presets(), *recipes)
    ]


def _found(entries: Callable[[], list[dict[str, Any]]]) -> Callable[[str], list[dict[str, Any]]]:
    """Those of the entries in which all words of a search occur."""

    def search(words: str) -> list[dict[str, Any]]:
        wanted = words.lower().split()
        told = ((each, " ".join(str(each.get(name) or "") for name in _SEARCHED).lower()) for each in entries())
        return [each for each, where in told if all(word in where for word in wanted)]

    return search


def _teaching(kind: catalog.Kind) -> list[dict[str, Any]]:
    return [
        {
            "key": method.key,
            "title": method.title,
            "words": method.words,
            "also_called": method.also_called or None,
            "source": _source(method.source),
            "needs_teacher": method.needs.teacher,
            "task_weight": method.task_weight,
            "waits": str(method.waits) if method.waits is not None else None,
            "aspects": {
                "teacher": method.aspects.teacher,
                "student": method.aspects.student,
                "distance": method.aspects.distance,
                "position": method.aspects.position,
            },
            "settings": settings_of(method.Settings),
        }
        for method in catalog.entries(kind)
    ]


def own_methods() -> list[dict[str, Any]]:
    """The methods the person kept, with their table; of one whose file is broken, why."""
    return [
        {
            "name": own.name,
            "file": str(own.path),
            "key": own.choice.key if own.choice is not None else None,
            "title": own.choice.title if own.choice is not None else own.name,
            "method": own.table or None,
            "problem": str(own.problem) if own.problem is not None else None,
        }
        for own in SavedMethods(Workspace().path).all()
    ]


def all_methods() -> list[dict[str, Any]]:
    """Those of the catalogue, then the person's own; only the latter have a ``name``."""
    return [*methods(), *own_methods()]


def _source(source: Source) -> str:
    """Where a method was published; empty where it was not."""
    parts = (source.authors, f"“{source.title}”", source.venue)
    return ", ".join(parts) if any(char.isalpha() for char in source.authors) else ""


def settings_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The settings of an entry: name, type, default, what is allowed, unit and description."""
    found = []
    for name, schema in model.model_json_schema().get("properties", {}).items():
        shape = schema | next((part for part in schema.get("anyOf", ()) if part.get("type") != "null"), {})
        wording = Wording.of(name, schema)
        setting = {
            "name": name,
            "type": shape.get("type"),
            "default": schema.get("default"),
            "least": shape.get("minimum"),
            "more_than": shape.get("exclusiveMinimum"),
            "most": shape.get("maximum"),
            "less_than": shape.get("exclusiveMaximum"),
            "allowed": shape.get("enum"),
            "unit": wording.unit or None,
            "level": wording.level,
            "words": schema.get("description"),
        }
        found.append({key: value for key, value in setting.items() if value is not None})
    return found


def _show_datasets(found: list[dict[str, Any]]) -> str:
    head = ("KEY", "SHAPE", "CLASSES", "TRAIN", "TEST", "WHAT IT IS")
    rows = [
        (
            each["key"],
            " × ".join(map(str, each["shape"])) if each["shape"] else UNKNOWN,
            *(str(each[name]) if each[name] is not None else UNKNOWN for name in ("classes", "train", "test")),
            each["words"],
        )
        for each in found
    ]
    return table(head, rows)


def _show_methods(found: list[dict[str, Any]]) -> str:
    blocks = []
    for each in found:
        if "name" in each:
            blocks.append(_show_own(each))
            continue
        head = [
            f"{each['key']}: {each['title']}. {each['words']}",
            *([f"  {each['source']}"] if each["source"] else []),
            *([f"  On a GPU: {each['waits']}"] if each["waits"] else []),
        ]
        blocks.append("\n".join([*head, *map(_show_setting, each["settings"])]))
    return "\n\n".join(blocks)


def _show_own(own: dict[str, Any]) -> str:
    if own["problem"] is not None:
        return f"{own['name']} (your own) cannot be used. {own['problem']}\n  {own['file']}"
    settings = {name: value for name, value in own["method"].get("settings", {}).items() if name != "name"}
    beside = ", ".join(str(also["key"]) for also in own["method"].get("also", ()))
    head = f"{own['name']} (your own): {own['key']}{f' with {beside}' if beside else ''}."
    return "\n".join([head, f"  {own['file']}", *(f"  {name} = {value}" for name, value in settings.items())])


def _show_presets(found: list[dict[str, Any]]) -> str:
    head = ("KEY", "WHAT IT IS", "PUBLISHED BY")
    return table(head, [(each["key"], each["title"], each["source"] or UNKNOWN) for each in found])


def _show_setting(setting: dict[str, Any]) -> str:
    default = setting.get("default")
    shown = setting_number(default) if isinstance(default, float) else default
    return f"  {setting['name']} = {shown}{_range(setting)}: {setting.get('words', '')}"


def _range(setting: dict[str, Any]) -> str:
    """What is allowed, in brackets: " (0 to 100)", " (more than 0)", " (sum, max)"."""
    if "allowed" in setting:
        return f" ({', '.join(map(str, setting['allowed']))})"
    parts = []
    if "least" in setting:
        parts.append(f"from {setting_limit(setting['least'])}")
    if "more_than" in setting:
        parts.append(f"above {setting_limit(setting['more_than'])}")
    if "most" in setting:
        parts.append(f"to {setting_limit(setting['most'])}")
    if "less_than" in setting:
        parts.append(f"below {setting_limit(setting['less_than'])}")
    return f" ({' '.join(parts)})" if parts else ""


_KINDS: dict[str, tuple[Callable[[str], list[dict[str, Any]]], Callable[[list[dict[str, Any]]], str]]] = {
    "datasets": (_found(datasets), _show_datasets),
    "networks": (networks, show_networks),
    "methods": (_found(all_methods), _show_methods),
    "systems": (_found(systems), _show_methods),
    "presets": (_found(presets), _show_presets),
}
