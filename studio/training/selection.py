"""Chooses on the kept-back pictures: the best weights of a run, and when nothing gets better any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.core.message import text
from studio.events import CheckpointSaved
from studio.experiment import Training
from studio.networks.base import Network
from studio.training.checkpoints import Checkpoints
from studio.training.event_emitter import EventEmitter
from studio.training.outcome import RunEnding


class Selection:
    """Remembers the best validation accuracy so far, and how many epochs brought no gain since.

    Args:
        training: says whether the best weights are kept, and how many epochs without a gain are one too many.
        student: whose weights are weighed.
        checkpoints: where the best are kept.
    """

    def __init__(self, training: Training, student: Network, checkpoints: Checkpoints, emitter: EventEmitter) -> None:
        self._training = training
        self._student = student
        self._checkpoints = checkpoints
        self._emitter = emitter
        self._accuracy, self._step = -1.0, 0
        self._waited = 0

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self._training.keep == "best" or self._training.patience > 0

    def weigh(self, accuracy: float, step: int) -> None:
        """Keep the student's present weights, after ``step`` steps, if none before were so good.

        Raises:
            NotWritten: see :class:`studio.training.write_guard.WriteGuard`.
        """
        if accuracy <= self._accuracy:
            self._waited += 1
            return
        self._accuracy, self._step, self._waited = accuracy, step, 0
        payload = {"student": self._student.state_dict(), "step": step, "accuracy": accuracy}
        name = self._emitter.guard.write(lambda: self._checkpoints.save_best(payload))
        self._emitter.emit(CheckpointSaved(file=name, best=True))

    @property
    def ending(self) -> RunEnding | None:
        """The end of the run when patience is over, None before."""
        patience = self._training.patience
        if patience and self._waited >= patience:
            return RunEnding("early_stop", text("No gain on the kept-back pictures for {n} epochs.", n=patience))
        return None

    def put_best_back(self, ending: RunEnding) -> RunEnding:
        """The ending of a run, the student with its best weights where that was asked and there are any."""
        best = self._checkpoints.best() if self._training.keep == "best" else None
        if best is None:
            return ending
        self._student.load_state_dict(best["student"])
        return RunEnding(ending.state, ending.reason, "best")

    def state_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {"accuracy": self._accuracy, "step": self._step, "waited": self._waited}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Know again what :meth:`state_dict` knew."""
        self._accuracy, self._step, self._waited = saved["accuracy"], saved["step"], saved["waited"]
