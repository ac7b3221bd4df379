"""References are runs of their own: the teacher and the student alone, found again by a fingerprint of what decides their numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import torch

from studio.core.errors import StudioError
from studio.data.base import ProgressListener, silent
from studio.data.content_sums import NotReadYet
from studio.experiment import RANDOM, Experiment
from studio.models.files import load_model
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

#: Bytes that are read for a forecast: in a moment.
QUICK = 64_000_000
UNREAD = "not read"
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
    ended = (
        info
        for info in equal
        if info.state in ENDED_WELL and (info.places.student.is_file() or info.places.arrays.is_file())
    )
    return next(ended, None) or next((info for info in equal if info.state in ("interrupted", "stopped")), None)


def is_usable(info: RunInfo) -> bool:
    """Whether what an ended run kept of its student, or made as a procedure, is what it recorded, and can be read."""
    places = info.places
    if places.arrays.name in info.files:
        if not is_intact(places.arrays, info.files):
            return False
        if places.student.name not in info.files:
            return True
    if not info.files:  # from before sums were recorded
        return answers_agree(info) and is_whole(places.student)
    intact = is_intact(places.student, info.files) and is_intact(places.predictions, info.files)
    return intact and is_whole(places.student)


def is_whole(weights: Path) -> bool:
    """Whether the file of a model is there and can be read; a damaged one must not stand in the way of a new one."""
    try:
        load_model(weights)
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


def data_content(
    experiment: Experiment, cache: Path, progress: ProgressListener = silent, most: int | None = None
) -> str:
    """A word for the content of a person's own files that an experiment reads; see :meth:`DataSource.content`.

    Raises:
        StudioError: they cannot be had.
        NotReadYet: more than ``most`` bytes would have to be read.
    """
    dataset = experiment.dataset
    return dataset.source.content(dataset.source_settings, cache, progress, most)


class KnownContents:
    """The content of data as far as it is known or quickly read, for forecasts; each is looked up once.

    Args:
        cache: where it is remembered what was read.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._found: dict[str, str] = {}

    def of(self, experiment: Experiment) -> str:
        """See :func:`data_content`; :data:`UNREAD`, which no run has, where it would take long or the files are not there."""
        key = f"{experiment.dataset.key} {experiment.dataset.source_settings!r}"
        if key not in self._found:
            try:
                self._found[key] = data_content(experiment, self._cache, most=QUICK)
            except (StudioError, NotReadYet, OSError):
                self._found[key] = UNREAD
        return self._found[key]


#: Settings of the training that decide no result: where it runs, and how often it is looked at.
_NO_NUMBERS = ("device", "evaluations")
#: Settings of data and student, and the value that runs of versions before there was such a setting had: those are found again.
_YOUNGER = (
    ("test_seed", 0),
    ("splits", 1),
    ("label_noise", 0.0),
    ("without_copies", False),
    ("init", RANDOM),
    ("cut", None),
)


def fingerprint(
    experiment: Experiment,
    machine: Mapping[str, object],
    teacher: str = "",
    *,
    content: str,
    uses: Mapping[str, str] | None = None,
    start: str = "",
) -> str:
    """sha256 of what decides its numbers; empty where weights have a say in them that are not known yet.

    Its name, the choice of a teacher nobody asks, and the way its device was asked for do not count.

    Args:
        experiment: resolved, with absolute paths.
        machine: as :func:`machine_of` gives it.
        teacher: a sum of the weights of its teacher, where it has one that is there already.
        content: of a person's own files, as :func:`data_content` gives it. Where they lie does not count then. Runs of
            versions that went by names, sizes and times of files have other words: they are not found again.
        uses: by name, sums of what earlier procedures made for it.
        start: a sum of the weights that its student begins with, where they are not random.
    """
    taught = needs_teacher(experiment)
    begins = experiment.student.init != RANDOM
    if (taught and not teacher) or (begins and not start):
        return ""
    values = experiment.model_dump(mode="json")
    decides = {
        "dataset": {
            name: value
            for name, value in values["dataset"].items()
            if (not content or name not in experiment.dataset.paths) and (name, value) not in _YOUNGER
        },
        "files": {"content": content} if content else {},
        "network": {name: value for name, value in values["student"].items() if (name, value) not in _YOUNGER}
        | ({"init": start} if begins else {}),
        "method": values["method"],
        "training": {key: value for key, value in values["training"].items() if key not in _NO_NUMBERS},
        "seed": values["seed"],
        "machine": dict(machine),
        "versions": {name: version for name, version in versions().items() if name != "python"},
    }
    if taught:
        decides["teacher"] = [teacher, values["teacher"]["batch_statistics"]]
    if uses:
        decides["uses"] = dict(uses)
    return hashlib.sha256(json.dumps(decides, sort_keys=True, default=str).encode()).hexdigest()
