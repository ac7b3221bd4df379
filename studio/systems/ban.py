"""Born-again networks: every generation is taught by the one before, from new weights; their answers can be averaged."""

from __future__ import annotations

from typing import Literal

from studio import catalog
from studio.core.setting_field import setting
from studio.experiment import Experiment, MethodChoice, References
from studio.methods.born_again import BornAgain, BornAgainSettings
from studio.methods.entry import Aspects, Source
from studio.methods.needs import Needs
from studio.networks.titles import network_title
from studio.systems.base import Average, StepResult, System, TrainStep
from studio.systems.reference_experiments import TEACHER_SEEDS, alone_experiment, without_teacher

TEACHER = "teacher"
#: Between the seeds of two generations of a run, so that the generations of its seeds 0, 1, 2 ... do not meet.
SEEDS_APART = 10_000

Averaged = Literal["first", "last", "none"]


class BanSettings(BornAgainSettings):
    """Settings of a chain of generations, those of one among them."""

    generations: int = setting(
        3, ge=1, le=50, description="How many networks learn, one after the other", label="Generations"
    )
    stop_without_gain: bool = setting(
        False,
        description="End when a generation is no better than the one before, on pictures kept back for choosing",
        label="Stop without gain",
    )
    averaged: Averaged = setting(
        "first",
        description="Whose answers are averaged at the end: of the first two, three ..., of the last two, three ..., or none",
        level="expert",
        label="Average",
    )
    with_teacher: bool = setting(
        False,
        description="Also average the answers of all generations and their first teacher",
        level="expert",
        label="Average with the teacher",
    )


class BornAgainNetworks(System[BanSettings]):
    """The teacher, where it is trained here, then generation after generation."""

    key = "ban"
    title = "Born-again networks"
    words = "Each taught network teaches the next one, which begins from new weights."
    source = Source("Furlanello et al.", "ICML 2018", "Born-again neural networks", year=2018)
    compares = "answers"
    aspects = Aspects("softmax", "softmax", "cross-entropy", "output", missing="logit offset, hidden features")
    needs = Needs(same_classes=True)
    Settings = BanSettings

    def inactive_settings(self, settings: BanSettings) -> frozenset[str]:
        alone = {"stop_without_gain", "averaged"} if settings.generations == 1 else set()
        return BornAgain().inactive_settings(settings) | alone

    def plan(self, experiment: Experiment) -> tuple[TrainStep, ...]:
        settings = _settings(experiment)
        steps = [TrainStep(TEACHER, _teacher(experiment))] if experiment.teacher.source == "train" else []
        for number in range(1, settings.generations + 1):
            before = steps[-1].role if steps else ""
            steps.append(TrainStep(role(number), _generation(experiment, settings, number), taught_by=before))
        if experiment.references.alone:
            steps.append(TrainStep("alone", _same_data(experiment, alone_experiment(experiment))))
        return tuple(steps)

    def next_step(self, experiment: Experiment, done: tuple[StepResult, ...]) -> TrainStep | None:
        rest = self.plan(experiment)[len(done) :]
        if _settings(experiment).stop_without_gain and _gains_nothing(done):
            taken = {step.role for step in done}
            rest = tuple(step for step in self.plan(experiment) if step.role == "alone" and step.role not in taken)
        return rest[0] if rest else None

    def averages(self, experiment: Experiment, done: tuple[StepResult, ...]) -> tuple[Average, ...]:
        settings, learnt = _settings(experiment), _generations(done)
        sizes = range(2, len(learnt) + 1) if settings.averaged != "none" else ()
        found = [Average(learnt[:size] if settings.averaged == "first" else learnt[-size:]) for size in sizes]
        if settings.with_teacher and learnt and any(step.role == TEACHER for step in done):
            found.append(Average((TEACHER, *learnt)))
        return tuple(found)

    def result(self, experiment: Experiment, done: tuple[StepResult, ...]) -> str:
        """The last generation; of a chain that may stop without gain, the best on the pictures kept back."""
        learnt = [step for step in done if step.role.startswith("generation ")]
        if not learnt:
            return ""
        if _settings(experiment).stop_without_gain:
            return max(learnt, key=lambda step: step.validation or 0.0).role
        return learnt[-1].role


def role(number: int) -> str:
    """Of a generation, counted from 1."""
    return f"generation {number}"


def _settings(experiment: Experiment) -> BanSettings:
    return BanSettings(**experiment.method.settings)


def _generations(done: tuple[StepResult, ...]) -> tuple[str, ...]:
    return tuple(step.role for step in done if step.role.startswith("generation "))


def _gains_nothing(done: tuple[StepResult, ...]) -> bool:
    """Whether the last generation is no better than what taught it, as far as both were measured."""
    chain = [step for step in done if step.role != "alone"]
    if len(chain) < 2 or chain[-1].validation is None or chain[-2].validation is None:
        return False
    return chain[-1].validation <= chain[-2].validation


def _same_data(experiment: Experiment, other: Experiment) -> Experiment:
    """``other`` with the very pictures that all generations of ``experiment`` learn from, whatever its own seed."""
    choice = experiment.dataset
    whole = choice.fraction == 1.0 and choice.per_class is None and choice.validation == 0.0
    subset = experiment.seed if choice.subset_seed is None and not whole else choice.subset_seed
    same = choice.divided_as(experiment.seed).model_copy(update={"subset_seed": subset})
    return other.model_copy(update={"dataset": same}).resolved()


def _teacher(experiment: Experiment) -> Experiment:
    """The network the first generation learns from: it has seen what they see, for they are compared as equals."""
    teacher, training = experiment.teacher, experiment.training
    if teacher.epochs is not None:
        training = training.model_copy(update={"epochs": teacher.epochs, "steps": None})
    trained = without_teacher(
        experiment,
        name=f"{network_title(teacher.key)} on {experiment.dataset.title}",
        seed=(teacher.seed + experiment.seed + TEACHER_SEEDS) % 2**31,
        student=experiment.student.replaced(teacher.key),
        training=training,
    )
    return _same_data(experiment, trained)


def _generation(experiment: Experiment, settings: BanSettings, number: int) -> Experiment:
    of_one = {name: getattr(settings, name) for name in BornAgainSettings.model_fields}
    method = MethodChoice(
        key=BornAgain.key,
        settings=of_one,
        also=experiment.method.also,
        task_weight=experiment.method.task_weight,
    )
    teacher = (
        experiment.teacher if number == 1 else experiment.teacher.model_copy(update={"key": experiment.student.network})
    )
    generation = experiment.model_copy(
        update={
            "name": f"{experiment.title}: {role(number)}",
            "seed": (experiment.seed + number * SEEDS_APART) % 2**31,
            "teacher": teacher,
            "method": method,
            "references": References(alone=False),
        }
    )
    return _same_data(experiment, generation)


catalog.register("system", BornAgainNetworks())
