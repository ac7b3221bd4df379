"""Measures the student at the end of an epoch: on the test pictures where due, on the kept-back ones where they choose."""

from __future__ import annotations

from studio.training.control import Control
from studio.training.evaluation import accuracy, answers
from studio.training.loop_handler import LoopHandler
from studio.training.selection import Selection
from studio.training.setup import Setup
from studio.training.stage_run import EpochResult, StageRun


class EpochEvaluation(LoopHandler):
    """Leaves the result with the stage, and lets the selection weigh it.

    Args:
        control: a stop breaks the test off, and questions are answered on the way.
    """

    def __init__(self, setup: Setup, selection: Selection, control: Control) -> None:
        self._networks = setup.networks
        self._test, self._validation = setup.dataset.test, setup.dataset.validation
        self._hardware = setup.hardware
        self._selection = selection
        self._control = control

    def at_epoch_end(self, run: StageRun) -> None:
        validation = self._validate(run.step) if run.stage.labels else None
        # behind a stage without labels the student's accuracy says nothing yet
        due = run.schedule.evaluates(run.step) or (run.at_end and run.stage.labels)
        test = self._test_accuracy() if due else None
        run.result = EpochResult(test, validation)

    def _validate(self, step: int) -> float | None:
        if self._validation is None or not self._selection.active:
            return None
        # never broken off: the checkpoint of a stop must know what this epoch was worth, or going on would choose otherwise
        logits = answers(self._networks.student, self._validation, self._hardware)
        assert logits is not None
        value = accuracy(logits, self._validation.labels)
        self._selection.weigh(value, step)
        return value

    def _test_accuracy(self) -> float | None:
        logits = answers(self._networks.student, self._test, self._hardware, stopping=self._is_stopping)
        return accuracy(logits, self._test.labels) if logits is not None else None

    def _is_stopping(self) -> bool:
        self._control.questions.answer()
        return self._control.stopping
