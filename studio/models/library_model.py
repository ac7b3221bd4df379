"""An ensemble out of a library as a model: recipes, weights and the rows they were fitted to; fitted again when asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from studio import catalog
from studio.core.message import Text, text
from studio.models.answer_time import answer_milliseconds
from studio.models.base import ModelKind, ModelSize
from studio.models.classic_fit import ClassicRecipe, FittedClassic
from studio.models.classic_kinds import KINDS
from studio.models.files import StoredModel, read_model, refused, write_model
from studio.models.score import Score

KEY = "library"


@dataclass(frozen=True)
class LibraryModel:
    """See :class:`studio.models.base.Model`. Its file holds no learner: they are fitted anew, the first time it is asked.

    Attributes:
        recipes: of the chosen members.
        weights: (M,) of sum 1, in the mean of their probabilities.
        inputs, labels: (n, E) encoded rows and (n,) that all of them were fitted to.
    """

    recipes: tuple[ClassicRecipe, ...]
    weights: np.ndarray
    inputs: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    scores: Mapping[str, Score] = field(default_factory=dict)
    key: str = KEY

    @cached_property
    def _members(self) -> list[FittedClassic]:
        return [FittedClassic(recipe, len(self.classes)).fit(self.inputs, self.labels) for recipe in self.recipes]

    @property
    def size(self) -> ModelSize:
        """Of what it is fitted from."""
        return ModelSize(parameters=self.inputs.size, bytes=self.inputs.nbytes + self.labels.nbytes)

    @cached_property
    def milliseconds(self) -> float:
        return answer_milliseconds(self.probabilities, self.inputs.shape[1])

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        """See :meth:`studio.models.base.Model.probabilities`; of rows, encoded."""
        answers = np.zeros((len(inputs), len(self.classes)))
        for weight, member in zip(self.weights, self._members, strict=True):
            answers += weight * member.probabilities(inputs)
        return answers.astype(np.float32)

    def describe(self) -> Text:
        return text("{n} learners out of a library, together", n=len(self.recipes))

    def save(self, file: Path) -> None:
        arrays = {"weights": self.weights, "inputs": self.inputs, "labels": self.labels}
        write_model(file, StoredModel(KEY, self.classes, arrays, {"recipes": [asdict(one) for one in self.recipes]}))


class LibraryKind(ModelKind):
    """Ensembles of classic learners."""

    key = KEY
    title = "Library"
    words = "Learners of many kinds, of which those were chosen that are right together."

    def read(self, file: Path, scores: Mapping[str, Score]) -> LibraryModel:
        stored = read_model(file, KEY)
        why = "What it holds is no library."
        try:
            recipes = tuple(
                ClassicRecipe(str(each["kind"]), dict(each["parameters"]), int(each["seed"]))
                for each in stored.description["recipes"]
            )
            weights, inputs, labels = (stored.arrays[name] for name in ("weights", "inputs", "labels"))
        except (KeyError, TypeError, ValueError) as error:
            raise refused(file, why) from error
        known = all(
            recipe.kind in KINDS and set(recipe.parameters) <= set(KINDS[recipe.kind].grid) for recipe in recipes
        )
        fits = (
            weights.shape == (len(recipes),) and inputs.ndim == 2 and labels.shape == (len(inputs),) and len(inputs) > 0
        )
        if not known or not recipes or not fits or not (0 <= labels.min() <= labels.max() < len(stored.classes)):
            raise refused(file, why)
        return LibraryModel(
            recipes, weights, inputs.astype(np.float32), labels.astype(np.int64), stored.classes, scores
        )


catalog.register("model", LibraryKind())
