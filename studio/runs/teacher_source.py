"""Where the teacher of a run comes from: a reference trained here, the student of another run, a file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from studio import catalog
from studio.core.ensemble_keys import ENSEMBLE, Mean, is_ensemble
from studio.core.errors import StudioError, os_reason
from studio.core.files import write_whole, writing
from studio.core.prefixed_key import PrefixedKey
from studio.data.base import ProgressListener, silent
from studio.experiment import Experiment
from studio.models.files import load_model
from studio.networks.files import read_outline
from studio.networks.foreign.recognise import is_foreign
from studio.networks.foreign.state_reader import read_weights
from studio.networks.zoo.published_weights import published_weights
from studio.runs.ensembles import ensemble_of, key_of, member_runs
from studio.runs.files.digests import is_intact, sha256_of
from studio.runs.files.folder import RunFolder
from studio.runs.kept_file import keep_copy
from studio.runs.published_network import bring_pretrained, pretrained_digest
from studio.runs.references import is_whole
from studio.runs.store.workspace import Workspace
from studio.systems.reference_experiments import needs_teacher


def frozen_source(experiment: Experiment, workspace: Workspace) -> Experiment:
    """The experiment with ``run:<beginning>`` written out as the id of that run.

    Raises:
        StudioError: there is no such run, it kept no student, or the teacher's file is missing or broken.
    """
    source = PrefixedKey.parse(experiment.teacher.source)
    if not needs_teacher(experiment):
        return experiment
    if source.kind == "file":
        file = Path(source.name)
        if not file.is_file():
            raise StudioError(
                "There is no teacher file {path}.", "", "Check the path.", place="teacher.source", path=file
            )
        # one that cannot be read is refused now, not after the student alone was trained
        if is_foreign(file):
            read_weights(file)
        else:
            load_model(file)
            return with_network_of_runs(experiment, workspace)
    if source.kind == "pretrained":
        published_weights(experiment.teacher.key)
    if experiment.teacher.source == ENSEMBLE:
        return _frozen_ensemble(experiment, workspace)
    if source.kind != "run":
        return experiment
    info = workspace.run(source.name)
    if not info.places.student.is_file():
        raise StudioError(
            "The run {run} cannot teach.",
            "It kept no student.",
            "Choose a run that has finished.",
            place="teacher.source",
            run=info.id,
        )
    if not is_intact(info.places.student, info.files):
        raise StudioError(
            "The run {run} cannot teach.",
            "The file of its student is damaged: it is not what was recorded when the run ended.",
            "Train that run again, or choose another teacher.",
            place="teacher.source",
            run=info.id,
        )
    teacher = experiment.teacher.model_copy(update={"source": str(PrefixedKey("run", info.id)), "key": info.student})
    return experiment.model_copy(update={"teacher": teacher})


def _frozen_ensemble(experiment: Experiment, workspace: Workspace) -> Experiment:
    """The experiment with the members of its teacher written out as ids, and the key that follows from them."""
    teacher = experiment.teacher
    runs = member_runs(teacher.members, workspace, "teacher.members")
    ensemble_of(runs, teacher.mean)  # members that do not go together are refused now
    members = tuple(str(PrefixedKey("run", run.id)) for run in runs)
    changed = teacher.model_copy(update={"members": members, "key": key_of(runs, teacher.mean)})
    return experiment.model_copy(update={"teacher": changed})


def teacher_digest(experiment: Experiment, workspace: Workspace) -> str:
    """A sum of the weights of the teacher a run will learn from; empty where it has none or it is trained first.

    Args:
        experiment: with every run written out as its id, see :func:`frozen_source`.

    Raises:
        StudioError: a run it names is gone.
    """
    source = PrefixedKey.parse(experiment.teacher.source)
    if not needs_teacher(experiment):
        return ""
    if experiment.teacher.source == ENSEMBLE:
        runs = member_runs(experiment.teacher.members, workspace, "teacher.members")
        return " ".join([experiment.teacher.mean, *(sha256_of(run.places.student) or "" for run in runs)])
    if source.kind == "pretrained":
        return pretrained_digest(experiment.teacher.key)
    if source.kind == "file":
        return sha256_of(Path(source.name)) or ""
    return sha256_of(workspace.folder(source.name).student) or "" if source.kind == "run" else ""


def network_of_runs(
    source: str, workspace: Workspace, members: Sequence[str] = (), mean: Mean = "probabilities"
) -> str:
    """The network of a teacher that is the student of an earlier run, the ensemble of several, or a file of the studio's.

    Args:
        source: as ``teacher.source`` of an experiment; ``members`` and ``mean`` beside it.

    Returns:
        Its catalogue key; empty where the teacher comes from elsewhere, or a run or file cannot be used, and of a file
        whose network has no key of its own to be built by.
    """
    key = PrefixedKey.parse(source)
    try:
        if source == ENSEMBLE and len(members) > 1:
            runs = [workspace.run(PrefixedKey.parse(member).name) for member in members]
            return "" if any(is_ensemble(run.student) for run in runs) else key_of(runs, mean)
        if key.kind == "file" and not is_foreign(file := Path(key.name)):
            network = read_outline(file).key
            return "" if catalog.find("network", network).keeps_blocks else network
        return workspace.run(key.name).student if key.kind == "run" else ""
    except StudioError:
        return ""


def with_network_of_runs(experiment: Experiment, workspace: Workspace) -> Experiment:
    """The experiment with the network its teacher really is: that of the runs it comes from, whatever stood beside it."""
    teacher = experiment.teacher
    network = network_of_runs(teacher.source, workspace, teacher.members, teacher.mean)
    if not network:
        return experiment
    return experiment.model_copy(update={"teacher": experiment.teacher.model_copy(update={"key": network})})


def bring_teacher(
    experiment: Experiment,
    workspace: Workspace,
    references: Mapping[str, str],
    folder: RunFolder,
    progress: ProgressListener = silent,
) -> Path | None:
    """The weights of the teacher; None where a run has none. They are brought into this run's folder, wherever they are from.

    So a run stays whole when another run or a person's file is deleted. Those of a run are linked where the disk allows
    it: files of weights are replaced, never written into. A person's file is copied. One that another program has saved
    becomes a network of the studio's when the data are known, see :func:`studio.training.foreign_teacher.as_own_file`.

    Args:
        references: role to run id, as far as they have been found or trained.
        progress: told how far a download is; may raise to cancel.

    Raises:
        StudioError: the run or file it comes from is gone, or published weights cannot be had.
        NotWritten: its weights find no place in this run's folder.
    """
    source = PrefixedKey.parse(experiment.teacher.source)
    if not needs_teacher(experiment):
        return None
    if is_whole(folder.teacher):
        return folder.teacher
    if source.kind == "file":
        return _bring_file(Path(source.name), folder)
    if source.kind == "pretrained":
        return bring_pretrained(experiment.teacher.key, source.name, workspace.cache, folder.teacher, progress)
    if experiment.teacher.source == ENSEMBLE:
        members = member_runs(experiment.teacher.members, workspace, "teacher.members")
        ensemble_of(members, experiment.teacher.mean).save(folder.teacher)
        return folder.teacher
    run = source.name if source.kind == "run" else references.get("teacher")
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


def _bring_file(file: Path, folder: RunFolder) -> Path:
    """A copy of a person's file: as the teacher of the run, or beside it where another program has saved it."""
    given = folder.given_teacher.with_suffix(file.suffix.lower())  # the ending tells what kind of file it is
    if given.is_file():
        return given
    if is_foreign(file):
        return keep_copy(file, given, lambda error: _gone(file, error))
    with writing(folder.teacher):
        folder.teacher.unlink(missing_ok=True)  # a damaged one
    return keep_copy(file, folder.teacher, lambda error: _gone(file, error))


def drop_given_teacher(folder: RunFolder) -> None:
    """Remove the copy of another program's file, where the network that was made of it is kept."""
    if folder.teacher.is_file():
        for file in folder.path.glob(f"{folder.given_teacher.name}.*"):
            file.unlink(missing_ok=True)


def _gone(file: Path, error: OSError) -> StudioError:
    return StudioError(
        "The teacher of this run can no longer be read.",
        "Of {path} the system says: {reason}.",
        "Put the file back in its place, or choose another teacher.",
        place="teacher.source",
        path=file,
        reason=os_reason(error),
    )


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
