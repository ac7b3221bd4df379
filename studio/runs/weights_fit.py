"""Whether weights that are there already are those of the networks that were picked, before anything is trained."""

from __future__ import annotations

from pathlib import Path

from studio.core.errors import StudioError, told_of
from studio.core.prefixed_key import PrefixedKey
from studio.experiment import RANDOM, Experiment
from studio.insight.network_and_data_info import DataInfo, data_info
from studio.networks.base import Network
from studio.networks.build import outline_network
from studio.networks.files import load_network
from studio.networks.foreign.answers import start_classes
from studio.networks.foreign.outline import outline_of
from studio.networks.foreign.recognise import is_foreign
from studio.networks.start import refuse_start
from studio.networks.zoo.published_weights import published_weights
from studio.networks.zoo.staged_body import COLOURS
from studio.runs.store.workspace import Workspace
from studio.runs.teacher_classes import NamedTeacher, known_classes
from studio.systems.reference_experiments import needs_teacher
from studio.training.network_setup import refuse_other_classes


def refuse_other_weights(experiment: Experiment, workspace: Workspace) -> None:
    """Refuse weights of another network, and a teacher of other classes where answers are compared.

    What data decide that were not read yet, the training finds out.

    Raises:
        StudioError: names the layers or classes that differ.
    """
    if experiment.student.members:
        return
    try:
        data = data_info(experiment.dataset.key, experiment.dataset.source_settings, workspace.cache)
    except StudioError:
        return  # said where it is met, with its own words
    if needs_teacher(experiment):
        choice = experiment.teacher
        known = known_classes(NamedTeacher(choice.key, choice.source, choice.classes), workspace, data)
        if known and data.names:
            refuse_other_classes(experiment, known, data.names)
    if experiment.student.init != RANDOM and data.shape is not None and data.classes is not None:
        _refuse_start(experiment, workspace, data.shape, _names(data, data.classes))


def _names(data: DataInfo, count: int) -> tuple[str, ...]:
    """Those of the classes; numbers where they were not read yet."""
    return data.names or tuple(map(str, range(count)))


def _refuse_start(
    experiment: Experiment, workspace: Workspace, shape: tuple[int, ...], classes: tuple[str, ...]
) -> None:
    try:
        student = outline_network(experiment.student.network, shape, classes)
    except StudioError:
        return  # that it cannot read such data is said where it is built
    refuse_start(student, _start_outline(experiment, workspace, shape, classes))


def _start_outline(
    experiment: Experiment, workspace: Workspace, shape: tuple[int, ...], classes: tuple[str, ...]
) -> Network:
    """The network whose weights the student is to begin with."""
    key, init = experiment.student.key, PrefixedKey.parse(experiment.student.init)
    if init.kind == "pretrained":
        published = published_weights(key)
        return outline_network(key, published.input_for(COLOURS).shape, published.classes)
    if init.kind == "run":
        return load_network(workspace.folder(init.name).student)
    file = Path(init.name)
    if not is_foreign(file):
        return load_network(file)
    with told_of("student.init"):
        return outline_network(key, shape, start_classes(outline_of(file), key, shape, classes, file))
