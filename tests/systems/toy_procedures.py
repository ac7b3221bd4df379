"""Two procedures that are as small as procedures can be: one asks a teacher about made-up points, one goes on from that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np

from studio.core.arrays import Arrays
from studio.core.message import Text, text
from studio.core.score import Score
from studio.core.score_scale import ACCURACY_SCALE, ScoreScale
from studio.core.setting_field import setting
from studio.core.workers import Workers
from studio.events import ItemDone
from studio.methods.entry import MethodSettings, Source
from studio.methods.needs import Needs
from studio.methods.procedure import (
    Procedure,
    ProcedureInputs,
    ProcedureResult,
    ProcedureWork,
)
from studio.models.base import ModelKind, ModelSize
from studio.models.files import StoredModel, read_model, write_model

#: Points of an item.
POINTS = 50


class ToyCasesSettings(MethodSettings):
    """Settings of the made-up cases."""

    count: int = setting(4, ge=1, le=100, description="How many times points are made up", label="Items")


class ToyCases(Procedure[ToyCasesSettings]):
    """Points of a normal distribution with the teacher's answers."""

    key = "toy_cases"
    title = "Toy cases"
    words = "A teacher answers made-up points."
    source = Source("-", "-", "-")
    needs = Needs(same_classes=True)
    Settings = ToyCasesSettings

    def items(self, settings: ToyCasesSettings) -> int:
        return settings.count

    def begin(self, settings: ToyCasesSettings, inputs: ProcedureInputs) -> ProcedureWork:
        return _Asking(settings.count, inputs)


class _Asking(ProcedureWork):
    def __init__(self, count: int, inputs: ProcedureInputs) -> None:
        self._count, self._inputs = count, inputs
        self._points = np.empty((0, *inputs.dataset.shape), np.float32)
        self._answers = np.empty((0, len(inputs.dataset.classes)), np.float32)

    def run(self, workers: Workers) -> Iterator[ItemDone]:
        del workers
        assert self._inputs.teacher is not None
        for item in range(len(self._points) // POINTS, self._count):
            size = (POINTS, *self._inputs.dataset.shape)
            points = self._inputs.generator("points", item).normal(size=size).astype(np.float32)
            self._points = np.concatenate([self._points, points])
            self._answers = np.concatenate([self._answers, self._inputs.teacher.probabilities(points)])
            sure = float(self._answers.max(1).mean())
            yield ItemDone(
                item=item + 1,
                items=self._count,
                words=text("{n} points have answers.", n=len(self._points)),
                numbers={"sure": sure},
            )

    def state_dict(self) -> dict[str, np.ndarray]:
        return {"points": self._points, "answers": self._answers}

    def load_state_dict(self, state: Arrays) -> None:
        self._points, self._answers = state["points"], state["answers"]

    def result(self) -> ProcedureResult:
        return ProcedureResult(arrays=self.state_dict())


#: What may count of the centres.
HEADLINES = {
    scale.name: scale
    for scale in (
        ACCURACY_SCALE,
        ScoreScale("squared error", "", "lower"),
        ScoreScale("points a centre", "points"),
    )
}


class ToyCentresSettings(MethodSettings):
    """Settings of the centres."""

    headline: Literal["accuracy", "squared error", "points a centre"] = setting(
        "accuracy", description="Which score counts", label="Counts"
    )


class ToyCentres(Procedure[ToyCentresSettings]):
    """For each class the mean of the cases that are taken for it, one class an item, worked on side by side."""

    key = "toy_centres"
    title = "Toy centres"
    words = "Where the cases of each class lie."
    source = Source("-", "-", "-")
    Settings = ToyCentresSettings

    def items(self, settings: ToyCentresSettings) -> int:
        del settings
        return 2

    def begin(self, settings: ToyCentresSettings, inputs: ProcedureInputs) -> ProcedureWork:
        del settings
        return _Centring(inputs.uses["cases"], inputs.dataset.classes)

    def headline(self, settings: ToyCentresSettings) -> ScoreScale:
        return HEADLINES[settings.headline]


def centre(points: np.ndarray) -> np.ndarray:
    """The mean of points (n, D): (D,)."""
    return np.asarray(points.mean(0))


class _Centring(ProcedureWork):
    def __init__(self, cases: Arrays, names: tuple[str, ...]) -> None:
        self._classes = names
        classes = cases["answers"].argmax(1)
        self._points = [cases["points"][classes == number] for number in range(cases["answers"].shape[1])]
        self._centres: list[np.ndarray] = []

    def run(self, workers: Workers) -> Iterator[ItemDone]:
        for found in workers.map(centre, self._points[len(self._centres) :]):
            self._centres.append(found)
            yield ItemDone(
                item=len(self._centres), items=len(self._points), words=text("A centre was found."), numbers={}
            )

    def state_dict(self) -> dict[str, np.ndarray]:
        return {str(number): centre for number, centre in enumerate(self._centres)}

    def load_state_dict(self, state: Arrays) -> None:
        self._centres = [state[str(number)] for number in range(len(state))]

    def result(self) -> ProcedureResult:
        centres = np.stack(self._centres)
        fewest = Score(value=min(map(len, self._points)), unit="points")
        return ProcedureResult(
            arrays={"centres": centres},
            model=NearestCentre(centres, self._classes),
            scores={"points a centre": fewest},
        )


class NearestCentre:
    """A model that is no network: the nearer a centre (K, D), the likelier its class."""

    key = "toy_nearest"
    milliseconds = 0.01

    def __init__(
        self, centres: np.ndarray, classes: tuple[str, ...], scores: Mapping[str, Score] | None = None
    ) -> None:
        self.centres, self.classes, self.scores = centres, classes, dict(scores or {})

    @property
    def size(self) -> ModelSize:
        return ModelSize(self.centres.size, bytes=self.centres.nbytes)

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        distances = np.square(inputs[:, None] - self.centres[None]).sum(2)
        likely = np.exp(-distances + distances.min(1, keepdims=True))
        shares: np.ndarray = likely / likely.sum(1, keepdims=True)
        return shares.astype(np.float32)

    def describe(self) -> Text:
        return text("{n} centres", n=len(self.centres))

    def save(self, file: Path) -> None:
        write_model(file, StoredModel(self.key, self.classes, {"centres": self.centres}))


class NearestCentreKind(ModelKind):
    """Reads them back."""

    key = NearestCentre.key
    title = "Nearest centre"
    words = "The class of the nearest centre."

    def read(self, file: Path, scores: Mapping[str, Score]) -> NearestCentre:
        stored = read_model(file, self.key)
        return NearestCentre(stored.arrays["centres"], stored.classes, scores)
