"""The moments of the training loop. What happens beside the steps themselves happens in handlers of these."""

from __future__ import annotations

from studio.training.stage_run import StageRun


class LoopHandler:
    """Does something at moments of the loop; a handler overrides those it has a part in."""

    def at_stage_start(self, run: StageRun) -> None:
        """Before the first step of a stage, in every sitting."""

    def after_step(self, run: StageRun) -> None:
        """After every step."""

    def at_epoch_end(self, run: StageRun) -> None:
        """After the last step of every epoch and of the stage, when all handlers have had their turn after the step."""

    def at_stage_end(self, run: StageRun) -> None:
        """When a stage is over and has not ended the run."""
