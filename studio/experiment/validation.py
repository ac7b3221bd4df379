"""Turns what pydantic finds wrong into sentences: each with its place, what is allowed, and the nearest right spelling."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from studio import catalog
from studio.core import limits
from studio.core.errors import Invalid, StudioError
from studio.core.format import shortened, thousands
from studio.core.message import Text
from studio.core.number_range import Limits
from studio.core.paths import child
from studio.core.setting_text import Wording
from studio.experiment.choices import AlsoChoice, MethodChoice
from studio.experiment.dataset_choice import DatasetChoice
from studio.experiment.extent import check_extent
from studio.experiment.model import Experiment

_Model = type[BaseModel] | None


def validated(values: Mapping[str, Any], where: str = "This experiment") -> Experiment:
    """An experiment from plain nested values.

    Raises:
        StudioError: they are more than any experiment has.
        Invalid: with every problem at once, each with its dotted place; of very many only the first and the number.
    """
    check_extent(values, where)
    try:
        return Experiment.model_validate(dict(values))
    except ValidationError as error:
        lines = error.errors()
        problems = [problem for line in lines[: limits.PROBLEMS_TOLD] for problem in _problems(line, values)]
        if len(lines) > limits.PROBLEMS_TOLD:
            more = thousands(len(lines) - limits.PROBLEMS_TOLD)
            problems.append(StudioError("There are {more} more of such problems.", more=more))
        raise Invalid("{where} cannot be used as it stands:", problems, where=where) from error


def _problems(line: Any, values: Mapping[str, Any]) -> list[StudioError]:
    place = _place(line["loc"], values)
    kind, context = line["type"], line.get("ctx", {})
    if kind == "extra_forbidden":
        return [_unknown_key(line["loc"], place, values)]
    if kind == "missing":
        return [StudioError("It is missing.", "", "Add it.", place=place)]
    if kind in ("literal_error", "enum"):
        allowed = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        near = difflib.get_close_matches(shortened(line["input"]), allowed, n=1)
        remedy = "Did you mean “{near}”?" if near else ""
        return [
            StudioError(
                "“{given}” is not allowed.",
                "Allowed: {allowed}.",
                remedy,
                place=place,
                given=shortened(line["input"]),
                allowed=", ".join(allowed),
                near=near[0] if near else "",
            )
        ]
    if kind == "value_error":
        return [
            StudioError(
                "{message}", place=place, message=shortened(str(line["msg"]).removeprefix("Value error, "), 500)
            )
        ]
    given = line["input"]
    shown = f"“{shortened(given)}”" if isinstance(given, (str, int, float, bool)) else Text("What stands here")
    return [StudioError("{given} cannot be used.", _allowed(line["loc"], kind, values), place=place, given=shown)]


def _place(loc: tuple[Any, ...], values: Mapping[str, Any]) -> str:
    """Dotted, as the file has it: what a method's own settings refuse stands below ``settings``."""
    parts: list[Any] = list(loc)
    at = 3 if parts[:2] == ["method", "also"] else 1
    if parts[:1] == ["method"] and len(parts) > at:
        table: Any = values
        for part in parts[:at]:
            table = child(table, part)
        if isinstance(table, Mapping) and parts[at] not in {*table, *MethodChoice.model_fields}:
            parts.insert(at, "settings")
    return ".".join(shortened(part) for part in parts)


def _allowed(loc: tuple[Any, ...], kind: str, values: Mapping[str, Any]) -> Text:
    """What a setting may be, in words, read off the model it belongs to."""
    inside = isinstance(loc[-1], int)  # one of a list
    *way, name = loc[:-1] if inside else loc
    models = [model for model in _models_at(way, values) if model is not None]
    info = next((model.model_fields[name] for model in models if name in model.model_fields), None)
    if info is None or kind in ("model_type", "model_attributes_type", "dict_type"):
        return Text("A table of settings belongs here.")
    types = _simple_types(info.annotation)
    if kind == "string_pattern_mismatch":
        return Text("It must be one of: {forms}.", {"forms": _forms(info.metadata)})
    if kind in ("tuple_type", "list_type"):
        return Text("A list in square brackets belongs here.")
    if types & {int, float} and bool not in types:
        unit = Wording.of(name, info.json_schema_extra).unit
        return Limits.of(info.metadata, whole=float not in types, unit=unit).sentence
    return Text("It must be true or false." if bool in types else "It must be a text.")


def _simple_types(annotation: Any) -> set[Any]:
    """The types inside ``int``, ``float | None``, ``tuple[float, ...]``."""
    inner = get_args(annotation)
    return set().union(*map(_simple_types, inner)) if inner else {annotation}


def _forms(metadata: list[Any]) -> str:
    """The alternatives of a pattern such as ``^(train|run:.+)$``: train, run:…"""
    pattern = next((found for part in metadata if (found := getattr(part, "pattern", None))), "")
    return ", ".join(str(pattern).strip("^$()").replace(".+", "…").split("|"))


def _unknown_key(loc: tuple[Any, ...], place: str, values: Mapping[str, Any]) -> StudioError:
    known = _keys_beside(loc, values)
    near = difflib.get_close_matches(shortened(loc[-1]), known, n=1, cutoff=0.5)
    remedy = "Did you mean “{near}”?" if near else ""
    return StudioError(
        "There is no setting of this name.",
        "Known here: {known}.",
        remedy,
        place=place,
        known=", ".join(known) or "none",
        near=near[0] if near else "",
    )


def _keys_beside(loc: tuple[Any, ...], values: Mapping[str, Any]) -> list[str]:
    """The keys known at the place of ``loc``; extra keys of a choice belong to its entry's settings."""
    own, settings = _models_at(loc[:-1], values)
    known = settings or own
    return list(known.model_fields) if known is not None else []


def _models_at(way: Sequence[Any], values: Mapping[str, Any]) -> tuple[_Model, _Model]:
    """The model of the table at the end of ``way``, and where that is a choice the settings of its entry."""
    model: _Model = Experiment
    table: Any = values
    for part in way:
        if isinstance(part, str) and model is not None and part in model.model_fields:
            model = model_of(model.model_fields[part].annotation)
        table = child(table, part)
    if model is DatasetChoice:
        return model, _settings_of("dataset", table)
    if model in (MethodChoice, AlsoChoice) and set(table or {}) <= set(model.model_fields if model else {}):
        return model, _settings_of("method", table)
    return model, None


def _settings_of(kind: catalog.Kind, table: Any) -> _Model:
    """The settings of the entry picked in a table; None where there is none of that name."""
    try:
        settings: _Model = catalog.find(kind, str(table["key"])).Settings
    except (StudioError, KeyError, TypeError):
        return None
    return settings


def model_of(annotation: Any) -> _Model:
    """The model inside an annotation such as ``Model``, ``Model | None`` or ``tuple[Model, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = model_of(inner)
        if found is not None:
            return found
    return None
