"""Experiment files that are a set: a ready experiment whose ``[gallery]`` table lists variants, each a run of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.core.errors import StudioError
from studio.experiment import Experiment, each_split, load
from studio.runs.presets.presets import read_preset


def load_all(path: Path, overrides: Mapping[str, Any] | None = None) -> list[Experiment]:
    """The experiments of a file: each of its variants where it is a set, else the one it describes; each on all of its splits.

    Args:
        overrides: dotted keys to values; they count more than a variant's own.

    Raises:
        StudioError: the file cannot be read, or its list of variants is none.
        Invalid: something in it is wrong; every problem is told.
    """
    given = overrides or {}
    single = load(path, given)
    try:
        variants = read_preset(path).variants
    except (TypeError, ValueError) as error:
        raise StudioError(
            "The variants in {path} cannot be read.",
            "They must be a list of tables, each with dotted keys of the experiment.",
            "Mend “variants” below [gallery], or take it out.",
            place="gallery.variants",
            path=path,
        ) from error
    described = [load(path, {**variant, **given}) for variant in variants] or [single]
    return [split for experiment in described for split in each_split(experiment)]
