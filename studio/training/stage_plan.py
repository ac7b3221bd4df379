"""The stages of a run on its step axis as far as they are known: as planned, and changed by what stages come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.events import StageBand
from studio.methods.base import Stage
from studio.training.stage_schedule import StageSchedule


@dataclass(frozen=True)
class StagePlan:
    """Which stage takes which steps. A pure function of the stages that came, so that a run that is gone on with has the same.

    Attributes:
        budget: what the experiment gives; shares are shares of this.
        bands: of the stages that came, and behind them of those that are still expected.
    """

    budget: StageSchedule
    bands: tuple[StageBand, ...]

    @classmethod
    def of(cls, budget: StageSchedule, expected: Sequence[Stage]) -> StagePlan:
        """The plan before the first stage; see :meth:`StageSchedule.bands`."""
        return cls(budget, budget.bands(expected))

    @property
    def schedule(self) -> StageSchedule:
        """When things fall due in a run of these stages."""
        return replace(self.budget, steps=self.bands[-1].end if self.bands else 0)

    def with_stage(self, place: int, stage: Stage) -> StagePlan:
        """The plan when ``stage`` begins behind ``place`` others; this one where that was expected.

        A stage that was expected later comes now instead, and those between are left out. One that was not expected at
        all takes its share of the budget, or its epochs or steps, in addition: the run grows longer.
        """
        expected = self.bands[place:]
        found = next((at for at, band in enumerate(expected) if band.name == stage.name), None)
        rest = expected if found is None else expected[found + 1 :]
        counted = stage.counted(self.budget.steps_per_epoch)
        if counted is not None:
            length = counted
        elif found is None:
            length = self._share(stage.share)
        else:
            length = expected[found].end - expected[found].begin
        came = StageBand(stage.name, stage.title, 0, length, stage.labels)
        return self._joined((*self.bands[:place], came, *rest))

    def ending_behind(self, place: int) -> StagePlan:
        """The plan when no stage comes behind ``place`` others."""
        return replace(self, bands=self.bands[:place])

    def _share(self, share: float) -> int:
        """Steps of a share of the budget, in whole epochs where the budget is."""
        per_epoch = self.budget.steps_per_epoch
        if self.budget.steps % per_epoch == 0:
            return max(1, round(share * self.budget.epochs)) * per_epoch
        return max(1, round(share * self.budget.steps))

    def _joined(self, bands: tuple[StageBand, ...]) -> StagePlan:
        joined: list[StageBand] = []
        for band in bands:
            begin = joined[-1].end if joined else 0
            joined.append(replace(band, begin=begin, end=begin + band.end - band.begin))
        return replace(self, bands=tuple(joined))
