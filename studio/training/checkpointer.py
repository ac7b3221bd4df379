"""When a run is saved, and what a checkpoint holds: everything needed to go on bit for bit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from studio.events import CheckpointSaved
from studio.training.checkpoint_content import CheckpointContent
from studio.training.checkpoints import Checkpoints
from studio.training.event_emitter import EventEmitter
from studio.training.finite_guard import FiniteGuard
from studio.training.loop_handler import LoopHandler
from studio.training.network_setup import Networks
from studio.training.resume_guard import ResumeGuard
from studio.training.selection import Selection
from studio.training.stage_memory import StageMemory
from studio.training.stage_objective import StageObjective
from studio.training.stage_run import StageRun

#: Seconds between checkpoints: the least at epoch ends (an epoch may take milliseconds), the most anywhere.
LEAST, MOST = 5.0, 60.0


class Checkpointer(LoopHandler):
    """Saves a run at the borders of its stages, at ends of epochs and, where those are far apart, between them.

    Args:
        checkpoints: where they are kept.
        origin: what the checkpoints are made for.
        guard: asked before every save, so that no checkpoint holds weights that are not numbers.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        origin: ResumeGuard,
        networks: Networks,
        memory: StageMemory,
        selection: Selection,
        guard: FiniteGuard,
        emitter: EventEmitter,
    ) -> None:
        self._checkpoints = checkpoints
        self._origin = origin
        self._networks = networks
        self._memory = memory
        self._selection = selection
        self._guard = guard
        self._emitter = emitter
        self._saved_at = time.monotonic()

    def at_stage_start(self, run: StageRun) -> None:
        if not run.resumed:  # the checkpoint of a moment is not written over itself
            self.save(run)

    def after_step(self, run: StageRun) -> None:
        if not run.at_epoch_end and self._seconds_since >= MOST:
            self.save(run)

    def at_epoch_end(self, run: StageRun) -> None:
        if run.at_end or self._seconds_since >= LEAST:
            self.save(run)

    def save(self, run: StageRun) -> None:
        """Write a checkpoint of this moment.

        Raises:
            NotANumber: the weights are not worth keeping.
            NotWritten: see :class:`studio.training.write_guard.WriteGuard`.
        """
        self._guard.check(run)
        name = self._emitter.guard.write(lambda: self._checkpoints.save(self.state_dict(run), run.step))
        self._saved_at = time.monotonic()
        self._emitter.emit(CheckpointSaved(file=name))

    def state_dict(self, run: StageRun) -> dict[str, Any]:
        """What a checkpoint holds: plain values and tensors, see :class:`CheckpointContent`."""
        return {
            "origin": self._origin.state_dict(),
            "student": self._networks.student.state_dict(),
            "recipes": self._networks.recipes,
            "best": self._selection.state_dict(),
            **run.state_dict(),
            **self._memory.state_dict(run.objective),
            **self._emitter.throughput.state_dict(),
        }

    def load_state_dict(self, saved: CheckpointContent, build_next: Callable[[], StageObjective]) -> None:
        """Put everything back but the stage that was running, see :meth:`StageRun.load_state_dict`.

        Args:
            build_next: makes student and objective of the stage after those the memory knows.
        """
        self._memory.load_state_dict(saved, build_next)
        build_next()  # of the running stage: the weights are its student's
        self._networks.student.load_state_dict(saved.student)
        self._selection.load_state_dict(saved.best)
        self._emitter.throughput.load_state_dict({"seconds": saved.seconds})

    @property
    def _seconds_since(self) -> float:
        return time.monotonic() - self._saved_at
