"""A stage while it runs, and where the run stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from studio.events import StageBand
from studio.methods.base import Stage, StageRecord
from studio.training.checkpoint_content import CheckpointContent
from studio.training.stage_loop import StageLoop
from studio.training.stage_objective import StageObjective
from studio.training.stage_schedule import StageSchedule


@dataclass(frozen=True)
class EpochResult:
    """What the student was worth at the end of an epoch: fractions in [0, 1], None where it was not measured."""

    test_accuracy: float | None = None
    validation_accuracy: float | None = None


@dataclass
class StageRun:
    """A stage while it runs.

    Attributes:
        band: from which step of the run to which.
        objective, loop: what it minimises, and how.
        schedule: of the whole run, as its stages are known while this one runs.
        step: steps of the run that are done.
        copied_next: whether another stage is expected behind it in which the student copies without labels.
        resumed: whether it began in an earlier sitting.
        result: of the last end of an epoch within it.
        scores: what its objective measured at its end, none before.
    """

    stage: Stage
    band: StageBand
    objective: StageObjective
    loop: StageLoop
    schedule: StageSchedule
    step: int
    resumed: bool = False
    copied_next: bool = False
    result: EpochResult = EpochResult()
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in one pass over the training pictures."""
        return self.schedule.steps_per_epoch

    @property
    def epoch(self) -> int:
        """Whole epochs of the run that are done."""
        return self.step // self.steps_per_epoch

    @property
    def at_end(self) -> bool:
        """Whether all its steps are done."""
        return self.step == self.band.end

    @property
    def copies(self) -> bool:
        """Whether the student learns in it without labels."""
        return not self.stage.labels and any(part.split(".")[0] == "student" for part in self.stage.trains)

    @property
    def at_epoch_end(self) -> bool:
        """Whether an epoch is over, or the stage."""
        return self.at_end or self.step % self.steps_per_epoch == 0

    @property
    def record(self) -> StageRecord:
        """What it leaves behind when it is over."""
        steps = self.band.end - self.band.begin
        return StageRecord(
            self.stage.name, steps // self.steps_per_epoch, steps, **asdict(self.result), scores=self.scores
        )

    def state_dict(self) -> dict[str, Any]:
        """Tensors and plain values."""
        return {"step": self.step, "loop": self.loop.state_dict(), "result": asdict(self.result)}

    def load_state_dict(self, saved: CheckpointContent) -> None:
        """Go on from :meth:`state_dict`. Version 0.1.0 did not keep the result."""
        self.step = saved.step
        self.loop.load_state_dict(saved.loop)
        self.result = EpochResult(**saved.result.model_dump()) if saved.result is not None else EpochResult()
        self.resumed = True
