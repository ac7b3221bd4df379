"""How much an experiment may say, asked before anybody goes through it: what is wrong with it is told value by value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.core import limits
from studio.core.bounded_read import MAX_DEPTH
from studio.core.errors import StudioError
from studio.core.format import shortened, thousands

_REMEDY = "Choose an experiment file that the studio has written, or one like it."


def check_extent(values: Mapping[str, Any], where: str) -> None:
    """Pass nested tables that are no larger than those of an experiment.

    Args:
        where: for the words of a refusal: the file they come from.

    Raises:
        StudioError: there are too many values, too deep within each other, or one is too long.
    """
    waiting: list[tuple[Any, int]] = [(values, 0)]
    seen = 0
    while waiting:
        here, depth = waiting.pop()
        inner: list[Any] = []
        if isinstance(here, Mapping):
            for name in here:
                if len(str(name)) > limits.SETTING_NAME:
                    raise _refused(
                        where, "The name {name} has more than {most} letters.", shortened(name), limits.SETTING_NAME
                    )
            inner = list(here.values())
        elif isinstance(here, list | tuple):
            inner = list(here)
        elif isinstance(here, str) and len(here) > limits.SETTING_TEXT:
            raise _refused(where, "The text {name} has more than {most} letters.", shortened(here), limits.SETTING_TEXT)
        seen += len(inner)
        if seen > limits.EXPERIMENT_VALUES:
            raise _refused(where, "It has more than {most} values.", "", limits.EXPERIMENT_VALUES)
        if depth > MAX_DEPTH:
            raise _refused(where, "Its tables stand too deep in each other.", "", 0)
        waiting.extend((value, depth + 1) for value in inner)


def _refused(where: str, why: str, name: str, most: int) -> StudioError:
    return StudioError("{where} is no experiment.", why, _REMEDY, where=where, name=name, most=thousands(most))
