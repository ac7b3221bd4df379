"""The training loop of one stage: batch, forward, terms, backward, step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from studio.data.loader import Loader
from studio.data.random import mix_seed
from studio.events import StageBand, TermReading, Terms
from studio.experiment import Experiment
from studio.insight.probe_reader import undisturbed
from studio.methods.base import Batch, Stage, StageMoment, Who
from studio.training.checkpoint_content import StoredLoop
from studio.training.devices import Hardware
from studio.training.forward_pass import ForwardPass
from studio.training.learning_rate import rate_factor
from studio.training.network_setup import Networks
from studio.training.optimisers import build_optimiser, stage_settings
from studio.training.stage_objective import StageObjective
from studio.training.step_runner import EagerRunner, StepRunner
from studio.training.trainable_parts import prepare_trainable_parts
from studio.training.training_step import TrainingStep, batch_on


class StageLoop:
    """Steps through one stage. Steps are counted over the whole run; batches and chance follow from seed and step alone.

    Args:
        band: where the stage stands on the step axis.
        runner: takes its steps; one that lets Python go through each, unless another is given.
    """

    def __init__(
        self,
        experiment: Experiment,
        stage: Stage,
        band: StageBand,
        networks: Networks,
        objective: StageObjective,
        loader: Loader,
        hardware: Hardware,
        runner: StepRunner | None = None,
    ) -> None:
        self.stage = stage
        self._seed = experiment.seed
        self._band = band
        self._loader = loader
        self._networks = networks
        self._objective = objective
        self._hardware, self._device = hardware, hardware.device
        trained = prepare_trainable_parts(networks.student, objective, stage.trains)
        self._settings, self._schedule = stage_settings(experiment.training, stage.optimizer)
        by_batch = experiment.teacher.batch_statistics == "all" or (
            experiment.teacher.batch_statistics == "copying stages" and not stage.labels
        )
        plain = stage.asks_once and loader.deals_plain(varied=stage.varied)
        self._forward_pass = ForwardPass(
            networks, objective, hardware, batch_statistics=by_batch, examples=loader if plain else None
        )
        repeats = not plain and _repeats(experiment, networks)
        optimiser = build_optimiser(self._settings, trained)
        self._work = TrainingStep(stage, objective, self._forward_pass, optimiser, self._device, repeats=repeats)
        self._runner = runner or EagerRunner()

    def prepare(self) -> None:
        """Let the objective measure what it needs of the networks before the first step; they stay as they are."""
        networks = self._networks.by_role
        with undisturbed(self._device, *networks.values(), self._objective):
            self._objective.prepare(networks, self._first_epoch)

    def measure(self) -> dict[str, float]:
        """What the objective measures of the networks behind the last step; they stay as they are."""
        networks = self._networks.by_role
        with undisturbed(self._device, *networks.values(), self._objective):
            return dict(self._objective.measure(networks, self._first_epoch))

    def observe(self, observer: StageObjective, batches: int) -> dict[str, float]:
        """What ``observer`` measures of the networks on the stage's first batches, at most so many; they stay as they are."""
        networks, steps = self._networks.by_role, range(self._band.begin, self._band.end)
        forward_pass = ForwardPass(self._networks, observer, self._hardware)
        per_epoch = self._loader.steps_per_epoch

        def first(passes: frozenset[Who]) -> Iterator[Batch]:
            for step in steps[: min(batches, per_epoch)]:
                yield self._run_networks(step, passes, forward_pass)

        try:
            with undisturbed(self._device, *networks.values(), observer):
                return dict(observer.measure(networks, first))
        finally:
            forward_pass.close()

    def _first_epoch(self, passes: frozenset[Who]) -> Iterator[Batch]:
        first = self._band.begin
        for step in range(first, min(first + self._loader.steps_per_epoch, self._band.end)):
            yield self._run_networks(step, passes)

    def step(self, step: int) -> None:
        """One optimiser step on the batch of ``step``."""
        self._seed_global_generators(step)
        self._work.load(*self._examples(step), self._moment(step), self._rate(step))
        self._forward_pass.look_at(step)
        self._runner.take(self._work)
        self._work.count(step)

    def _run_networks(self, step: int, passes: frozenset[Who], forward_pass: ForwardPass | None = None) -> Batch:
        """The batch of ``step`` with the outputs of the networks in ``passes``.

        Args:
            forward_pass: what runs them, where that is not the stage's own.
        """
        forward_pass = forward_pass or self._forward_pass
        inputs, labels = self._examples(step)
        forward_pass.look_at(step)
        return batch_on(forward_pass, passes, inputs, labels if self.stage.labels else None, self._moment(step))

    def _examples(self, step: int) -> tuple[Tensor, Tensor]:
        return self._loader.batch(step, varied=self.stage.varied)

    def _moment(self, step: int) -> StageMoment:
        per_epoch = self._loader.steps_per_epoch
        inside, total = step - self._band.begin, self._band.end - self._band.begin
        return StageMoment(
            epoch=inside // per_epoch,
            epochs=max(1, -(-total // per_epoch)),
            step=inside,
            steps=total,
            steps_per_epoch=per_epoch,
        )

    def _seed_global_generators(self, step: int) -> None:
        """Dropout and the like draw from torch's global generator: seeded afresh each step, so resuming needs no state."""
        seed = mix_seed(self._seed, "chance", step)
        torch.default_generator.manual_seed(seed)
        if self._device.type == "cuda":
            torch.cuda.default_generators[self._device.index or 0].manual_seed(seed)

    def _rate(self, step: int) -> float:
        share = rate_factor(self._schedule, step - self._band.begin, self._band.end - self._band.begin)
        return self._settings.lr * share

    @property
    def bad_step(self) -> int | None:
        """The first step whose terms were not finite."""
        return self._work.bad_step

    def read_terms(self, pictures_per_second: float) -> Terms | None:
        """The terms since they were last read, None if there was no step."""
        readings = self._work.read_terms()
        if not readings:
            return None
        return Terms(terms=readings, learning_rate=self._work.rate, pictures_per_second=pictures_per_second)

    def last_terms(self) -> dict[str, TermReading]:
        """The terms of the last step, none before the first; reads nothing away from :meth:`read_terms`."""
        return self._work.last_terms()

    def state_dict(self) -> dict[str, Any]:
        """Objective and optimiser, as tensors and plain values."""
        optimiser = self._work.state_dict()
        return {
            "objective": self._objective.state_dict(),
            "optimiser": optimiser,
            "updated": len(optimiser["state"]),
        }

    def load_state_dict(self, saved: StoredLoop) -> None:
        """Go on from :meth:`state_dict`. How the optimiser steps is the experiment's business, not the checkpoint's."""
        self._objective.load_state_dict(saved.objective)
        self._work.load_state_dict(saved.optimiser.state)

    def close(self) -> None:
        """Remove the hooks."""
        self._forward_pass.close()


def _repeats(experiment: Experiment, networks: Networks) -> bool:
    """Whether no method of the run waits for its device in a step, and no model without weights answers in it."""
    methods = (experiment.method, *experiment.method.also)
    return all(each.entry.waits is None for each in methods) and all(
        network.passes_gradients for network in networks.by_role.values()
    )
