"""Brings the networks of a run together: the teacher read from its file and frozen, the student built or made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from studio.core.errors import StudioError
from studio.core.message import Text, text
from studio.data.base import Dataset
from studio.data.random import mix_seed
from studio.experiment import Experiment
from studio.methods.base import Cast, Stage, Who
from studio.models.files import NETWORK, kind_of, load_model
from studio.networks.base import Input, Network
from studio.networks.blocks import blocks_to_json
from studio.networks.build import build_network
from studio.networks.exchange import copy_of_blocks
from studio.networks.files import load_network
from studio.networks.foreign.recognise import is_foreign
from studio.networks.measure import summarise
from studio.networks.model_network import network_of_model
from studio.networks.normalised_values import refuse_single_values
from studio.networks.other_input import refuse_other_input
from studio.networks.pairing import pair_groups
from studio.networks.table_input import read_encoding
from studio.networks.titles import network_title
from studio.networks.zoo.staged_body import read_grey
from studio.training.foreign_teacher import foreign_teacher

#: The most class names a refusal tells.
_NAMED = 3


@dataclass
class Networks:
    """The networks of a run by role, and the plain facts about them.

    A stage may put another student in the place of the one before: who needs the student asks for it when it is needed.

    ``teacher_order``: for every class of the data, its column in the teacher's logits; None where both agree already
    or the teacher knows other classes.
    """

    student: Network
    teacher: Network | None
    cast: Cast
    teacher_order: Tensor | None
    teacher_knows_classes: bool

    @property
    def by_role(self) -> dict[Who, Network]:
        """Those there are."""
        found: dict[Who, Network] = {"student": self.student}
        return found if self.teacher is None else {**found, "teacher": self.teacher}

    @property
    def recipes(self) -> dict[str, str]:
        """By role the list of blocks a network is made of, as JSON."""
        return {role: blocks_to_json(network.blocks) for role, network in self.by_role.items()}

    def enter(self, stage: Stage, seed: int) -> None:
        """Put the student that ``stage`` begins with in the place of the present one, which stays as it is.

        Args:
            seed: of the experiment.
        """
        if stage.prepare is None:
            return
        made = stage.prepare(self.by_role, mix_seed(seed, "prepare", stage.name))
        self.student = made.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.cast = replace(self.cast, student=summarise(made, network_title(made.key)))

    def to(self, device: torch.device) -> None:
        """Move all to ``device``, weights in channels_last."""
        for network in (self.student, self.teacher):
            if network is not None:
                network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        if self.teacher_order is not None:
            self.teacher_order = self.teacher_order.to(device)


def load_teacher(file: Path, shape: tuple[int, ...]) -> Network:
    """The teacher in ``file``; a model of another kind answers in the place of a network.

    Raises:
        StudioError: it cannot be read.
    """
    return load_network(file) if kind_of(file) == NETWORK else network_of_model(load_model(file), shape)


def set_up_networks(experiment: Experiment, dataset: Dataset, teacher_file: Path | None) -> Networks:
    """Build the student, read the teacher and check that the methods can work with them.

    Raises:
        StudioError: a network cannot read the data, the teacher's file is broken, or a method refuses the pair.
    """
    source = Input(dataset.shape, dataset.mean, dataset.std, dataset.encoding)
    teacher = _teacher(experiment, dataset, teacher_file) if teacher_file is not None else None
    if not experiment.student.is_made_from_teacher:
        student = build_network(
            experiment.student.network, source, dataset.classes, mix_seed(experiment.seed, "student")
        )
    if teacher is not None:
        teacher.requires_grad_(requires_grad=False)
        teacher.eval()
        read_grey(teacher, source.shape)
        refuse_other_input(teacher, source.shape)
        read_encoding(teacher, source.encoding)
    if experiment.student.is_made_from_teacher:
        student = _copy(teacher, dataset.classes)
    student_facts = summarise(student, network_title(student.key))
    teacher_facts = summarise(teacher, network_title(teacher.key)) if teacher is not None else None
    pairs = pair_groups(teacher_facts, student_facts) if teacher_facts is not None else ()
    batch = min(experiment.training.batch_size, len(dataset.train))
    made = experiment.student.is_made_from_teacher
    cast = Cast(student_facts, teacher_facts, pairs, len(dataset.classes), batch, made)
    refuse_single_values(student_facts, batch)
    knows = teacher is not None and set(teacher.classes) == set(dataset.classes)
    if teacher is not None:
        refuse_other_classes(experiment, teacher.classes, dataset.classes)
    _refuse(experiment, cast)
    order = None
    if teacher is not None and knows and teacher.classes != dataset.classes:
        order = torch.tensor([teacher.classes.index(name) for name in dataset.classes])
    return Networks(student, teacher, cast, order, knows)


def _teacher(experiment: Experiment, dataset: Dataset, file: Path) -> Network:
    if is_foreign(file):
        return foreign_teacher(experiment.teacher, file, dataset)
    return load_teacher(file, dataset.shape)


def _copy(teacher: Network | None, classes: tuple[str, ...]) -> Network:
    """A student that begins as the teacher, with its classes in the order of the data where it knows the same."""
    if teacher is None:
        raise StudioError("The student is made from the teacher.", "There is none.", "Choose one.", place="teacher")
    order = classes if set(classes) == set(teacher.classes) else None
    return copy_of_blocks(teacher, order, key=teacher.key).requires_grad_()


def refuse_other_classes(experiment: Experiment, known: tuple[str, ...], classes: tuple[str, ...]) -> None:
    """Refuse a method, or one of ``also``, that compares answers where the teacher names other classes than the data.

    Args:
        known: the classes the teacher names.
        classes: those of the data.

    Raises:
        StudioError: names the first that differ.
    """
    for choice in experiment.method.all:
        needs = choice.entry.needed(choice.typed)
        if needs.same_classes and set(known) != set(classes):
            raise StudioError(
                "{method} compares answers, and this teacher names other classes.",
                _differing(known, classes),
                "Choose a method that looks inside, a teacher trained on the same classes, or switch on “{setting}”."
                if needs.unless
                else "Choose a method that looks inside, or a teacher trained on the same classes.",
                place="teacher",
                offers=("choose_inside", "choose_teacher"),
                method=choice.entry.title,
                setting=needs.unless,
            )


def _refuse(experiment: Experiment, cast: Cast) -> None:
    """Raise where the method, or one of ``also``, cannot work with this cast, or one of its stages has nothing to teach."""
    refused = experiment.method.refused(cast)
    if refused is not None:
        method, reason = refused
        raise StudioError(
            "{method} cannot be used here.", reason, place="method", offers=("choose_method",), method=method
        )
    taught = experiment.method.label_weight > 0 or experiment.method.also
    for stage in experiment.method.method.plan(experiment.method.typed, cast):
        if stage.objective is None and not taught:
            raise StudioError(
                "Nothing would teach the student in the stage “{stage}”.",
                "{method} leaves this stage to the labels, and their weight is 0.",
                "Give the labels a weight, or add another method.",
                place="method.task_weight",
                stage=stage.title,
                method=experiment.method.entry.title,
            )


def _differing(teacher: tuple[str, ...], data: tuple[str, ...]) -> Text:
    """The first names that only one side has, in its own order."""
    of_data = [name for name in data if name not in set(teacher)]
    of_teacher = [name for name in teacher if name not in set(data)]
    if not of_teacher:
        template = "It does not know {data}."
    elif not of_data:
        template = "It also knows {teacher}."
    else:
        template = "The data have {data} where it has {teacher}."
    return text(template, data=_first(of_data), teacher=_first(of_teacher))


def _first(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
