"""What checkpoints hold, made up as little as possible, and damaged in every way that a table of tensors can be."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor

V = TypeVar("V")
Place = tuple[str | int, ...]
"""Where something stands in nested tables and lists."""


def payload(step: int) -> dict[str, object]:
    """The least a checkpoint can hold."""
    return {
        "step": step,
        "origin": {"settings": {}, "teacher": "", "data": ""},
        "student": {"w": torch.full((3,), float(step))},
        "best": {"accuracy": -1.0, "step": 0, "waited": 0},
        "done": [],
        "learnt": {},
        "guide": {},
        "loop": {"objective": {}, "optimiser": {"state": {}, "param_groups": []}, "updated": 0},
        "result": {"test_accuracy": None, "validation_accuracy": None},
        "seconds": 1.0,
    }


def best_payload(step: int) -> dict[str, object]:
    """The least that is kept of the best weights."""
    return {"step": step, "student": {"w": torch.ones(3)}, "accuracy": 0.5}


def entries(tables: Any, above: Place = ()) -> Iterator[Place]:
    """The place of everything that a payload holds, tables and lists themselves included."""
    inside = tables.items() if isinstance(tables, dict) else enumerate(tables) if isinstance(tables, list) else ()
    for name, value in inside:
        yield (*above, name)
        yield from entries(value, (*above, name))


def ways(whole: dict[str, Any], place: Place) -> dict[str, Callable[[], dict[str, Any]]]:
    """What makes copies of a payload whose entry at ``place`` is damaged, by a word for how."""
    value = _at(whole, place)
    made: dict[str, Callable[[], dict[str, Any]]] = {"missing": partial(_without, whole, place)}
    for name, other in _others(value):
        nothing = isinstance(value, dict | list) and not value and type(other) in (dict, list) and not other
        if nothing or (value is None and other is None):
            continue
        made[name] = partial(_with, whole, place, other)
    if isinstance(place[-1], str):
        made["another name"] = partial(_renamed, whole, place)
    return made


def _others(value: Any) -> Iterator[tuple[str, Any]]:
    """Values of another type, size, shape or sense."""
    yield from (("None", None), ("a word", "strange"), ("a list", []), ("a table", {}), ("true", True))
    yield from (("a number", 7), ("huge", 2**80), ("negative", -5), ("no number", math.nan), ("infinite", math.inf))
    yield "a tensor", torch.zeros(3, 5)
    if isinstance(value, Tensor):
        yield "another shape", torch.zeros(*value.shape, 2)
        yield "one row less" if value.dim() else "empty", value[:-1].clone() if value.dim() else torch.zeros(0)
        yield "another type", value.to(torch.float64)
        if value.is_floating_point():
            yield "not a number inside", torch.full_like(value, math.nan)
        if value.numel() > 1:
            yield "one number for all", torch.zeros((), dtype=value.dtype).expand(value.shape)
        yield "its bytes", value.flatten().tolist()
    if isinstance(value, dict):
        yield "one entry more", {**value, "more": value}
    if isinstance(value, list):
        yield "one item more", [*value, 3]


def _at(tables: Any, place: Place) -> Any:
    for name in place:
        tables = tables[name]
    return tables


def _without(whole: dict[str, Any], place: Place) -> dict[str, Any]:
    changed = _copy(whole)
    del _at(changed, place[:-1])[place[-1]]
    return changed


def _with(whole: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    changed = _copy(whole)
    _at(changed, place[:-1])[place[-1]] = value
    return changed


def _renamed(whole: dict[str, Any], place: Place) -> dict[str, Any]:
    changed = _without(whole, place)
    _at(changed, place[:-1])[f"{place[-1]}x"] = _at(whole, place)
    return changed


def _copy(value: V) -> V:
    """Tables and lists anew, what is in them as it is."""
    if isinstance(value, dict):
        return type(value)((name, _copy(inner)) for name, inner in value.items())
    return type(value)(map(_copy, value)) if isinstance(value, list) else copy.copy(value)
