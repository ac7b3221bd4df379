"""References are runs of their own: the teacher and the student alone, found again by a fingerprint of what decides their numbers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import torch

from studio.core.errors import StudioError
from studio.experiment import Experiment
from studio.networks.files import load_network
from studio.runs.files.digests import is_intact
from studio.runs.files.environment import processor, versions
from studio.runs.run_info import RunInfo
from studio.runs.unverified import answers_agree
from studio.systems.reference_experiments import alone_experiment, needs_teacher, teacher_experiment
from studio.training.devices import choose_device, usable_cores

ReferenceRole = Literal["teacher", "alone"]
#: In the order they are brought together: the teacher is safe in the run's folder before the other is trained, for the
#: run it comes from may be deleted meanwhile.
ROLES: tuple[ReferenceRole, ...] = ("teacher", "alone")

#: States of a run whose student may serve others.
ENDED_WELL = ("finished", "early_stop")


def wanted(experiment: Experiment) -> dict[ReferenceRole, Experiment]:
    """The references a run asks for, in the order they are trained."""
    if not needs_teacher(experiment):
        return {}
    found: dict[ReferenceRole, Experiment] = {}
    if experiment.teacher.source == "train":
        found["teacher"] = teacher_experiment(experiment)
    if experiment.references.alone:
        found["alone"] = alone_experiment(experiment)
    return found


def find_equal(runs: Iterable[RunInfo], word: str) -> RunInfo | None:
    """An earlier run of the same numbers: the first finished one, else one that can be gone on with, else None.

    It is not looked into: whether what it kept is intact is asked when it is used.

    Args:
        runs: as listed, the newest first.
        word: the :func:`fingerprint` of what is wanted.
    """
    equal = [info for info in runs if info.fingerprint == word and word and not info.problem]
    ended = (info for info in equal if info.state in ENDED_WELL and info.places.student.is_file())
    return next(ended, None) or next((info for info in equal if info.state in ("interrupted", "stopped")), None)


def is_usable(info: RunInfo) -> bool:
    """Whether what an ended run kept of its student is what it recorded, and can be read."""
    places = info.places
    if not info.files:  # from before sums were recorded
        return answers_agree(info) and is_whole(places.student)
    intact = is_intact(places.student, info.files) and is_intact(places.predictions, info.files)
    return intact and is_whole(places.student)


def is_whole(weights: Path) -> bool:
    """Whether a file of weights is there and can be read; a damaged one must not stand in the way of a new one."""
    try:
        load_network(weights)
    except StudioError:
        return False
    return True


def machine_of(experiment: Experiment) -> dict[str, object]:
    """What of this machine decides the numbers of ``experiment``: kind of device, usable cores.

    Raises:
        StudioError: there is no such device.
    """
    device = choose_device(experiment.training.device)
    kind = torch.cuda.get_device_name(device) if device.type == "cuda" else processor()
    return {"device": device.type, "kind": kind, "cores": usable_cores()}


def fingerprint(experiment: Experiment, machine: Mapping[str, object], teacher: str = "") -> str:
    """sha256 of what decides its numbers; empty where a teacher has a say in them whose weights are not known yet.

    Its name, the choice of a teacher nobody asks, and the way its device was asked for do not count.

    Args:
        experiment: resolved, with absolute paths.
        machine: as :func:`machine_of` gives it.
        teacher: a sum of the weights of its teacher, where it has one that is there already.
    """
    taught = needs_teacher(experiment)
    if taught and not teacher:
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
    if taught:
        decides["teacher"] = [teacher, values["teacher"]["batch_statistics"]]
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
