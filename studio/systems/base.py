"""System, TrainStep, ProcedureStep, StepResult, Average: the words in which several trainings are written down.

``runs`` takes the steps.

A system answers :meth:`System.next_step` until it returns None. Every step is a run of its own with a role and a parent;
what a step learns from is said by role too, so that a plan can be made before any of its runs exists.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.core.ensemble_keys import Mean
from studio.core.score import Score
from studio.core.score_scale import ACCURACY_SCALE, ScoreScale
from studio.experiment import Experiment
from studio.methods.entry import MethodEntry, MethodSettings, S
from studio.methods.procedure import AnyProcedure, Procedure


@dataclass(frozen=True)
class TrainStep:
    """One training of a system.

    Attributes:
        role: what the model that learns is in the whole: "teacher", "generation 2", "assistant 1", ...
        experiment: what is trained; its teacher's ``source`` holds only where ``taught_by`` is empty.
        taught_by: the role of the earlier step whose model teaches; empty where the experiment's own teacher does.
    """

    role: str
    experiment: Experiment
    taught_by: str = ""


@dataclass(frozen=True)
class ProcedureStep:
    """One procedure of a system: a run of its own like a training, with a role and a parent, found again when it is equal.

    Attributes:
        role: what it is in the whole: "library", "cases", "tree", ...
        experiment: whose method is the procedure; its teacher's ``source`` holds only where ``taught_by`` is empty.
        taught_by: the role of the earlier step whose model it asks; empty where the experiment's own teacher is asked,
            or none.
        uses: by the name the procedure knows them by, the roles of the earlier procedures whose arrays it is given.
    """

    role: str
    experiment: Experiment
    taught_by: str = ""
    uses: Mapping[str, str] = field(default_factory=dict)


AnyStep = TrainStep | ProcedureStep


@dataclass(frozen=True)
class StepResult:
    """What a finished step reached.

    Attributes:
        scores: on the test part by name, to be shown and never decided by.
        validation: accuracy on the pictures kept back for choosing, a fraction; None where none are kept back.
    """

    role: str
    scores: Mapping[str, Score] = field(default_factory=dict)
    validation: float | None = None


@dataclass(frozen=True)
class Average:
    """Models whose answers are averaged at the end; nothing is trained for it.

    Attributes:
        members: roles of finished steps, at least two.
    """

    members: tuple[str, ...]
    mean: Mean = "probabilities"


class System(MethodEntry[S]):
    """A named way that takes several trainings. One file a system."""

    def brings_terms(self, settings: S) -> bool:
        del settings
        return True

    @abstractmethod
    def plan(self, experiment: Experiment) -> tuple[AnyStep, ...]:
        """The steps as far as they can be known, for bands, estimates and time left.

        Args:
            experiment: whose ``method.key`` names this system.
        """

    def next_step(self, experiment: Experiment, done: tuple[StepResult, ...]) -> AnyStep | None:
        """The step after those that are done, decided by what they reached; None when all is done. A pure function."""
        plan = self.plan(experiment)
        return plan[len(done)] if len(done) < len(plan) else None

    def averages(self, experiment: Experiment, done: tuple[StepResult, ...]) -> tuple[Average, ...]:
        """The ensembles to measure at the end, of steps that are done."""
        del experiment, done
        return ()

    def headline(self, experiment: Experiment) -> ScoreScale:
        """The score that counts in the whole: that of its last step which is not there for comparison."""
        last = next(step for step in reversed(self.plan(experiment)) if step.role != "alone")
        return headline_of(last.experiment)

    @abstractmethod
    def result(self, experiment: Experiment, done: tuple[StepResult, ...]) -> str:
        """The role of the step whose model is what the whole has made; empty where none is done that could be."""


AnySystem = System[MethodSettings]
"""A system found by its key. It is given experiments whose settings are what its own ``Settings`` make."""


def procedure_of(experiment: Experiment) -> AnyProcedure | None:
    """The procedure an experiment names, or None where it is a training or a system."""
    entry = experiment.method.entry
    return entry if isinstance(entry, Procedure) else None


def headline_of(experiment: Experiment) -> ScoreScale:
    """What the score that counts in a run of this experiment means."""
    if (procedure := procedure_of(experiment)) is not None:
        return procedure.headline(experiment.method.typed)
    system = system_of(experiment)
    return system.headline(experiment) if system is not None else ACCURACY_SCALE


def system_of(experiment: Experiment) -> AnySystem | None:
    """The system an experiment names, or None where it is one training."""
    entry = experiment.method.entry
    return entry if isinstance(entry, System) else None
