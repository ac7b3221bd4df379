"""A small system in which networks are rebuilt while they learn, taught by one that was, and recast again."""

from __future__ import annotations

from typing import Any

from studio.experiment import Experiment, MethodChoice, References
from studio.methods.entry import Aspects, MethodSettings, Source
from studio.methods.needs import Needs
from studio.systems.base import AnyStep, StepResult, System, TrainStep

HALF = {"target": "conv", "ratio": 0.5}


class ToyRecasting(System[MethodSettings]):
    """A teacher, its recast, the recast of that all at once, and a student of the last."""

    key = "toy_recasting"
    title = "Toy chain of rebuilt networks"
    words = "Networks that are made of each other."
    source = Source("-", "-", "-")
    compares = "answers"
    aspects = Aspects("none", "none", "none", "none")
    needs = Needs(same_classes=True)
    Settings = MethodSettings

    def plan(self, experiment: Experiment) -> tuple[AnyStep, ...]:
        alone = experiment.model_copy(
            update={"method": MethodChoice(key="none"), "references": References(alone=False)}
        )
        first = _recast(experiment, experiment.teacher.key, HALF)
        second = _recast(experiment, first.student_network, {**HALF, "order": "simultaneous", "pictures": "plain"})
        taught = _taught_by(experiment, second.student_network, {"method": MethodChoice(key="kd")})
        return (
            TrainStep("teacher", alone.model_copy(update={"seed": 100})),
            TrainStep("recast", first, taught_by="teacher"),
            TrainStep("recast again", second, taught_by="recast"),
            TrainStep("student", taught, taught_by="recast again"),
        )

    def result(self, experiment: Experiment, done: tuple[StepResult, ...]) -> str:
        del experiment
        return done[-1].role


def _recast(experiment: Experiment, network: str, settings: dict[str, Any]) -> Experiment:
    student = experiment.student.model_copy(update={"key": "recast"})
    return _taught_by(
        experiment, network, {"method": MethodChoice(key="recast", settings=settings), "student": student}
    )


def _taught_by(experiment: Experiment, network: str, changes: dict[str, Any]) -> Experiment:
    teacher = experiment.teacher.model_copy(update={"key": network})
    return experiment.model_copy(update={"teacher": teacher, "references": References(alone=False), **changes})
