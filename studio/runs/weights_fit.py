"""Whether weights that are there already are those of the networks that were picked, before anything is trained."""

from __future__ import annotations

from pathlib import Path

from studio.core.errors import StudioError, told_of
from studio.core.prefixed_key import PrefixedKey
from studio.data.base import silent
from studio.experiment import RANDOM, Experiment
from studio.insight.network_and_data_info import DataInfo, data_info
from studio.networks.base import Network
from studio.networks.build import outline_network
from studio.networks.files import read_outline
from studio.networks.foreign.answers import start_classes
from studio.networks.foreign.outline import outline_of
from studio.networks.foreign.recognise import is_foreign
from studio.networks.measure import summarise
from studio.networks.start import refuse_start
from studio.networks.titles import network_title
from studio.networks.zoo.published_weights import published_weights
from studio.networks.zoo.staged_body import COLOURS
from studio.runs.method_fit import refuse_pair
from studio.runs.store.workspace import Workspace
from studio.runs.teacher_classes import NamedTeacher, class_names, known_classes
from studio.runs.teacher_outline import refuse_strange_teacher, teacher_outline
from studio.systems.reference_experiments import needs_teacher
from studio.training.network_setup import refuse_other_classes


def refuse_other_weights(experiment: Experiment, workspace: Workspace) -> None:
    """Refuse weights of another network or for other data, a teacher of other classes where answers are compared, and one
    with which the method cannot work.

    What data decide that were not read yet, the training finds out.

    Raises:
        StudioError: names what differs.
    """
    if experiment.student.members:
        return
    try:
        data = data_info(experiment.dataset.key, experiment.dataset.source_settings, workspace.cache)
    except StudioError:
        return  # said where it is met, with its own words
    refused = weights_refusal(experiment, data, workspace)
    if refused is not None:
        raise refused
    if not needs_teacher(experiment):
        return
    teacher = _teacher(experiment)
    known = known_classes(teacher, workspace, data)
    if known and (names := _names_to_compare(experiment, data, workspace)):
        refuse_other_classes(experiment, known, names)
    outline = teacher_outline(teacher, workspace, data)
    if outline is not None:
        refuse_pair(experiment, data, summarise(outline, network_title(outline.key)))


def weights_refusal(experiment: Experiment, data: DataInfo, workspace: Workspace) -> StudioError | None:
    """Why weights that are there already cannot be used with these networks and data; None where they can.

    Of files of the studio's own the description is read, not the weights.
    """
    if experiment.student.members:
        return None
    try:
        if needs_teacher(experiment):
            outline = teacher_outline(_teacher(experiment), workspace, data)
            if outline is not None:
                refuse_strange_teacher(outline, data)
        if experiment.student.init != RANDOM and data.shape is not None and data.classes is not None:
            _refuse_start(experiment, workspace, data.shape, class_names(data, data.classes))
    except StudioError as refused:
        return refused
    return None


def _names_to_compare(experiment: Experiment, data: DataInfo, workspace: Workspace) -> tuple[str, ...]:
    """The classes of the data; of data that are at hand but were not read yet only where a method compares answers."""
    choice = experiment.dataset
    compared = any(each.entry.needed(each.typed).same_classes for each in experiment.method.all)
    if data.names or not compared or choice.source.missing(choice.source_settings, workspace.cache) is not None:
        return data.names
    try:
        return choice.source.load(choice.source_settings, workspace.cache, silent).classes
    except StudioError:
        return ()  # said where it is met, with its own words


def _teacher(experiment: Experiment) -> NamedTeacher:
    choice = experiment.teacher
    return NamedTeacher(choice.key, choice.source, choice.classes)


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
    with told_of("student.init"):
        file = workspace.run(init.name).places.student if init.kind == "run" else Path(init.name)
        if init.kind == "run" or not is_foreign(file):
            return read_outline(file)
        return outline_network(key, shape, start_classes(outline_of(file), key, shape, classes, file))
