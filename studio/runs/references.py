"""References are runs of their own: the teacher and the student alone, found again by their fingerprint."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from studio.core.errors import StudioError
from studio.core.files import write_whole, writing
from studio.experiment import Experiment, MethodChoice, References
from studio.networks.files import load_network
from studio.runs.files.folder import RunFolder
from studio.runs.fingerprint import fingerprint, needs_teacher
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.training.network_setup import network_title

ReferenceRole = Literal["teacher", "alone"]
#: In the order they are brought together: the teacher is safe in the run's folder before the other is trained, for the
#: run it comes from may be deleted meanwhile.
ROLES: tuple[ReferenceRole, ...] = ("teacher", "alone")

#: The catalogue key of learning without a teacher.
ALONE = "none"
#: States of a run whose student may serve others.
ENDED_WELL = ("finished", "early_stop")
_RUN, _FILE = "run:", "file:"
#: Seeds of teachers begin here: a teacher and a student of the same architecture and seed must not start from equal
#: weights, which would let them agree before anything is learnt.
TEACHER_SEEDS = 1_000_000


def teacher_experiment(experiment: Experiment) -> Experiment:
    """The run that trains the teacher: its own seed, its own budget, all the data unless it says otherwise."""
    teacher, training = experiment.teacher, experiment.training
    if teacher.epochs is not None:
        training = training.model_copy(update={"epochs": teacher.epochs, "steps": None})
    return _without_teacher(
        experiment,
        name=f"{network_title(teacher.key)} on {experiment.dataset.source.title}",
        seed=(teacher.seed + TEACHER_SEEDS) % 2**31,
        dataset=experiment.dataset.model_copy(update={"fraction": teacher.fraction, "per_class": None}),
        student=experiment.student.model_copy(update={"key": teacher.key}),
        training=training,
    )


def alone_experiment(experiment: Experiment) -> Experiment:
    """The run that trains the student the same way without a teacher."""
    title = f"{network_title(experiment.student.key)} alone on {experiment.dataset.source.title}"
    return _without_teacher(experiment, name=title)


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


def find_equal(workspace: Workspace, experiment: Experiment, machine: Mapping[str, object]) -> RunInfo | None:
    """An earlier run of the same numbers: the newest finished one, else one that can be gone on with, else None."""
    word = fingerprint(experiment, machine)
    equal = [info for info in workspace.runs() if info.fingerprint == word and word and not info.problem]
    for info in equal:
        if info.state in ENDED_WELL and is_whole(info.places.student):
            return info
    return next((info for info in equal if info.state in ("interrupted", "stopped")), None)


def is_whole(weights: Path) -> bool:
    """Whether a file of weights is there and can be read; a damaged one must not stand in the way of a new one."""
    try:
        load_network(weights)
    except StudioError:
        return False
    return True


def frozen_source(experiment: Experiment, workspace: Workspace) -> Experiment:
    """The experiment with ``run:<beginning>`` written out as the id of that run.

    Raises:
        StudioError: there is no such run, it kept no student, or the teacher's file is missing or broken.
    """
    source = experiment.teacher.source
    if not needs_teacher(experiment):
        return experiment
    if source.startswith(_FILE):
        file = Path(source.removeprefix(_FILE))
        if not file.is_file():
            raise StudioError(
                "There is no teacher file {path}.", "", "Check the path.", place="teacher.source", path=file
            )
        load_network(file)  # one that cannot be read is refused now, not after the student alone was trained
    if not source.startswith(_RUN):
        return experiment
    info = workspace.run(source.removeprefix(_RUN))
    if not info.places.student.is_file():
        raise StudioError(
            "The run {run} cannot teach.",
            "It kept no student.",
            "Choose a run that has finished.",
            place="teacher.source",
            run=info.id,
        )
    teacher = experiment.teacher.model_copy(update={"source": _RUN + info.id, "key": info.student})
    return experiment.model_copy(update={"teacher": teacher})


def bring_teacher(
    experiment: Experiment, workspace: Workspace, references: Mapping[str, str], folder: RunFolder
) -> Path | None:
    """The weights of the teacher; None where a run has none. Those of another run are brought into this one's folder.

    So a run stays whole when the other is deleted. They are linked where the disk allows it: files of weights are
    replaced, never written into.

    Args:
        references: role to run id, as far as they have been found or trained.

    Raises:
        StudioError: the run that teaches is gone.
        NotWritten: its weights find no place in this run's folder.
    """
    source = experiment.teacher.source
    if not needs_teacher(experiment):
        return None
    if source.startswith(_FILE):
        return Path(source.removeprefix(_FILE))
    if is_whole(folder.teacher):
        return folder.teacher
    run = source.removeprefix(_RUN) if source.startswith(_RUN) else references.get("teacher")
    if not run:
        return None
    weights = workspace.folder(run).student
    with writing(folder.teacher):
        folder.teacher.unlink(missing_ok=True)
    try:
        os.link(weights, folder.teacher)
    except OSError:
        write_whole(folder.teacher, _read(weights, run))
    return folder.teacher


def _read(weights: Path, run: str) -> bytes:
    """The bytes of what a run learnt. It may have been deleted a moment ago."""
    try:
        return weights.read_bytes()
    except OSError as error:
        raise StudioError(
            "The run {run} cannot teach.",
            "What it learnt can no longer be read: {reason}.",
            "Bring it back from the bin if it was deleted, or choose another teacher.",
            place="teacher.source",
            run=run,
            reason=error.strerror or str(error),
        ) from error


def _without_teacher(experiment: Experiment, **changes: object) -> Experiment:
    update = {"method": MethodChoice(key=ALONE), "references": References(alone=False), **changes}
    return experiment.model_copy(update=update).resolved()


__all__ = [
    "ENDED_WELL",
    "ROLES",
    "ReferenceRole",
    "alone_experiment",
    "bring_teacher",
    "find_equal",
    "frozen_source",
    "is_whole",
    "network_title",
    "teacher_experiment",
    "wanted",
]
