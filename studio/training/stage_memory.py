"""What the stages of a run hand on: which are done, what they learnt, and the connectors that agreement is read behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from torch import Tensor

from studio.methods.base import StageRecord
from studio.training.checkpoint_content import CheckpointContent, StoredStage
from studio.training.stage_objective import StageObjective


class StageMemory:
    """What later stages and snapshots need of earlier stages.

    Attributes:
        done: the stages that are over, in order.
        learnt: what their own objectives ended with, by the names in their state_dict; a later stage replaces what an
            earlier one called the same.
        connectors: the objective of the last stage that had connectors; before there was one, an objective without any.
    """

    def __init__(self) -> None:
        self.done: tuple[StageRecord, ...] = ()
        self.learnt: dict[str, Tensor] = {}
        self.connectors = StageObjective(None, (), None)

    def begin(self, objective: StageObjective) -> None:
        """A stage with this objective begins."""
        if objective.connects:
            self.connectors = objective

    def end(self, record: StageRecord, objective: StageObjective) -> None:
        """It is over."""
        self.done = (*self.done, record)
        if objective.own is not None:
            self.learnt.update(objective.own.state_dict())

    def state_dict(self, running: StageObjective) -> dict[str, Any]:
        """Tensors and plain values.

        Args:
            running: the objective of the running stage, which its own loop keeps.
        """
        return {
            "done": [asdict(record) for record in self.done],
            "learnt": self.learnt,
            "guide": self.connectors.state_dict() if self.connectors is not running else {},
        }

    def load_state_dict(self, saved: CheckpointContent, build_next: Callable[[], StageObjective]) -> None:
        """Know again what :meth:`state_dict` knew.

        Args:
            build_next: makes the objective of the stage after those in :attr:`done`.
        """
        self.learnt = saved.learnt
        for stored in saved.done:
            self.begin(build_next())
            self.done = (*self.done, record_of(stored))
        if saved.guide:
            self.connectors.load_state_dict(saved.guide)


def record_of(stored: StoredStage) -> StageRecord:
    """The record of a stage, from a checkpoint."""
    return StageRecord(**stored.model_dump())
