"""What the tests of chains share: small systems, chains of them run whole or broken off, and what must come out equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np

from studio import catalog
from studio.core.arrays import read_arrays
from studio.core.setting_field import setting
from studio.events import Event, Progress, Terms
from studio.experiment import Experiment, MethodChoice, References, validated
from studio.methods.entry import Aspects, MethodSettings, Source
from studio.methods.needs import Needs
from studio.runs.files.chain import Chain, read_chain
from studio.runs.run_info import RunInfo, read_history
from studio.runs.store.workspace import Workspace
from studio.systems.base import AnyStep, Average, ProcedureStep, StepResult, System, TrainStep
from tests.systems.toy_procedures import NearestCentreKind, ToyCases, ToyCentres
from tests.systems.toy_recasting import ToyRecasting
from tests.systems.toy_stages import ToyStages


class Killed(BaseException):
    """Ends the process, as far as a test can."""


class ToySettings(MethodSettings):
    """Settings of the toy."""

    rounds: int = setting(3, ge=1, le=9, description="How many learn", label="Rounds")


class Toy(System[ToySettings]):
    """Two procedures, three rounds, each taught by the one before, and one average: all a system can be.

    The second round takes more stages than its method expects.
    """

    key = "toy"
    title = "Toy chain"
    words = "Rounds that teach each other."
    source = Source("-", "-", "-")
    compares = "answers"
    aspects = Aspects("none", "none", "none", "none")
    needs = Needs(same_classes=True)
    Settings = ToySettings

    def plan(self, experiment: Experiment) -> tuple[AnyStep, ...]:
        rounds = ToySettings(**experiment.method.settings).rounds
        alone = experiment.model_copy(
            update={"method": MethodChoice(key="none"), "references": References(alone=False)}
        )
        cases = alone.model_copy(update={"method": MethodChoice(key="toy_cases")})
        centres = alone.model_copy(update={"method": MethodChoice(key="toy_centres")})
        steps: list[AnyStep] = [
            TrainStep("teacher", alone.model_copy(update={"seed": 100})),
            ProcedureStep("cases", cases, taught_by="teacher"),
            ProcedureStep("centres", centres, uses={"cases": "cases"}),
        ]
        taught_by = "teacher"
        for number in range(1, rounds + 1):
            method = MethodChoice(key=ToyStages.key if number == 2 else "kd")
            taught = experiment.model_copy(update={"method": method, "seed": number})
            steps.append(TrainStep(f"round {number}", taught, taught_by=taught_by))
            taught_by = steps[-1].role
        return tuple(steps)

    def averages(self, experiment: Experiment, done: tuple[StepResult, ...]) -> tuple[Average, ...]:
        del experiment
        rounds = tuple(step.role for step in done if step.role.startswith("round"))
        return (Average(rounds),) if len(rounds) > 1 else ()

    def result(self, experiment: Experiment, done: tuple[StepResult, ...]) -> str:
        del experiment
        return done[-1].role


@contextmanager
def toy_in_catalog() -> Iterator[None]:
    """The toy can be named in experiments meanwhile."""
    catalog.register("system", Toy())
    catalog.register("system", ToyRecasting())
    catalog.register("method", ToyStages())
    catalog.register("procedure", ToyCases())
    catalog.register("procedure", ToyCentres())
    catalog.register("model", NearestCentreKind())
    try:
        yield
    finally:
        catalog.unregister("system", Toy.key)
        catalog.unregister("system", ToyRecasting.key)
        catalog.unregister("method", ToyStages.key)
        catalog.unregister("procedure", ToyCases.key)
        catalog.unregister("procedure", ToyCentres.key)
        catalog.unregister("model", NearestCentreKind.key)


#: A chain of every system, small enough to be run many times.
CHAINS: dict[str, dict[str, Any]] = {
    "toy": {"method": {"key": "toy"}},
    "networks rebuilt": {
        "method": {"key": "toy_recasting"},
        "dataset": {"key": "digits", "per_class": 4},
        "teacher": {"key": "cnn-4"},
        "student": {"key": "cnn-4"},
        "training": {"epochs": 4, "batch_size": 20},
    },
    "ban": {
        "method": {"key": "ban", "settings": {"generations": 2, "with_teacher": True}},
        "dataset": {"key": "moons", "validation": 0.2},
        "references": {"alone": True},
    },
    "ban, taught by shuffled answers": {
        "method": {"key": "ban", "settings": {"generations": 2, "teaches": "permuted", "averaged": "last"}}
    },
    "ba_tree": {
        "method": {"key": "ba_tree", "settings": {"trees": 5, "cases": 300}},
        "dataset": {"key": "iris"},
        "teacher": {"key": "boosted-trees"},
        "student": {"key": "tree"},
        "references": {"alone": True},
    },
    "compress": {
        "method": {"key": "compress", "settings": {"members": 10, "cases": 250, "steps": 600}},
        "dataset": {"key": "iris"},
        "teacher": {"key": "library"},
        "references": {"alone": True},
    },
    "assistant": {
        "method": {"key": "assistant", "settings": {"assistants": "mlp-20-20"}},
        "teacher": {"key": "mlp-100-100"},
    },
}


def small_chain(name: str, **changes: Any) -> Experiment:
    """One of :data:`CHAINS` on points."""
    tables: dict[str, Any] = {
        "dataset": {"key": "moons"},
        "teacher": {"key": "mlp-8-8"},
        "student": {"key": "mlp-8-8"},
        "training": {"epochs": 2, "batch_size": 64},
    }
    return validated({**tables, **CHAINS[name], **changes})


class KillAt:
    """A listener that kills at the n-th event, or counts them all; those that come by the clock are not counted."""

    def __init__(self, number: int | None = None) -> None:
        self.number = number
        self.heard: list[Event] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, (Progress, Terms)):
            return
        self.heard.append(event)
        if len(self.heard) - 1 == self.number:
            raise Killed


def reached(workspace: Workspace, info: RunInfo) -> dict[str, Any]:
    """All that must come out equal, however often a chain was broken off: names of runs and times left out."""
    chain = read_chain(info.places) or Chain()
    runs = {step.role: step.run for step in chain.steps}
    runs |= {" ".join(average.members): average.run for average in chain.averages}
    return {
        "roles": [(step.role, step.taught_by, step.accuracy, step.validation) for step in chain.steps],
        "averages": [(average.members, average.mean, average.accuracy) for average in chain.averages],
        "result": chain.result,
        "weights": {role: file.read_bytes() for role, file in kept(workspace, runs, "student").items()},
        "arrays": {role: file.read_bytes() for role, file in kept(workspace, runs, "arrays").items()},
        "items": {role: items(workspace.run(run)) for role, run in runs.items()},
        "observed": {role: observed(workspace.run(run)) for role, run in runs.items()},
        "own": info.places.student.read_bytes(),
        "answers": {name: array.tobytes() for name, array in read_arrays(info.places.predictions).items()},
        "curve": np.column_stack([read_history(info).test.x, read_history(info).test.y]).tolist(),
        "sentence": str(info.sentence),
        "plan": [(band.name, band.begin, band.end) for band in read_history(info).plan],
        "models": [
            (told.role, told.members, told.accuracy, told.low, told.step, told.differences)
            for told in read_history(info).models.values()
        ],
        "moments": [moment.step for moment in read_history(info).moments],
    }


def kept(workspace: Workspace, runs: Mapping[str, str], what: Literal["student", "arrays"]) -> dict[str, Path]:
    """By role what runs kept of one kind, where they did."""
    files = {role: getattr(workspace.folder(run), what) for role, run in runs.items()}
    return {role: file for role, file in files.items() if file.is_file()}


def items(info: RunInfo) -> dict[str, Any]:
    """Of a procedure how many items are done of how many, and their numbers."""
    history = read_history(info)
    numbers = {name: series.y.tolist() for name, series in history.numbers.items()}
    return {"done": (history.item.item, history.item.items) if history.item else None, "numbers": numbers}


def observed(info: RunInfo) -> dict[str, list[list[float]]]:
    """What the stages of a run watched: steps and readings by name."""
    return {name: [series.x.tolist(), series.y.tolist()] for name, series in read_history(info).observed.items()}
