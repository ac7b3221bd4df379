"""What a step of a stage does, on tensors that keep their place and size from step to step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from studio.events import TermReading
from studio.methods.base import Batch, Stage, StageMoment, Term, Who
from studio.training.forward_pass import ForwardPass
from studio.training.gradients import set_gradients
from studio.training.optimisers import LearningRate
from studio.training.stage_objective import StageObjective
from studio.training.term_meter import TermMeter
from studio.training.term_weights import TermWeights


class TrainingStep:
    """The work of a step, see :class:`studio.training.step_runner.StepWork`: load, compute, update.

    Args:
        optimiser: of the parameters that the stage trains.
        device: where it happens.
        repeats: whether every step does the same operations, and none of them waits for the device.
    """

    def __init__(
        self,
        stage: Stage,
        objective: StageObjective,
        forward_pass: ForwardPass,
        optimiser: torch.optim.Optimizer,
        device: torch.device,
        *,
        repeats: bool,
    ) -> None:
        self._repeats = repeats and stage.update is None  # such a way of its own goes by plain numbers
        self._stage = stage
        self._objective = objective
        self._forward_pass = forward_pass
        self._optimiser = optimiser
        self._rate = LearningRate(optimiser)
        self._weights = TermWeights()
        self._meter = TermMeter(device)
        self._loaded: tuple[Tensor, Tensor, StageMoment] | None = None
        self._terms: dict[str, Term] = {}

    def load(self, inputs: Tensor, labels: Tensor, moment: StageMoment, rate: float) -> None:
        """All that the next step does not share with the one before it.

        Args:
            inputs: pictures in [0, 1], (B, C, H, W), or points (B, D); of one size and memory layout at all steps.
            labels: (B,) int64.
            moment: where the stage stands.
            rate: the learning rate.
        """
        if self._loaded is None:
            self._loaded = (inputs.clone(), labels.clone(), moment)
        else:
            kept, kept_labels, _ = self._loaded
            kept.copy_(inputs, non_blocking=True)
            kept_labels.copy_(labels, non_blocking=True)
            self._loaded = (kept, kept_labels, moment)
        self._weights.move_to(moment)
        self._rate.set(rate)

    @property
    def repeats(self) -> bool:
        return self._repeats

    def compute(self) -> None:
        assert self._loaded is not None
        inputs, labels, moment = self._loaded
        given = labels if self._stage.labels else None
        batch = batch_on(self._forward_pass, self._objective.passes, inputs, given, moment)
        self._terms = terms = self._objective(batch)
        values = torch.stack([term.value for term in terms.values()])
        total = (values * self._weights.of(terms.values(), values, moment)).sum()
        set_gradients(terms, total, self._stage.update, self._optimiser, moment)
        self._meter.add(values.detach())

    def update(self) -> None:
        self._optimiser.step()

    def count(self, step: int) -> None:
        """Count ``step`` of the run as taken."""
        self._meter.count(step)

    @property
    def rate(self) -> float:
        """The learning rate of the last step."""
        return self._rate.now

    @property
    def bad_step(self) -> int | None:
        """The first step whose terms were not finite; waits for the device."""
        return self._meter.bad_step

    def read_terms(self) -> dict[str, TermReading]:
        """Means since they were last read, by name; empty where there was no step. Waits for the device."""
        return self._readings(self._meter.read())

    def last_terms(self) -> dict[str, TermReading]:
        """The terms of the last step, none before the first; reads nothing away from :meth:`read_terms`."""
        return self._readings(self._meter.last())

    def _readings(self, values: list[float]) -> dict[str, TermReading]:
        return {
            name: TermReading(value, weight, term.kind)
            for (name, term), value, weight in zip(self._terms.items(), values, self._weights.now, strict=False)
        }

    def state_dict(self) -> dict[str, Any]:
        """The optimiser's, as tensors and plain values. How torch goes through the parameters is no part of it."""
        found = self._optimiser.state_dict()
        groups = [
            {**{name: value for name, value in group.items() if name != "foreach"}, "lr": self._rate.now}
            for group in found["param_groups"]
        ]
        return {"state": found["state"], "param_groups": groups}

    def load_state_dict(self, state: Mapping[int, Mapping[str, Tensor]]) -> None:
        """Go on from what the optimiser kept of each parameter; how it steps is the experiment's business."""
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": dict(state), "param_groups": groups})
        self._rate.attach()


def batch_on(
    forward_pass: ForwardPass, passes: frozenset[Who], inputs: Tensor, labels: Tensor | None, moment: StageMoment
) -> Batch:
    """A batch with the outputs of the networks in ``passes``."""
    return Batch(inputs, labels, outputs=forward_pass.run(passes, inputs), again=forward_pass.again, **vars(moment))
