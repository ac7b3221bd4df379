"""The procedure that fits a library of classic learners, a member an item, and chooses an ensemble out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from studio import catalog
from studio.core.arrays import Arrays
from studio.core.message import Text, text
from studio.core.score import Score
from studio.core.setting_field import setting
from studio.core.workers import Workers
from studio.events import ItemDone
from studio.methods.entry import MethodSettings, Source
from studio.methods.needs import Needs
from studio.methods.procedure import Procedure, ProcedureInputs, ProcedureResult, ProcedureWork
from studio.methods.synthesis.table_matrix import parts_of
from studio.models.classic_fit import ClassicRecipe, FittedClassic, answers_digest, is_long
from studio.models.classic_kinds import KINDS, library
from studio.models.ensemble_selection import SelectionPlan, select_ensemble, squared_error
from studio.models.fitted_size import held_bytes
from studio.models.library_model import LibraryModel

#: Of the rows to learn from, those kept back to choose by.
HELD_BACK = 0.25


class FitLibrarySettings(MethodSettings):
    """Settings of a library and of the choice among its members."""

    members: int = setting(
        30,
        ge=10,
        le=128,
        description="Learners of ten kinds, one of each in turn",
        unit="learners",
        step=10,
        label="Learners",
    )
    rounds: int = setting(
        100,
        ge=1,
        le=1000,
        description="How often the learner that helps most is added, some of them again and again",
        level="expert",
        label="Rounds of choosing",
    )
    sorted_start: int = setting(
        5,
        ge=1,
        le=50,
        description="How many of the best are in before the first round",
        level="expert",
        label="Best to begin with",
    )
    bags: int = setting(
        20,
        ge=1,
        le=100,
        description="Times it is chosen from a random half of the learners",
        level="expert",
        label="Bags",
    )


class FitLibrary(Procedure[FitLibrarySettings]):
    """Learners of ten kinds, and the mean of those that are right together."""

    key = "fit_library"
    title = "Library of learners"
    words = "Fit learners of ten kinds, and choose those that are right together."
    source = Source("Caruana et al.", "ICML 2004", "Ensemble selection from libraries of models", year=2004)
    needs = Needs(teacher=False, learners=("teacher", "student"))
    item_seconds = 0.5
    Settings = FitLibrarySettings

    def items(self, settings: FitLibrarySettings) -> int:
        return settings.members

    def side_by_side(self, settings: FitLibrarySettings, inputs: ProcedureInputs) -> bool:
        return is_long(settings.members, len(inputs.dataset.train))

    def begin(self, settings: FitLibrarySettings, inputs: ProcedureInputs) -> ProcedureWork:
        return _Fitting(settings, inputs)


@dataclass(frozen=True)
class _Order:
    """What a worker needs to fit a member: it answers rows kept back, and those for testing."""

    recipe: ClassicRecipe
    inputs: np.ndarray
    labels: np.ndarray
    held: np.ndarray
    test: np.ndarray
    classes: int


@dataclass(frozen=True)
class _Answered:
    """What is kept of a member: its answers to the rows kept back and to those for testing, and those it holds in short."""

    held: np.ndarray
    test: np.ndarray
    bytes: int
    digest: str


def fit_member(order: _Order) -> _Answered:
    """Fit one member and ask it."""
    fitted = FittedClassic(order.recipe, order.classes).fit(order.inputs, order.labels)
    return _Answered(
        fitted.probabilities(order.held),
        fitted.probabilities(order.test),
        held_bytes(fitted.estimator),
        answers_digest(fitted, order.inputs),
    )


class _Fitting(ProcedureWork):
    def __init__(self, settings: FitLibrarySettings, inputs: ProcedureInputs) -> None:
        parts = parts_of(inputs.dataset, FitLibrary.title)
        self._settings, self._generator = settings, inputs.generator
        rows, labels, self._classes = parts.encoding.encode(parts.train), parts.train.labels, parts.train.classes
        order = inputs.generator("held back").permutation(len(labels))
        held = max(1, round(HELD_BACK * len(labels)))
        self._held, self._held_labels = rows[order[:held]], labels[order[:held]]
        self._rows, self._labels = rows[order[held:]], labels[order[held:]]
        self._test, self._test_labels = parts.encoding.encode(parts.test), parts.test.labels
        self._recipes = [
            ClassicRecipe(kind, parameters, inputs.seed % 2**31) for kind, parameters in library(settings.members)
        ]
        self._answers = np.empty((0, held, len(self._classes)), np.float32)
        self._tested = np.empty((0, len(self._test_labels), len(self._classes)), np.float32)
        self._bytes, self._digests = np.empty(0, np.int64), np.empty(0, "U64")

    def run(self, workers: Workers) -> Iterator[ItemDone]:
        done = len(self._answers)
        orders = (
            _Order(recipe, self._rows, self._labels, self._held, self._test, len(self._classes))
            for recipe in self._recipes[done:]
        )
        for recipe, told in zip(self._recipes[done:], workers.map(fit_member, orders), strict=True):
            self._answers = np.concatenate([self._answers, told.held[None]])
            self._tested = np.concatenate([self._tested, told.test[None]])
            self._bytes = np.append(self._bytes, told.bytes)
            self._digests = np.append(self._digests, told.digest)
            yield ItemDone(
                item=len(self._answers),
                items=len(self._recipes),
                words=text("{kind} was fitted.", kind=Text(KINDS[recipe.kind].title)),
                numbers={"squared error": squared_error(told.held, self._held_labels)},
            )

    def state_dict(self) -> dict[str, np.ndarray]:
        return {
            "answers": self._answers, "tested": self._tested, "bytes": self._bytes, "digests": self._digests
        }  # fmt: skip

    def load_state_dict(self, state: Arrays) -> None:
        if state["answers"].shape[1:] != self._answers.shape[1:] or state["tested"].shape[1:] != self._tested.shape[1:]:
            raise ValueError("of other rows")
        self._answers, self._tested = state["answers"], state["tested"]
        self._bytes, self._digests = state["bytes"], state["digests"]

    def result(self) -> ProcedureResult:
        settings = self._settings
        plan = SelectionPlan(settings.rounds, settings.sorted_start, settings.bags)
        weights = select_ensemble(self._answers, self._held_labels, plan, self._generator("bags"))
        held = np.array([squared_error(answers, self._held_labels) for answers in self._answers])
        tested = np.array([squared_error(answers, self._test_labels) for answers in self._tested])
        best = int(held.argmin())
        chosen = np.flatnonzero(weights)
        together = np.tensordot(weights, self._tested.astype(np.float64), 1)
        count = len(self._test_labels)
        right = (self._tested[best].argmax(1) == self._test_labels).mean()
        kept = [
            replace(recipe, digest=str(digest)) for recipe, digest in zip(self._recipes, self._digests, strict=True)
        ]
        single = LibraryModel((kept[best],), np.ones(1), self._rows, self._labels, self._classes)
        scores = {
            "squared error": Score(value=squared_error(together, self._test_labels), n=count, unit="", better="lower"),
            "squared error of the best single learner": Score(value=tested[best], n=count, unit="", better="lower"),
            "accuracy of the best single learner": Score(value=float(right), n=count),
            "milliseconds of the best single learner": Score(value=single.milliseconds, unit="ms", better="lower"),
        }
        model = LibraryModel(
            tuple(kept[place] for place in chosen), weights[chosen], self._rows, self._labels, self._classes
        )
        kinds = np.array([recipe.kind for recipe in self._recipes])
        words = np.array([json.dumps(recipe.parameters) for recipe in self._recipes])
        arrays = {"weights": weights, "kinds": kinds, "settings": words, "bytes": self._bytes}
        arrays |= {"squared_error": tested, "held_error": held, "best": np.array(best)}
        return ProcedureResult(arrays=arrays, model=model, scores=scores)


catalog.register("procedure", FitLibrary())
