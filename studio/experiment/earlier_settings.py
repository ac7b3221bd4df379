"""What the tables of an older run mean: they name every setting there was when it ran, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from studio import catalog
from studio.core.errors import StudioError
from studio.experiment.model import Experiment
from studio.experiment.validation import model_of

#: The tables whose ``key`` is an entry of the catalogue with settings of its own, and where these stand in the table.
_SETTINGS: Mapping[str, tuple[tuple[catalog.Kind, ...], str]] = {
    "dataset": (("dataset",), ""),
    "method": (catalog.TEACHING, "settings"),
    "also": (("method",), "settings"),
}


def with_earlier_settings(values: Mapping[str, Any], *, defaults: bool = False) -> dict[str, Any]:
    """The tables of a run, every default of its time written out, and beside them the settings that came later.

    Each of these has what was done before there was a choice: ``earlier`` of its
    :func:`~studio.core.setting_field.setting`.

    Args:
        values: nested tables, as :meth:`studio.experiment.Experiment.resolved` has them, some of which may be missing;
            they stay as they are.
        defaults: also write out those whose default is what was done before.
    """
    completed = _completed(Experiment, values, "", defaults=defaults)
    teacher = completed.get("teacher")
    if isinstance(teacher, dict) and isinstance(teacher.get("batch_statistics"), bool):
        teacher["batch_statistics"] = "all" if teacher["batch_statistics"] else "off"
    return completed


def _completed(model: type[BaseModel], values: Mapping[str, Any], table: str, *, defaults: bool) -> dict[str, Any]:
    """The values of one table with its later settings, and those of the tables in it."""
    made = dict(values)
    for name, field in model.model_fields.items():
        given, inner = values.get(name), model_of(field.annotation)
        if inner is not None and isinstance(given, Mapping):
            made[name] = _completed(inner, given, name, defaults=defaults)
        elif inner is not None and isinstance(given, list | tuple):
            made[name] = [
                _completed(inner, one, name, defaults=defaults) if isinstance(one, Mapping) else one for one in given
            ]
        elif name not in values and inner is None and not field.is_required():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and "earlier" in extra:
                made[name] = extra["earlier"]
            elif defaults:
                made[name] = to_jsonable_python(field.get_default(call_default_factory=True))
    kinds, below = _SETTINGS.get(table, ((), ""))
    own = _settings(kinds, values.get("key"))
    if own is not None and isinstance(made.get(below, {}), Mapping):
        if below:
            made[below] = _completed(own, made.get(below, {}), "", defaults=defaults)
        else:
            made = _completed(own, made, "", defaults=defaults)
    return made


def _settings(kinds: tuple[catalog.Kind, ...], key: Any) -> type[BaseModel] | None:
    """The model of an entry's settings; None where there is no such entry."""
    if not kinds:
        return None
    try:
        settings: type[BaseModel] = catalog.find(kinds, str(key)).Settings
    except StudioError:
        return None
    return settings
