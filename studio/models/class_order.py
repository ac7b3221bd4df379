"""A model whose answers stand in the order in which data name their classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from studio.core.message import Text
from studio.core.score import Score
from studio.models.base import Model, ModelSize


class InClassOrder:
    """Another model's answers with their columns in another order; see :class:`studio.models.base.Model`.

    Args:
        classes: those of ``model``, in the wanted order.

    Raises:
        ValueError: they are others.
    """

    def __init__(self, model: Model, classes: Sequence[str]) -> None:
        if set(model.classes) != set(classes):
            raise ValueError("the model knows other classes")
        self._model, self.classes = model, tuple(classes)
        self._columns = [model.classes.index(name) for name in classes]

    @property
    def model(self) -> Model:
        """The other model, in its own order."""
        return self._model

    @property
    def key(self) -> str:
        return self._model.key

    @property
    def scores(self) -> Mapping[str, Score]:
        return self._model.scores

    @property
    def size(self) -> ModelSize:
        return self._model.size

    @property
    def milliseconds(self) -> float:
        return self._model.milliseconds

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        """See :meth:`studio.models.base.Model.probabilities`."""
        answers: np.ndarray = self._model.probabilities(inputs)[:, self._columns]
        return answers

    def describe(self) -> Text:
        return self._model.describe()

    def save(self, file: Path) -> None:
        """The other model as it is, in its own order."""
        self._model.save(file)
