"""The training loop of one stage: batch, forward, terms, backward, step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from studio.data.loader import Loader
from studio.data.random import mix_seed
from studio.events import StageBand, TermReading, Terms
from studio.experiment import Experiment
from studio.insight.probe_reader import undisturbed
from studio.methods.base import Batch, Stage, Who
from studio.training.checkpoint_content import StoredLoop
from studio.training.devices import Hardware
from studio.training.forward_pass import ForwardPass
from studio.training.gradients import set_gradients
from studio.training.learning_rate import rate_factor
from studio.training.network_setup import Networks
from studio.training.optimisers import build_optimiser, stage_settings
from studio.training.stage_objective import StageObjective
from studio.training.term_meter import TermMeter
from studio.training.trainable_parts import prepare_trainable_parts


class StageLoop:
    """Steps through one stage. Steps are counted over the whole run; batches and chance follow from seed and step alone.

    Args:
        band: where the stage stands on the step axis.
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
        self._optimiser = build_optimiser(self._settings, trained)
        by_batch = experiment.teacher.batch_statistics == "all" or (
            experiment.teacher.batch_statistics == "copying stages" and not stage.labels
        )
        plain = stage.asks_once and loader.deals_plain(varied=stage.varied)
        self._forward_pass = ForwardPass(
            networks, objective, hardware, batch_statistics=by_batch, examples=loader if plain else None
        )
        self._meter = TermMeter(hardware.device)
        self._rate = 0.0

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
        batch = self._run_networks(step, self._objective.passes)
        terms = self._objective(batch)
        set_gradients(terms, self.stage.update, self._optimiser, batch.epoch)
        self._set_rate(step)
        self._optimiser.step()
        self._meter.add(terms, step)

    def _run_networks(self, step: int, passes: frozenset[Who], forward_pass: ForwardPass | None = None) -> Batch:
        """The batch of ``step`` with the outputs of the networks in ``passes``.

        Args:
            forward_pass: what runs them, where that is not the stage's own.
        """
        forward_pass = forward_pass or self._forward_pass
        inputs, labels = self._loader.batch(step, varied=self.stage.varied)
        forward_pass.look_at(step)
        per_epoch = self._loader.steps_per_epoch
        inside, total = step - self._band.begin, self._band.end - self._band.begin
        return Batch(
            inputs,
            labels if self.stage.labels else None,
            epoch=inside // per_epoch,
            epochs=max(1, -(-total // per_epoch)),
            step=inside,
            steps=total,
            steps_per_epoch=per_epoch,
            outputs=forward_pass.run(passes, inputs),
            again=forward_pass.again,
        )

    def _seed_global_generators(self, step: int) -> None:
        """Dropout and the like draw from torch's global generator: seeded afresh each step, so resuming needs no state."""
        seed = mix_seed(self._seed, "chance", step)
        torch.default_generator.manual_seed(seed)
        if self._device.type == "cuda":
            torch.cuda.default_generators[self._device.index or 0].manual_seed(seed)

    def _set_rate(self, step: int) -> None:
        share = rate_factor(self._schedule, step - self._band.begin, self._band.end - self._band.begin)
        self._rate = self._settings.lr * share
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate

    @property
    def bad_step(self) -> int | None:
        """The first step whose terms were not finite."""
        return self._meter.bad_step

    def read_terms(self, pictures_per_second: float) -> Terms | None:
        """The terms since they were last read, None if there was no step."""
        readings = self._meter.read()
        if not readings:
            return None
        return Terms(terms=readings, learning_rate=self._rate, pictures_per_second=pictures_per_second)

    def last_terms(self) -> dict[str, TermReading]:
        """The terms of the last step, none before the first; reads nothing away from :meth:`read_terms`."""
        return self._meter.last()

    def state_dict(self) -> dict[str, Any]:
        """Objective and optimiser, as tensors and plain values."""
        optimiser = self._optimiser.state_dict()
        return {
            "objective": self._objective.state_dict(),
            "optimiser": optimiser,
            "updated": len(optimiser["state"]),
        }

    def load_state_dict(self, saved: StoredLoop) -> None:
        """Go on from :meth:`state_dict`. How the optimiser steps is the experiment's business, not the checkpoint's."""
        self._objective.load_state_dict(saved.objective)
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": dict(saved.optimiser.state), "param_groups": groups})

    def close(self) -> None:
        """Remove the hooks."""
        self._forward_pass.close()
