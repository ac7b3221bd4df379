"""The weights a student begins with: random ones, those of an earlier run's student, of a file, or published ones."""

from __future__ import annotations

import os
from pathlib import Path

from studio import catalog
from studio.core.errors import StudioError, os_reason, told_of
from studio.core.files import write_whole
from studio.core.prefixed_key import PrefixedKey
from studio.data.base import ProgressListener, silent
from studio.experiment import RANDOM, Experiment
from studio.networks.cut import CUT_PLACE
from studio.networks.files import load_network
from studio.networks.foreign.recognise import is_foreign
from studio.networks.sizes import parameter_count
from studio.networks.titles import network_title
from studio.networks.zoo.published_weights import bring_weights
from studio.runs.files.digests import is_intact, sha256_of
from studio.runs.files.folder import RunFolder
from studio.runs.kept_file import keep_copy
from studio.runs.published_network import bring_pretrained, pretrained_digest
from studio.runs.references import is_whole
from studio.runs.store.workspace import Workspace

_PLACE = "student.init"


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
            raise StudioError("There is no file {path}.", "", "Check the path.", place=_PLACE, path=file)
        if not is_foreign(file):  # what another program has saved is read with the network it is to fit
            load_network(file)  # one that cannot be read is refused now, not after references were trained
        return experiment
    if init.kind == "pretrained":
        _refuse_unpublished(student.key)
        if init.name:
            with told_of(_PLACE):
                bring_weights(student.key, workspace.cache, silent, Path(init.name))
        return experiment
    info = workspace.run(init.name)
    if not info.places.student.is_file() or not is_intact(info.places.student, info.files):
        raise StudioError(
            "A student cannot begin as that of the run {run}.",
            "It kept no student, or its file is not what was recorded when the run ended.",
            "Choose a run that has finished, or train that one again.",
            place=_PLACE,
            run=info.id,
        )
    changed = student.model_copy(update={"init": str(PrefixedKey("run", info.id))})
    return experiment.model_copy(update={"student": changed})


def _refuse_unpublished(network: str) -> None:
    """Raise for a network whose trained weights nobody publishes."""
    if catalog.find("network", network).published(network) is None:
        raise StudioError(
            "{network} cannot begin with published weights.",
            "Nobody publishes any of it.",
            "Choose a network of torchvision or timm, or let it begin with random weights, a file or a run.",
            place=_PLACE,
            network=network_title(network),
        )


def _refuse_cut(network: str) -> None:
    """Raise now, not after references were trained, where a network has too few blocks to be cut so."""
    try:
        parameter_count(network)
    except StudioError as error:
        if error.place == CUT_PLACE:
            raise  # what else is wrong with it depends on the data


def start_digest(experiment: Experiment, workspace: Workspace) -> str:
    """What stands for the weights that the student begins with; empty where they are random, or cannot be read.

    Raises:
        StudioError: the run it names is gone.
    """
    init = PrefixedKey.parse(experiment.student.init)
    if init.kind == "file":
        return sha256_of(Path(init.name)) or ""
    if init.kind == "pretrained":
        return pretrained_digest(experiment.student.key)
    return sha256_of(workspace.folder(init.name).student) or "" if init.kind == "run" else ""


def bring_start(
    experiment: Experiment, workspace: Workspace, folder: RunFolder, progress: ProgressListener = silent
) -> Path | None:
    """The file of the weights that the student begins with; None where they are random.

    They are brought into this run's folder, as a teacher's are: it stays whole, and can be gone on with and repeated, when
    the other run is deleted or the file changes.

    Args:
        progress: told how far a download is; may raise to cancel.

    Raises:
        StudioError: the run or file they come from is gone, or published weights cannot be had.
        NotWritten: they find no place in this run's folder.
    """
    init = PrefixedKey.parse(experiment.student.init)
    if not init.kind:
        return None
    if init.kind == "file":
        file = Path(init.name)
        kept = folder.start.with_suffix(file.suffix.lower())  # the ending tells what kind of file it is
        return keep_copy(file, kept, lambda error: _gone(file, error))
    if is_whole(folder.start):
        return folder.start
    if init.kind == "pretrained":
        with told_of(_PLACE):
            return bring_pretrained(experiment.student.key, init.name, workspace.cache, folder.start, progress)
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
                place=_PLACE,
                run=init.name,
                reason=error.strerror or str(error),
            ) from error
        write_whole(folder.start, content)
    return folder.start


def _gone(file: Path, error: OSError) -> StudioError:
    return StudioError(
        "The weights that the student begins with can no longer be read.",
        "Of {path} the system says: {reason}.",
        "Put the file back in its place, or choose other weights.",
        place=_PLACE,
        path=file,
        reason=os_reason(error),
    )
