"""What a person picked, told in the words of the forms it was picked in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel

from studio.core.prefixed_key import PrefixedKey
from studio.core.setting_text import Wording
from studio.experiment import RANDOM
from studio.networks.titles import network_title
from studio.systems.reference_experiments import needs_teacher

if TYPE_CHECKING:
    from studio.experiment import Experiment
    from studio.experiment.choices import AlsoChoice, MethodChoice


class SettingLine(NamedTuple):
    """A setting in words.

    Attributes:
        name: what it is called in the file of an experiment.
    """

    label: str
    value: str
    name: str


#: As an experiment has them; ``training`` holds the references and the seed too.
Part = Literal["dataset", "teacher", "student", "method", "training"]
#: Where a teacher comes from, by the beginning of ``teacher.source``.
_ORIGINS = {
    "": "trained first",
    "run": "the run {name}",
    "file": "the file {name}",
    "pretrained": "its publisher",
}


@dataclass(frozen=True)
class Paragraph:
    """A part of an experiment: its title and its settings."""

    part: Part
    title: str
    lines: tuple[SettingLine, ...]


def settings_text(experiment: Experiment) -> list[Paragraph]:
    """The parts of an experiment that decided something, in the order of the panel."""
    dataset, training = experiment.dataset, experiment.training
    data = {"key", "augmentation", *(["fraction"] if dataset.per_class is not None else ())}
    paragraphs = [
        Paragraph(
            "dataset",
            "Data",
            (
                SettingLine("Data", dataset.title, "key"),
                *_lines(dataset.source_settings),
                *_lines(dataset, skip=data),
                *(_lines(dataset.varied) if dataset.source.kind == "pictures" else ()),
            ),
        )
    ]
    if needs_teacher(experiment):
        paragraphs.append(Paragraph("teacher", "Teacher", tuple(_teacher(experiment))))
    paragraphs.append(Paragraph("student", "Student", tuple(_student(experiment))))
    paragraphs.append(Paragraph("method", "Method", tuple(_methods(experiment))))
    budget = {"epochs"} if training.steps is not None else set()
    seed = SettingLine("Seed", str(experiment.seed), "seed")
    rest = (*_lines(training, skip=budget), *_lines(experiment.references), seed)
    return [*paragraphs, Paragraph("training", "Training", rest)]


def _student(experiment: Experiment) -> Iterator[SettingLine]:
    yield SettingLine("Network", network_title(experiment.student_network), "key")
    if experiment.student.init != RANDOM:
        yield SettingLine("Begins with", experiment.student.init, "init")


def _teacher(experiment: Experiment) -> Iterator[SettingLine]:
    teacher = experiment.teacher
    source = PrefixedKey.parse(teacher.source)
    yield SettingLine("Network", network_title(teacher.key), "key")
    yield SettingLine("Comes from", _ORIGINS[source.kind].format(name=source.name), "source")
    own = {"epochs", "fraction", "seed"} if source.kind else set()
    yield from _lines(teacher, skip={"key", "source", *own})


def _methods(experiment: Experiment) -> Iterator[SettingLine]:
    yield from _settings(experiment.method)
    for also in experiment.method.also:
        yield from _settings(also, "Together with")
    if experiment.method.entry.weighs_labels:
        yield from _lines(experiment.method, skip={"key", "settings", "also"})


def _settings(choice: MethodChoice | AlsoChoice, beginning: str = "Method") -> Iterator[SettingLine]:
    yield SettingLine(beginning, choice.entry.name(choice.typed), "key")
    yield from _lines(choice.typed, skip=choice.entry.inactive_settings(choice.typed))


def _lines(model: BaseModel, skip: Sequence[str] | set[str] | frozenset[str] = ()) -> Iterator[SettingLine]:
    """The settings of a model by their words, those of tables inside it among them; what is empty is left out."""
    for name, info in type(model).model_fields.items():
        value: Any = getattr(model, name)
        if name in skip or value in (None, "", [], ()):
            continue
        if isinstance(value, BaseModel):
            yield from _lines(value)
        elif not isinstance(value, Mapping):
            wording = Wording.of(name, info.json_schema_extra)
            yield SettingLine(wording.label, wording.value_text(value), name)
