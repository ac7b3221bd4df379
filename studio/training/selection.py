"""Chooses on the kept-back pictures: the best weights of a run, and when nothing gets better any more."""

from __future__ import annotations

import math
from typing import Any

from studio.core.format import thousands
from studio.core.message import Text, text
from studio.events import CheckpointSaved, Notice
from studio.experiment import Training
from studio.methods.base import Stage
from studio.training.checkpoint_content import (
    BestContent,
    CheckpointContent,
    DamagedCheckpoint,
    StoredSelection,
    check_tensors,
)
from studio.training.checkpoints import Checkpoints
from studio.training.event_emitter import EventEmitter
from studio.training.network_setup import Networks
from studio.training.outcome import RunEnding


class Selection:
    """Remembers the best validation accuracy so far, and how many epochs brought no gain since.

    Args:
        training: says whether the best weights are kept, and how many epochs without a gain are one too many.
        networks: whose student's weights are weighed.
        checkpoints: where the best are kept.
    """

    def __init__(self, training: Training, networks: Networks, checkpoints: Checkpoints, emitter: EventEmitter) -> None:
        self._training = training
        self._networks = networks
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
        payload = {"student": self._networks.student.state_dict(), "step": step, "accuracy": accuracy}
        name = self._emitter.guard.write(lambda: self._checkpoints.save_best(payload))
        self._emitter.emit(CheckpointSaved(file=name, best=True))

    def begin(self, stage: Stage) -> None:
        """A stage begins. What it rebuilds takes up no weights from before: choosing starts afresh."""
        if stage.prepare is not None:
            self._accuracy, self._step, self._waited = -1.0, 0, 0

    @property
    def ending(self) -> RunEnding | None:
        """The end of the run when patience is over, None before."""
        patience = self._training.patience
        if patience and self._waited >= patience:
            return RunEnding("early_stop", text("No gain on the kept-back pictures for {n} epochs.", n=patience))
        return None

    def put_best_back(self, ending: RunEnding) -> RunEnding:
        """The ending of a run, the student with its best weights where that was asked and they are there."""
        if self._training.keep != "best" or self._accuracy < 0:
            return ending
        try:
            best = self._kept_best(self._step)
        except DamagedCheckpoint as damage:
            self._emitter.emit(_lost(self._step, damage, text("The last weights are kept instead.")))
            return ending
        self._networks.student.load_state_dict(best.student)
        return RunEnding(ending.state, ending.reason, "best")

    def check(self, saved: CheckpointContent) -> None:
        """Pass a checkpoint whose best weights are kept, or are of a step that will be taken again.

        Raises:
            DamagedCheckpoint: they are lost.
        """
        if self._training.keep == "best" and saved.best.accuracy >= 0:
            self._kept_best(saved.best.step, again_after=saved.step)

    def tell_lost(self, saved: CheckpointContent) -> None:
        """Say so where a run goes on all the same from a checkpoint that :meth:`check` refuses."""
        try:
            self.check(saved)
        except DamagedCheckpoint as damage:
            words = text("The run goes on; unless it gets better than then, its last weights will be kept.")
            self._emitter.emit(_lost(saved.best.step, damage, words))

    def _kept_best(self, step: int, again_after: float = math.inf) -> BestContent:
        """The best weights, of this step or of one that is taken again since it is later than ``again_after``."""
        best = self._checkpoints.best()
        if best is None:
            raise DamagedCheckpoint("Their file is missing.")
        if best.step != step and best.step <= again_after:
            raise DamagedCheckpoint("Those in their file are of another step.")
        check_tensors(best.student, self._networks.student.state_dict(), text("the student"))
        return best

    def state_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {"accuracy": self._accuracy, "step": self._step, "waited": self._waited}

    def load_state_dict(self, saved: StoredSelection) -> None:
        """Know again what :meth:`state_dict` knew."""
        self._accuracy, self._step, self._waited = saved.accuracy, saved.step, saved.waited


def _lost(step: int, damage: DamagedCheckpoint, instead: Text) -> Notice:
    what = text("The best weights of the run, of step {step}, are lost.", step=thousands(step))
    return Notice(level="warning", what=what, why=damage.why, remedy=instead)
