"""Experiments to and from TOML."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from studio.core import limits, paths
from studio.core.bounded_read import UnreadableFile, parse_toml, read_bounded
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.core.prefixed_key import PrefixedKey
from studio.core.toml_words import NotUtf8, broken_path, decoded, remedy_for
from studio.experiment.earlier_settings import with_earlier_settings
from studio.experiment.model import Experiment
from studio.experiment.validation import validated

#: A table for the gallery page; it says nothing about the run and is skipped here.
GALLERY = "gallery"


def load(path: Path, overrides: Mapping[str, Any] | None = None, *, of_run: bool = False) -> Experiment:
    """The experiment in a file, its relative paths made absolute from the file's folder.

    Args:
        overrides: dotted keys to values, e.g. ``{"training.epochs": 3, "seed": 1}``.
        of_run: the file of a run, which names every setting there was: one that came later does not have its default,
            but what was done before.

    Raises:
        StudioError: the file cannot be read or is not TOML.
        Invalid: something in it is wrong; every problem is told.
    """
    try:
        text = decoded(read_bounded(path, limits.EXPERIMENT_BYTES))
    except UnreadableFile as error:
        raise StudioError(
            "The experiment file {path} cannot be read.", error.why, "Check the name and try again.", path=path
        ) from error
    except NotUtf8 as error:
        raise StudioError("{path} cannot be read.", error.why, "{advice}", path=path, advice=error.remedy) from error
    return loads(text, base=path.parent, where=str(path), overrides=overrides, of_run=of_run)


def loads(
    text: str,
    base: Path,
    where: str = "The experiment",
    overrides: Mapping[str, Any] | None = None,
    *,
    of_run: bool = False,
) -> Experiment:
    """The experiment in a TOML text; see :func:`load`."""
    try:
        values = parse_toml(text)
    except ValueError as error:
        raise StudioError(
            "{where} is not a valid TOML file.",
            "{reason}.",
            "{advice}",
            where=where,
            reason=error,
            advice=remedy_for(text, error) or Text("Mend that line and try again."),
            place=where,
        ) from error
    place = broken_path(values, ("dataset", "teacher"))
    if place:
        raise StudioError(
            "{where} cannot be used: {setting} has a tab or another control sign.",
            "In double quotes \\t and \\n are signs of their own.",
            "Double every backslash, or put the path in single quotes.",
            where=where,
            setting=place,
            place=place,
        )
    values.pop(GALLERY, None)
    if of_run:
        values = with_earlier_settings(values)
    for key, value in (overrides or {}).items():
        paths.put(values, key, value)
    return _absolute(validated(values, where), base)


def to_toml(experiment: Experiment) -> str:
    """The experiment as TOML; reading it back gives an equal experiment."""
    left_out = set() if experiment.uses else {"uses"}  # few use another's work, and most files say nothing of it
    return tomli_w.dumps(without_none(experiment.model_dump(mode="json", exclude=left_out)))


def without_none(value: Any) -> Any:
    """Nested tables and lists without what is not set, for which TOML has no word."""
    if isinstance(value, dict):
        return {key: without_none(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [without_none(inner) for inner in value]
    return value


def _absolute(experiment: Experiment, base: Path) -> Experiment:
    """Paths of the data source, and of weights that teacher or student take, relative to ``base``, made absolute."""
    files = {name: str((base / path.expanduser()).resolve()) for name, path in experiment.dataset.paths.items()}
    values = experiment.model_dump()
    values["dataset"].update(files)
    for table, name in (("teacher", "source"), ("student", "init")):
        weights = PrefixedKey.parse(values[table][name])
        if weights.kind in ("file", "pretrained") and weights.name:
            file = (base / Path(weights.name).expanduser()).resolve()
            values[table][name] = str(PrefixedKey(weights.kind, str(file)))
    return Experiment.model_validate(values)
