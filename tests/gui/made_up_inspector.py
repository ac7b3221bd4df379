"""Answers of networks that never were: whom the view Try it asks where no run has learnt anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from studio.core.answer_time import AnswerTime
from studio.core.message import Text
from studio.gui.training.inspection import Inspection
from studio.insight.single_answer import SingleAnswer
from studio.runs.files.history import Reference
from studio.runs.inspect.asked_model import SEATS, AskedModel, Example, MapWish, ModelAnswer, RunOverview, Seat
from studio.runs.inspect.differences import DifferingPictures, difference_sets
from studio.runs.inspect.inspector import AT_ENDS, Inspector
from studio.runs.inspect.loaded_data import Stopping, never
from studio.runs.store.workspace import Workspace
from studio.training.predictions import Predictions
from tests.gui.fake_jobs import at_once

CLASSES = ("plum", "apple", "pear", "fig")
TESTED = 48
#: The share of the test pictures that each takes for the next class.
WRONG: Mapping[Seat, float] = {"teacher": 0.1, "student": 0.25, "alone": 0.5}
#: The student and the student alone are equally fast; what is measured of two such is never quite the same.
TIMES: Mapping[Seat, AnswerTime] = {
    "teacher": AnswerTime(2.04, 1.93, 2.2),
    "student": AnswerTime(0.73, 0.66, 0.9),
    "alone": AnswerTime(0.68, 0.62, 0.7),
}


class MadeUpInspector(Inspector):
    """Knows of every run the same pictures, and three networks by the names of their seats."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Workspace(folder))
        draw = np.random.default_rng(0)
        self._pictures = draw.integers(0, 256, (TESTED, 3, 32, 32)).astype(np.uint8)
        self._labels = np.arange(TESTED) % len(CLASSES)
        self._maps = {seat: _unit(draw.random((8, 8))) for seat in SEATS}
        self._logits = {seat: self._answered(draw.random(TESTED) < share) for seat, share in WRONG.items()}

    def _answered(self, wrong: np.ndarray) -> np.ndarray:
        answers = np.where(wrong, (self._labels + 1) % len(CLASSES), self._labels)
        return 3.0 * np.eye(len(CLASSES), dtype=np.float32)[answers]

    def overview(self, run: str, stopping: Stopping = never) -> RunOverview:
        seats = {seat: AskedModel(seat) for seat in SEATS}
        return RunOverview(run, CLASSES, "pictures", self._pictures.shape[1:], TESTED, seats)

    def test_example(self, run: str, row: int, stopping: Stopping = never) -> Example:
        words = Text("Number {i} of {n} of the test part", {"i": row + 1, "n": TESTED})
        return Example(self._pictures[row], CLASSES[int(self._labels[row])], words)

    def answer(
        self, asked: AskedModel, run: str, example: Example, stopping: Stopping = never, wish: MapWish = AT_ENDS
    ) -> ModelAnswer:
        seat = next(seat for seat in SEATS if seat == asked.run)
        (row,) = np.flatnonzero((self._pictures == example.values).all((1, 2, 3)))
        powers = np.exp(self._logits[seat][row])
        maps = {"group2": self._maps[seat], "group3": self._maps[seat].T} if wish.kind == "attention" else {}
        answer = SingleAnswer(CLASSES, powers / powers.sum(), maps, TIMES[seat], ("out", "pre"), explains=True)
        return ModelAnswer(asked, Text(f"A made-up {seat}"), answer, Reference(1 - WRONG[seat]))

    def times(
        self, asked: Sequence[AskedModel], run: str, example: Example, stopping: Stopping = never
    ) -> list[AnswerTime]:
        return [time for model in asked for seat, time in TIMES.items() if seat == model.run]

    def differences(self, run: str, stopping: Stopping = never) -> DifferingPictures | None:
        own = Predictions(self._labels, self._logits["student"], self._logits["teacher"])
        found = difference_sets(own, Predictions(self._labels, self._logits["alone"]))
        return DifferingPictures(TESTED, found, dict(enumerate(self._pictures)))


def _unit(values: np.ndarray) -> np.ndarray:
    length: np.ndarray = (values / np.linalg.norm(values)).astype(np.float32)
    return length


def made_up_inspection(folder: Path) -> Inspection:
    """Answers at once."""
    return Inspection(at_once, lambda: MadeUpInspector(folder))
