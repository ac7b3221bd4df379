"""Fitting a classic learner from its recipe: kind, parameters, seed and rows decide it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.models.classic_kinds import KINDS, Parameter

#: Parts of the rows in which an answer without probabilities is calibrated on those it has not learnt from.
CALIBRATION_PARTS = 3
#: Rows whose answers a digest is of; what an answer is rounded to before.
DIGEST_ROWS, DIGEST_STEPS = 1000, 10_000
#: Learners times rows that take about three seconds on one core of an AMD EPYC (letter p2: 100 learners of 3,000 rows in 26
#: to 36 s); more is called long.
LONG = 30_000


@dataclass(frozen=True)
class ClassicRecipe:
    """What a classic learner is made of, beside its rows.

    Attributes:
        kind: one of :data:`studio.models.classic_kinds.KINDS`.
        parameters: of that kind.
        seed: of what it draws.
        digest: of its answers to the rows that it was fitted to when it was first fitted, see :func:`answers_digest`;
            empty where that is not known.
    """

    kind: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    seed: int = 0
    digest: str = ""


class FittedClassic:
    """A learner that has learnt.

    Args:
        recipe: how.
        classes: how many there are, those that its rows lack among them.
    """

    def __init__(self, recipe: ClassicRecipe, classes: int) -> None:
        self.recipe, self.classes = recipe, classes
        self.estimator: Any = None
        self._calibration: Any = None
        self._seen: NDArray[np.int64] = np.empty(0, dtype=np.int64)

    def fit(self, inputs: NDArray[np.float32], labels: NDArray[np.int64]) -> FittedClassic:
        """Learn from (n, E) encoded rows and (n,) labels, of one class or more."""
        import warnings

        kind = KINDS[self.recipe.kind]
        self._seen = np.unique(labels)
        inputs = np.ascontiguousarray(inputs, dtype=np.float32)
        if len(self._seen) < 2:
            return self  # it always answers the one class
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a fit was ended by its number of iterations is meant here
            self.estimator = kind.build(self._possible(len(labels)), self.recipe.seed).fit(inputs, labels)
            if not kind.answers:
                self._calibrate(inputs, labels)
        return self

    def _possible(self, rows: int) -> dict[str, Parameter]:
        """No more neighbours than there are rows."""
        parameters = dict(self.recipe.parameters)
        neighbours = parameters.get("n_neighbors")
        return parameters | ({"n_neighbors": min(int(neighbours), rows)} if isinstance(neighbours, int) else {})

    def _calibrate(self, inputs: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        """Platt's scaling: a logistic regression of the classes on decision values of rows not learnt from."""
        from sklearn.linear_model import LogisticRegression

        order = np.random.default_rng(self.recipe.seed).permutation(len(labels))
        order = order[labels[order].argsort(kind="stable")]
        part = np.empty(len(labels), dtype=int)
        part[order] = np.arange(len(labels)) % CALIBRATION_PARTS
        values = None
        for held in range(CALIBRATION_PARTS):
            learnt = part != held
            if len(np.unique(labels[learnt])) < len(self._seen):
                return  # a class so seldom is left to the decision values themselves
            kind = KINDS[self.recipe.kind]
            other = kind.build(self._possible(int(learnt.sum())), self.recipe.seed).fit(inputs[learnt], labels[learnt])
            told = _columns(other.decision_function(inputs[~learnt]))
            values = np.empty((len(labels), told.shape[1])) if values is None else values
            values[~learnt] = told
        self._calibration = LogisticRegression(C=100.0, max_iter=500).fit(values, labels)

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, K) answers to (n, E) encoded rows; 0 for a class that it has not seen."""
        answers = np.zeros((len(inputs), self.classes), dtype=np.float32)
        answers[:, self._seen] = self._known(np.ascontiguousarray(inputs, dtype=np.float32)) if len(inputs) else 0
        return answers

    def _known(self, inputs: NDArray[np.float32]) -> NDArray[np.float64]:
        if self.estimator is None:
            return np.ones((len(inputs), 1))
        if KINDS[self.recipe.kind].answers:
            return np.asarray(self.estimator.predict_proba(inputs))
        values = _columns(self.estimator.decision_function(inputs))
        if self._calibration is not None:
            return np.asarray(self._calibration.predict_proba(values))
        values = np.column_stack([-values[:, 0], values[:, 0]]) if values.shape[1] == 1 else values
        powers = np.exp(values - values.max(1, keepdims=True))
        return np.asarray(powers / powers.sum(1, keepdims=True))


def answers_digest(fitted: FittedClassic, inputs: NDArray[np.float32]) -> str:
    """What a learner answers, in short: the same where it was fitted alike."""
    steps = np.rint(fitted.probabilities(inputs[:DIGEST_ROWS]) * DIGEST_STEPS).astype("<i4")
    return hashlib.sha256(steps.tobytes()).hexdigest()


@dataclass(frozen=True, eq=False)
class FitOrder:
    """All that a learner is fitted from.

    Attributes:
        inputs, labels: (n, E) encoded rows and (n,).
        classes: how many there are.
    """

    recipe: ClassicRecipe
    inputs: NDArray[np.float32]
    labels: NDArray[np.int64]
    classes: int


def is_long(learners: int, rows: int) -> bool:
    """Whether fitting so many learners of a library takes so long that processes of their own are worth it."""
    return learners * rows >= LONG


def fitted(order: FitOrder) -> FittedClassic:
    """The learner that comes of it; the same in every process."""
    return FittedClassic(order.recipe, order.classes).fit(order.inputs, order.labels)


def _columns(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[:, None] if values.ndim == 1 else values
