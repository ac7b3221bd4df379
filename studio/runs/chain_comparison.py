"""What the models of a chain are compared with, test picture by test picture: what taught the first of them, and the student alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.core.score import Score
from studio.core.score_scale import ACCURACY
from studio.events import PairedReading
from studio.runs.files.chain import Chain
from studio.runs.files.summary import Accuracy
from studio.runs.results.summarise import read_predictions
from studio.runs.statistics.contributions import contributions, measured_score
from studio.runs.statistics.difference import Difference, paired_difference
from studio.runs.statistics.gap import right
from studio.runs.store.workspace import Workspace
from studio.training.predictions import Predictions


@dataclass(frozen=True)
class FirstTeacher:
    """What taught the first step reached.

    Attributes:
        score: of the chain's headline; None where that cannot be measured on its answers.
        gain: of the model that counts over it in that score; None where they cannot be compared.
    """

    accuracy: Accuracy
    score: Score | None
    gain: Difference | None


class ChainComparison:
    """The answers of a chain's runs, compared."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def differences(self, chain: Chain, role: str, run: str) -> tuple[PairedReading, ...]:
        """How much more often the model of ``run`` is right than what taught first and than the student alone.

        Args:
            chain: with the steps that are done.
            role: of the model in it; it is not compared with itself.
        """
        own = self.answers(run)
        if own is None:
            return ()
        alone = chain.step("alone")
        others = {"teacher": self.taught_first(chain), "alone": self.answers(alone.run) if alone is not None else None}
        found = []
        for name, other in others.items():
            if other is None or name == role or not np.array_equal(own.labels, other.labels):
                continue
            told = paired_difference(right(own.student, own.labels), right(other.student, other.labels))
            if told is not None:
                found.append(PairedReading(name, told.value, told.low, told.high))
        return tuple(found)

    def first_teacher(self, chain: Chain, own: Predictions | None, headline: str) -> FirstTeacher | None:
        """What taught the first step, and how much more ``own``, the answers of the model that counts, reach.

        Returns:
            None where it left no answers.
        """
        taught = self.taught_first(chain)
        if taught is None:
            return None
        correct = right(taught.student, taught.labels)
        accuracy = Accuracy.measured(float(correct.mean()), len(correct))
        score = accuracy.score() if headline == ACCURACY else measured_score(headline, taught.student, taught)
        first = contributions(headline, own.student, own) if own is not None else None
        second = contributions(headline, taught.student, own or taught)
        gain = paired_difference(first, second) if first is not None and second is not None else None
        return FirstTeacher(accuracy, score, gain)

    def taught_first(self, chain: Chain) -> Predictions | None:
        """The answers of what taught the first step, in the place of a student's; None where it left none."""
        first = next((step for step in chain.steps if step.role != "alone"), None)
        told = self.answers(first.run) if first is not None else None
        if first is None or told is None or first.role == "teacher":
            return told
        return Predictions(told.labels, told.teacher) if told.teacher is not None else None

    def answers(self, run: str) -> Predictions | None:
        """Of a run on the test part; None where it kept none."""
        return read_predictions(self._workspace.folder(run))
