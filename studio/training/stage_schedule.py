"""When things happen in a run: stages on the step axis, evaluations, snapshots. A function of the plan alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from studio.core.errors import StudioError
from studio.events import StageBand
from studio.methods.base import Stage

#: The most snapshots of a run; epochs between go without.
SNAPSHOTS = 50


@dataclass(frozen=True)
class StageSchedule:
    """The budget of a run and what falls due in it.

    Attributes:
        steps: the student's whole budget in steps.
        steps_per_epoch: steps in one pass over the training pictures.
        evaluations: the most on the test pictures, and the most snapshots; epochs between go without.
    """

    steps: int
    steps_per_epoch: int
    evaluations: int = 100

    @property
    def epochs(self) -> int:
        """Epochs begun in the budget."""
        return ceil(self.steps / self.steps_per_epoch)

    def bands(self, plan: Sequence[Stage]) -> tuple[StageBand, ...]:
        """The stages on the step axis: shares of the budget, at whole epochs where there are enough of them.

        Stages that say how many epochs or steps they take get those; what is left is the others' budget.

        Raises:
            StudioError: these leave the others nothing.
        """
        counted = sum(stage.counted(self.steps_per_epoch) or 0 for stage in plan)
        if counted:
            return self._bands_of_counted(plan, counted)
        bands: list[StageBand] = []
        begin, passed = 0, 0.0
        for i, stage in enumerate(plan):
            passed += stage.share
            left = len(plan) - 1 - i
            end = self.steps if left == 0 else self._border(passed, begin, left)
            bands.append(StageBand(stage.name, stage.title, begin, end, stage.labels))
            begin = end
        return tuple(bands)

    def _bands_of_counted(self, plan: Sequence[Stage], counted: int) -> tuple[StageBand, ...]:
        lengths_given = [stage.counted(self.steps_per_epoch) for stage in plan]
        shared = [stage for stage, given in zip(plan, lengths_given, strict=True) if given is None]
        rest = self.steps - counted
        if rest < len(shared):
            raise StudioError(
                "The training is too short for its stages.",
                "{counted} of its {epochs} epochs are already spoken for, and {others} stages share the rest.",
                "Give the training more epochs, or those stages fewer.",
                place="training.epochs",
                counted=ceil(counted / self.steps_per_epoch),
                epochs=self.epochs,
                others=len(shared),
            )
        whole = sum(stage.share for stage in shared)
        parts = [replace(stage, share=stage.share / whole) for stage in shared]
        lengths = iter([band.end - band.begin for band in replace(self, steps=rest).bands(parts)])
        bands: list[StageBand] = []
        begin = 0
        for stage, given in zip(plan, lengths_given, strict=True):
            length = next(lengths) if given is None else given
            bands.append(StageBand(stage.name, stage.title, begin, begin + length, stage.labels))
            begin += length
        return tuple(bands)

    def _border(self, share: float, begin: int, left: int) -> int:
        if self.epochs > left + 1 and self.steps % self.steps_per_epoch == 0:
            epochs = max(begin // self.steps_per_epoch + 1, round(share * self.epochs))
            return min(epochs, self.epochs - left) * self.steps_per_epoch
        # of fewer steps than stages the first stages take none
        return max(begin, min(max(begin + 1, round(share * self.steps)), self.steps - left))

    def evaluates(self, step: int) -> bool:
        """Whether the test pictures are due after ``step`` steps."""
        return self._due(step, self.evaluations)

    def snapshots(self, step: int) -> bool:
        """Whether a snapshot is due after ``step`` steps; the start and the end always are."""
        return step == 0 or self._due(step, min(SNAPSHOTS, self.evaluations))

    def _due(self, step: int, most: int) -> bool:
        if step == self.steps:
            return True
        every = max(1, ceil(self.epochs / most))
        return step > 0 and step % self.steps_per_epoch == 0 and (step // self.steps_per_epoch) % every == 0
