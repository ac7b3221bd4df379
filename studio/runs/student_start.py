"""The weights a student begins with: random ones, those of an earlier run's student, or of a file."""

from __future__ import annotations

import os
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.files import write_whole
from studio.core.prefixed_key import PrefixedKey
from studio.experiment import RANDOM, Experiment
from studio.networks.cut import CUT_PLACE
from studio.networks.files import load_network
from studio.networks.sizes import parameter_count
from studio.networks.titles import network_title
from studio.runs.files.digests import is_intact, sha256_of
from studio.runs.files.folder import RunFolder
from studio.runs.references import is_whole
from studio.runs.store.workspace import Workspace


def frozen_start(experiment: Experiment, workspace: Workspace) -> Experiment:
    """The experiment with ``run:<beginning>`` written out as the id of the run whose student the student begins as.

    Raises:
        StudioError: there are no such weights, or they cannot be read; or its network cannot be cut as asked.
    """
    student = experiment.student
    if student.cut is not None:
        _refuse_cut(student.network)
    init = PrefixedKey.parse(student.init)
    if student.init == RANDOM:
        return experiment
    if init.kind == "file":
        file = Path(init.name)
        if not file.is_file():
            raise StudioError("There is no file {path}.", "", "Check the path.", place="student.init", path=file)
        load_network(file)  # one that cannot be read is refused now, not after references were trained
        return experiment
    if init.kind != "run":
        raise StudioError(
            "{network} cannot begin with published weights.",
            "There are none for it.",
            "Let it begin with random weights, a file or a run.",
            place="student.init",
            network=network_title(student.network),
        )
    info = workspace.run(init.name)
    if not info.places.student.is_file() or not is_intact(info.places.student, info.files):
        raise StudioError(
            "A student cannot begin as that of the run {run}.",
            "It kept no student, or its file is not what was recorded when the run ended.",
            "Choose a run that has finished, or train that one again.",
            place="student.init",
            run=info.id,
        )
    changed = student.model_copy(update={"init": str(PrefixedKey("run", info.id))})
    return experiment.model_copy(update={"student": changed})


def _refuse_cut(network: str) -> None:
    """Raise now, not after references were trained, where a network has too few blocks to be cut so."""
    try:
        parameter_count(network)
    except StudioError as error:
        if error.place == CUT_PLACE:
            raise  # what else is wrong with it depends on the data


def start_digest(experiment: Experiment, workspace: Workspace) -> str:
    """A sum of the weights that the student begins with; empty where they are random, or cannot be read.

    Raises:
        StudioError: the run it names is gone.
    """
    init = PrefixedKey.parse(experiment.student.init)
    if init.kind == "file":
        return sha256_of(Path(init.name)) or ""
    return sha256_of(workspace.folder(init.name).student) or "" if init.kind == "run" else ""


def bring_start(experiment: Experiment, workspace: Workspace, folder: RunFolder) -> Path | None:
    """The file of the weights that the student begins with; None where they are random.

    Those of another run are brought into this one's folder, as a teacher's are: it stays whole when the other is deleted.

    Raises:
        StudioError: the run they come from is gone.
        NotWritten: they find no place in this run's folder.
    """
    init = PrefixedKey.parse(experiment.student.init)
    if init.kind == "file":
        return Path(init.name)
    if init.kind != "run":
        return None
    if is_whole(folder.start):
        return folder.start
    weights = workspace.folder(init.name).student
    try:
        os.link(weights, folder.start)
    except OSError:
        try:
            content = weights.read_bytes()
        except OSError as error:
            raise StudioError(
                "A student cannot begin as that of the run {run}.",
                "What it learnt can no longer be read: {reason}.",
                "Bring it back from the bin if it was deleted, or choose other weights.",
                place="student.init",
                run=init.name,
                reason=error.strerror or str(error),
            ) from error
        write_whole(folder.start, content)
    return folder.start
