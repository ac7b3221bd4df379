"""Whether a checkpoint fits the run it is to go on with: its names, shapes and order are held against the run's own plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import torch
from torch import Tensor, nn

from studio.core.message import text
from studio.events import StageBand
from studio.experiment import Optimizer
from studio.methods.base import Cast, Stage, StageRecord
from studio.networks.base import Network
from studio.training.checkpoint_content import (
    CheckpointContent,
    DamagedCheckpoint,
    StoredGroup,
    StoredStage,
    check_tensors,
    is_like,
)
from studio.training.network_setup import Networks
from studio.training.optimisers import build_optimiser, stage_settings
from studio.training.setup import Setup
from studio.training.stage_memory import StageMemory, record_of
from studio.training.stage_objective import StageObjective
from studio.training.stage_plan import StagePlan
from studio.training.trainable_parts import prepare_trainable_parts


class ResumeCheck:
    """Goes through a checkpoint in the order in which a run would be put back, and puts back nothing.

    Args:
        plan: as the run would begin.
        next_stage: the stage after those that are over, None where all are.
        build: the objective of a stage, from what earlier ones learnt, for the networks it works with.
    """

    def __init__(
        self,
        setup: Setup,
        plan: StagePlan,
        next_stage: Callable[[tuple[StageRecord, ...]], Stage | None],
        build: Callable[[Stage, Mapping[str, Tensor], Cast], StageObjective],
    ) -> None:
        self._setup = setup
        self._plan = plan
        self._next_stage = next_stage
        self._build = build

    def check(self, saved: CheckpointContent) -> None:
        """Pass a checkpoint that the run can go on from; nothing of the run is changed but what every stage sets anew.

        Raises:
            DamagedCheckpoint: something in it does not fit.
        """
        networks = replace(self._setup.networks)  # what the stages built is built again beside those of the run
        memory, plan = self._check_done(saved, networks)
        stage = self._stage_after(memory.done)
        band = plan.with_stage(len(memory.done), stage).bands[len(memory.done)]
        if not band.begin <= saved.step <= band.end:
            raise DamagedCheckpoint("Its step is not one of the stage it is of.")
        networks.enter(stage, self._setup.experiment.seed)
        if saved.recipes and saved.recipes != networks.recipes:
            raise DamagedCheckpoint("Its networks are made of other blocks.")
        check_tensors(saved.student, networks.student.state_dict(), text("the student"))
        if not all(bool(tensor.isfinite().all()) for tensor in saved.student.values()):
            raise DamagedCheckpoint("Its weights are not all numbers.")
        objective = self._build(stage, saved.learnt, networks.cast)
        guide = {} if objective.connects else memory.connectors.state_dict()
        check_tensors(saved.guide, guide, text("the connectors of an earlier stage"))
        check_tensors(saved.loop.objective, objective.state_dict(), text("the objective"))
        self._check_optimiser(saved, stage, networks.student, objective, saved.step - band.begin)
        self._check_numbers(saved)

    def _stage_after(self, done: tuple[StageRecord, ...]) -> Stage:
        stage = self._next_stage(done)
        if stage is None:
            raise DamagedCheckpoint("It is of a stage that this run does not have.")
        return stage

    def _check_done(self, saved: CheckpointContent, networks: Networks) -> tuple[StageMemory, StagePlan]:
        """The stages that are over, as far as they can be known without what they learnt, and the plan with them."""
        memory, expected, plan = StageMemory(), dict[str, Tensor](), self._plan
        for stored in saved.done:
            stage = self._stage_after(memory.done)
            plan = plan.with_stage(len(memory.done), stage)
            self._check_stage(stored, stage, plan.bands[len(memory.done)])
            if saved.format > 1 and (stored.validation_accuracy is not None) != (stage.labels and self._chooses):
                raise DamagedCheckpoint("It does not say what its stage “{name}” was worth.", name=stored.name)
            inherits = tuple(f"{name}." for name in stage.inherits)
            inherited = {name: tensor for name, tensor in expected.items() if name.startswith(inherits)}
            learnt = {name: saved.learnt[name] for name in inherited if name in saved.learnt}
            check_tensors(learnt, inherited, text("earlier stages"))  # before it begins with them
            networks.enter(stage, self._setup.experiment.seed)
            objective = self._build(stage, learnt, networks.cast)
            if objective.own is not None:
                expected.update(objective.own.state_dict())
            memory.begin(objective)
            memory.done = (*memory.done, record_of(stored))
        check_tensors(saved.learnt, expected, text("earlier stages"))
        return memory, plan

    def _check_stage(self, stored: StoredStage, stage: Stage, band: StageBand) -> None:
        steps = band.end - band.begin
        if (stored.name, stored.steps, stored.epochs) != (stage.name, steps, steps // self._per_epoch):
            raise DamagedCheckpoint("Its stage “{name}” is not one of this run.", name=stored.name[:80])

    def _check_optimiser(
        self, saved: CheckpointContent, stage: Stage, student: Network, objective: StageObjective, steps: int
    ) -> None:
        """What the optimiser keeps must be what one of its kind keeps of these parameters after so many steps."""
        settings, _ = stage_settings(self._setup.experiment.training, stage.optimizer)
        trained = prepare_trainable_parts(student, objective, stage.trains)
        stored, fresh = saved.loop.optimiser, build_optimiser(settings, trained)
        (group,) = fresh.state_dict()["param_groups"]
        if len(stored.param_groups) != 1 or not _is_group(stored.param_groups[0], group):
            raise DamagedCheckpoint("Its optimiser is not the one of this stage.")
        if saved.loop.updated is not None and saved.loop.updated != len(stored.state):
            raise DamagedCheckpoint("What its optimiser keeps is not complete.")
        expected = _kept_by(settings)
        for index, kept in stored.state.items():
            if not 0 <= index < len(trained) or not _is_kept(kept, expected, trained[index], steps):
                raise DamagedCheckpoint("What its optimiser keeps does not fit.")

    def _check_numbers(self, saved: CheckpointContent) -> None:
        best = saved.best
        epochs = -(-saved.step // self._per_epoch) + len(saved.done) + 1
        if best.step > saved.step or best.waited > epochs or (best.accuracy >= 0 and not self._chooses):
            raise DamagedCheckpoint("What it says of the best weights cannot be.")

    @property
    def _chooses(self) -> bool:
        """Whether the student is measured on kept-back pictures, see :class:`EpochEvaluation`."""
        training = self._setup.experiment.training
        return self._setup.dataset.validation is not None and (training.keep == "best" or training.patience > 0)

    @property
    def _per_epoch(self) -> int:
        return self._setup.schedule.steps_per_epoch


def _is_group(stored: StoredGroup, fresh: Mapping[str, object]) -> bool:
    """Whether a group has the same parameters and steps as it should.

    The rate is set anew at every step, and how torch goes through the parameters (foreach) changes no number.
    """
    named = {"params": stored.params, **(stored.model_extra or {})}
    return all(
        type(named[name]) is type(value) and (name == "lr" or named[name] == value)
        for name, value in fresh.items()
        if name in named and name != "foreach"  # what another version of torch does not name is as it is here
    )


def _kept_by(settings: Optimizer) -> dict[str, Tensor]:
    """What an optimiser keeps of a parameter of the shape (2,) after a step, by name."""
    parameter = nn.Parameter(torch.zeros(2))
    optimiser = build_optimiser(settings, [parameter])
    parameter.grad = torch.zeros(2)
    optimiser.step()
    kept = optimiser.state_dict()["state"].get(0, {})
    return {name: value for name, value in kept.items() if isinstance(value, Tensor)}


def _is_kept(kept: Mapping[str, Tensor], model: Mapping[str, Tensor], parameter: Tensor, steps: int) -> bool:
    """Whether all is kept of a parameter: tensors like it, and counts of steps."""
    if kept.keys() != model.keys():
        return False
    for name, example in model.items():
        value = kept[name]
        if not is_like(value, parameter if example.shape else example):
            return False
        if not example.shape and not (1 <= float(value) <= steps and float(value).is_integer()):
            return False
    return True
