"""Calls the hooks of a user of the library, so that the run goes on as if they were not there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import torch

from studio.core.errors import RunFailed, with_traceback
from studio.data.random import mix_seed
from studio.insight.probe_reader import undisturbed
from studio.training.hooks import Hook, HookMoment, RunView
from studio.training.loop_handler import LoopHandler
from studio.training.rng import isolated_seed
from studio.training.setup import Setup
from studio.training.stage_memory import StageMemory
from studio.training.stage_run import StageRun


class HookCaller(LoopHandler):
    """Calls every hook at its moment, in the order given.

    Args:
        memory: knows the stages that are over.
    """

    def __init__(self, hooks: Sequence[Hook], setup: Setup, memory: StageMemory) -> None:
        self._hooks = tuple(hooks)
        self._memory = memory
        self._seed = setup.experiment.seed
        self._device: torch.device = setup.hardware.device
        self._networks = setup.networks

    def at_stage_start(self, run: StageRun) -> None:
        self._call_due("stage start", run)

    def after_step(self, run: StageRun) -> None:
        self._call_due("step", run)

    def at_epoch_end(self, run: StageRun) -> None:
        self._call_due("epoch end", run)

    def at_stage_end(self, run: StageRun) -> None:
        self._call_due("stage end", run)

    def _call_due(self, moment: HookMoment, run: StageRun) -> None:
        for hook in self._hooks:
            if hook.due(moment, run.step):
                self._call(hook, run)

    def _call(self, hook: Hook, run: StageRun) -> None:
        before = self._writes()
        try:
            with (
                isolated_seed(mix_seed(self._seed, "hook", run.step)),
                undisturbed(self._device, *self._networks.by_role.values()),
            ):
                hook(self._view(run))
        except Exception as error:
            raise with_traceback(
                RunFailed(
                    "The hook “{hook}” ended the run.",
                    "{kind}: {message}",
                    "Mend the hook or leave it out, and go on with the run.",
                    hook=hook.name,
                    kind=type(error).__name__,
                    message=str(error),
                ),
                error,
            ) from error
        if self._writes() != before:
            raise RunFailed(
                "The hook “{hook}” ended the run.",
                "It changed a network, and hooks only look at a run.",
                "Mend the hook or leave it out, and go on with the run.",
                hook=hook.name,
            )

    def _view(self, run: StageRun) -> RunView:
        return RunView(
            step=run.step,
            steps=run.schedule.steps,
            epoch=run.epoch,
            epochs=run.schedule.epochs,
            stage=run.stage.name,
            done=self._memory.done,
            networks=self._networks.by_role,
            test_accuracy=run.result.test_accuracy,
            validation_accuracy=run.result.validation_accuracy,
            terms=run.loop.last_terms,
        )

    def _writes(self) -> list[tuple[int, int, bool]]:
        """What tells whether a network was written to: where its tensors lie, how often they were, what is trained."""
        return [
            (tensor.data_ptr(), tensor._version, tensor.requires_grad)
            for network in self._networks.by_role.values()
            for tensor in chain(network.parameters(), network.buffers())
        ]
