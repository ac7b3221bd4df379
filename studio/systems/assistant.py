"""Teacher assistants: a chain of sizes, each taught by the one before, from a large teacher down to a small student."""

from __future__ import annotations

from pydantic import field_validator

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.experiment import Experiment, MethodChoice, References
from studio.methods.entry import Aspects, MethodSettings, Source
from studio.methods.needs import Cast, Needs
from studio.networks.sizes import sizes_between
from studio.networks.titles import network_title
from studio.systems.base import StepResult, System, TrainStep
from studio.systems.reference_experiments import TEACHER_SEEDS, alone_experiment, teacher_experiment

TEACHER, STUDENT = "teacher", "student"


class AssistantSettings(MethodSettings):
    """Settings of a chain of sizes."""

    count: int = setting(
        1,
        ge=1,
        le=10,
        description="How many networks stand between teacher and student, where none are named",
        label="Assistants",
    )
    assistants: str = setting(
        "",
        max_length=500,
        description="The networks in between from large to small, with commas: resnet-32, resnet-14; proposed if empty",
        label="Networks in between",
        empty="proposed",
    )
    weight: float = setting(
        0.9,
        ge=0,
        le=100,
        description="How much the answers of the network before count",
        step=0.1,
        level="expert",
        label="Weight of soft targets",
    )
    temperature: float = setting(
        4.0, ge=1, le=20, description="Evens out the answers of the network before", step=0.5, label="Temperature"
    )

    @field_validator("assistants")
    @classmethod
    def _known(cls, assistants: str) -> str:
        for key in _keys(assistants):
            try:
                catalog.find("network", key)
            except StudioError as error:
                raise ValueError(str(error)) from error
        return assistants


class TeacherAssistants(System[AssistantSettings]):
    """The teacher, where it is trained here, then one assistant after the other, the student last."""

    key = "assistant"
    title = "Teacher assistants"
    words = "Networks of sizes in between pass on what a much larger teacher knows."
    source = Source("Mirzadeh et al.", "AAAI 2020", "Improved knowledge distillation via teacher assistant", year=2020)
    compares = "answers"
    aspects = Aspects(
        "softmax at T", "softmax at T", "KL divergence", "output", missing="logit offset, hidden features"
    )
    needs = Needs(same_classes=True)
    task_weight = 0.1
    Settings = AssistantSettings

    def inactive_settings(self, settings: AssistantSettings) -> frozenset[str]:
        return frozenset({"count"}) if _keys(settings.assistants) else frozenset()

    def refusal(self, settings: AssistantSettings, cast: Cast) -> Text | None:
        unmet = super().refusal(settings, cast)
        if unmet is not None or cast.teacher is None or _between(settings, cast.teacher.key, cast.student.key):
            return unmet
        return Text(
            "The catalogue has no network of the student's family between {teacher} and {student} in size: name one.",
            {"teacher": cast.teacher.title, "student": cast.student.title},
        )

    def plan(self, experiment: Experiment) -> tuple[TrainStep, ...]:
        settings = AssistantSettings(**experiment.method.settings)
        steps = []
        if experiment.teacher.source == "train":
            steps.append(TrainStep(TEACHER, teacher_experiment(experiment)))
        between = _between(settings, experiment.teacher.key, experiment.student.key)
        taught_by = experiment.teacher.key
        for number, key in enumerate((*between, experiment.student.key), start=1):
            role = STUDENT if number > len(between) else f"assistant {number}"
            before = steps[-1].role if steps else ""
            steps.append(TrainStep(role, _taught(experiment, settings, role, key, taught_by, number), taught_by=before))
            taught_by = key
        if experiment.references.alone:
            steps.append(TrainStep("alone", alone_experiment(experiment)))
        return tuple(steps)

    def result(self, experiment: Experiment, done: tuple[StepResult, ...]) -> str:
        del experiment
        return STUDENT if any(step.role == STUDENT for step in done) else ""


def _keys(assistants: str) -> tuple[str, ...]:
    return tuple(key for word in assistants.split(",") if (key := word.strip()))


def _between(settings: AssistantSettings, teacher: str, student: str) -> tuple[str, ...]:
    """The networks in between, from large to small: those named, else proposed ones."""
    return _keys(settings.assistants) or sizes_between(teacher, student, settings.count)


def _taught(
    experiment: Experiment, settings: AssistantSettings, role: str, key: str, taught_by: str, number: int
) -> Experiment:
    """The training of one network by soft targets of the one before; the student's as it would be without assistants.

    Assistants have, as the teacher, seeds that all students share, and learn from the teacher's share of the data.
    """
    method = MethodChoice(
        key="kd",
        settings={"weight": settings.weight, "temperature": settings.temperature},
        also=experiment.method.also,
        task_weight=experiment.method.label_weight,
    )
    changes: dict[str, object] = {
        "name": f"{experiment.title}: {network_title(key)}",
        "teacher": experiment.teacher.model_copy(update={"key": taught_by}),
        "student": experiment.student if role == STUDENT else experiment.student.replaced(key),
        "method": method,
        "references": References(alone=False),
    }
    if role != STUDENT:
        reference = teacher_experiment(experiment)
        seed = (experiment.teacher.seed + TEACHER_SEEDS + number) % 2**31
        changes |= {"seed": seed, "dataset": reference.dataset, "training": reference.training}
    return experiment.model_copy(update=changes).resolved()


catalog.register("system", TeacherAssistants())
