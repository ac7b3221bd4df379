"""Turns what pydantic finds wrong into sentences: each with its place, what is allowed, and the nearest right spelling."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from studio import catalog
from studio.errors import Invalid, StudioError
from studio.experiment.choices import AlsoChoice, DatasetChoice, MethodChoice
from studio.experiment.model import Experiment


def validated(values: Mapping[str, Any], where: str = "This experiment") -> Experiment:
    """An experiment from plain nested values.

    Raises:
        Invalid: with every problem at once, each with its dotted place.
    """
    try:
        return Experiment.model_validate(dict(values))
    except ValidationError as error:
        problems = [problem for line in error.errors() for problem in _problems(line, values)]
        raise Invalid("{where} cannot be used as it stands:", problems, where=where) from error


def _problems(line: Any, values: Mapping[str, Any]) -> list[StudioError]:
    place = ".".join(str(part) for part in line["loc"])
    kind, context = line["type"], line.get("ctx", {})
    if kind == "extra_forbidden":
        return [_unknown_key(line["loc"], place, values)]
    if kind == "missing":
        return [StudioError("It is missing.", "", "Add it.", place=place)]
    if kind in ("literal_error", "enum"):
        allowed = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        near = difflib.get_close_matches(str(line["input"]), allowed, n=1)
        remedy = "Did you mean “{near}”?" if near else ""
        return [
            StudioError(
                "“{given}” is not allowed.",
                "Allowed: {allowed}.",
                remedy,
                place=place,
                given=line["input"],
                allowed=", ".join(allowed),
                near=near[0] if near else "",
            )
        ]
    message = str(line["msg"]).removeprefix("Value error, ")
    if isinstance(line["input"], (str, int, float, bool)) and kind != "value_error":
        return [
            StudioError("“{given}” cannot be used.", "{message}.", place=place, given=line["input"], message=message)
        ]
    return [StudioError("{message}", place=place, message=message)]


def _unknown_key(loc: tuple[Any, ...], place: str, values: Mapping[str, Any]) -> StudioError:
    known = _keys_beside(loc, values)
    near = difflib.get_close_matches(str(loc[-1]), known, n=1, cutoff=0.5)
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
    """The keys known at the place of ``loc``, found by walking the models and, below a choice, its entry's settings."""
    model: type[BaseModel] | None = Experiment
    table: Any = values
    for part in loc[:-1]:
        if isinstance(part, str) and model is not None and part in model.model_fields:
            model = _model_of(model.model_fields[part].annotation)
        table = _inside(table, part)
    if model is DatasetChoice:  # extra keys of [dataset] belong to the source
        entry = _entry("dataset", table)
        return list(entry.Settings.model_fields) if entry else []
    if model in (MethodChoice, AlsoChoice) and not set(table or {}) <= set(model.model_fields if model else {}):
        return list(model.model_fields) if model else []
    if model in (MethodChoice, AlsoChoice):
        entry = _entry("method", table)
        return list(entry.Settings.model_fields) if entry else []
    return list(model.model_fields) if model is not None else []


def _inside(table: Any, part: str | int) -> Any:
    if isinstance(table, Mapping):
        return table.get(part)
    if isinstance(table, (list, tuple)) and isinstance(part, int) and part < len(table):
        return table[part]
    return None


def _entry(kind: catalog.Kind, table: Any) -> Any:
    try:
        return catalog.find(kind, str(table["key"]))
    except (StudioError, KeyError, TypeError):
        return None


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as ``Model``, ``Model | None`` or ``tuple[Model, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_of(inner)
        if found is not None:
            return found
    return None
