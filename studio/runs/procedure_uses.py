"""What earlier procedures made for an experiment that goes on from it: looked up, checked and read."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from studio.core.arrays import read_arrays
from studio.core.errors import StudioError
from studio.core.prefixed_key import PrefixedKey
from studio.experiment import Experiment
from studio.runs.files.digests import is_intact, sha256_of
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace


def used_sums(experiment: Experiment, workspace: Workspace) -> dict[str, str]:
    """By name, sums of the arrays it uses.

    Raises:
        StudioError: a run it names is gone.
    """
    return {name: sha256_of(run.places.arrays) or "" for name, run in _runs(experiment, workspace).items()}


def used_arrays(experiment: Experiment, workspace: Workspace) -> dict[str, Mapping[str, np.ndarray]]:
    """By name, the arrays it uses.

    Raises:
        StudioError: a run it names is gone, made none, or what it kept is damaged.
    """
    found: dict[str, Mapping[str, np.ndarray]] = {}
    for name, run in _runs(experiment, workspace).items():
        arrays = read_arrays(run.places.arrays) if is_intact(run.places.arrays, run.files) else {}
        if not arrays:
            raise StudioError(
                "What the run {run} made cannot be used as {name}.",
                "It is missing or damaged.",
                "Run it again.",
                place=f"uses.{name}",
                run=run.id,
                name=name,
            )
        found[name] = arrays
    return found


def _runs(experiment: Experiment, workspace: Workspace) -> dict[str, RunInfo]:
    return {name: workspace.run(PrefixedKey.parse(source).name) for name, source in experiment.uses.items()}
