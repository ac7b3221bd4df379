"""One word for all that decides the numbers of a run without a teacher: runs with equal words have equal numbers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import torch

from studio.experiment import Experiment
from studio.runs.files.environment import processor, versions
from studio.training.devices import choose_device, usable_cores


def needs_teacher(experiment: Experiment) -> bool:
    """Whether its method, or one of ``also``, learns from a teacher."""
    return any(choice.entry.needs.teacher for choice in (experiment.method, *experiment.method.also))


def machine_of(experiment: Experiment) -> dict[str, object]:
    """What of this machine decides the numbers of ``experiment``: kind of device, usable cores.

    Raises:
        StudioError: there is no such device.
    """
    device = choose_device(experiment.training.device)
    kind = torch.cuda.get_device_name(device) if device.type == "cuda" else processor()
    return {"device": device.type, "kind": kind, "cores": usable_cores()}


def fingerprint(experiment: Experiment, machine: Mapping[str, object]) -> str:
    """sha256 of what decides its numbers; empty where a teacher has a say in them.

    Its name, the choice of a teacher nobody asks, and the way its device was asked for do not count.

    Args:
        experiment: resolved, with absolute paths.
        machine: as :func:`machine_of` gives it.
    """
    if needs_teacher(experiment):
        return ""
    values = experiment.model_dump(mode="json")
    decides = {
        "dataset": values["dataset"],
        # for every setting of the data source that is a path: a sum over names, sizes and times of what lies there
        "files": {name: _tree_sum(path) for name, path in experiment.dataset.paths.items()},
        "network": values["student"],
        "method": values["method"],
        "training": {key: value for key, value in values["training"].items() if key != "device"},
        "seed": values["seed"],
        "machine": dict(machine),
        "versions": {name: version for name, version in versions().items() if name != "python"},
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True, default=str).encode()).hexdigest()


def _tree_sum(path: Path) -> str:
    """Changes when a file below ``path`` is added, removed, renamed or written to; links are not followed."""
    digest = hashlib.sha256()
    for file in _files_below(path):
        try:
            stat = file.lstat()
        except OSError:
            continue
        digest.update(f"{file.relative_to(path)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode(errors="replace"))
    return digest.hexdigest()


def _files_below(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(Path(folder, name) for folder, _, names in os.walk(path) for name in names)
