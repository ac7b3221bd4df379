"""An ensemble out of a library as a model: recipes, weights and the rows they were fitted to; fitted again when asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from studio import catalog
from studio.core.message import Text, text
from studio.core.score import Score
from studio.core.workers import InTurn, Workers
from studio.models.answer_time import answer_milliseconds
from studio.models.base import ModelKind, ModelSize
from studio.models.classic_fit import ClassicRecipe, FitOrder, FittedClassic, answers_digest, fitted, is_long
from studio.models.classic_kinds import KINDS
from studio.models.files import StoredModel, read_model, refused, write_model

KEY = "library"


@dataclass(frozen=True)
class LibraryModel:
    """See :class:`studio.models.base.Model`. Its file holds no learner: they are fitted anew, the first time it is asked.

    Attributes:
        recipes: of the chosen members, each with what it answered when it was fitted first, in short.
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
        """Those that are fitted so far, in the order of the recipes; see :meth:`fit_members`."""
        return []

    @property
    def members_left(self) -> int:
        return len(self.recipes) - len(self._members)

    @property
    def takes_long(self) -> bool:
        return is_long(self.members_left, len(self.inputs))

    @property
    def members(self) -> tuple[FittedClassic, ...]:
        """In the order of the recipes; those that are not fitted yet are first, one after the other."""
        for _ in self.fit_members(InTurn()):
            pass
        return tuple(self._members)

    def fit_members(self, workers: Workers) -> Iterator[Text]:
        """See :meth:`studio.models.base.FittedAgain.fit_members`."""
        left = self.recipes[len(self._members) :]
        orders = (FitOrder(recipe, self.inputs, self.labels, len(self.classes)) for recipe in left)
        for recipe, member in zip(left, workers.map(fitted, orders), strict=True):
            self._members.append(member)
            yield Text(KINDS[recipe.kind].title)

    @property
    def changed_members(self) -> int:
        """By the digests of their recipes; where one is not known, nothing is said."""
        return sum(
            recipe.digest not in ("", answers_digest(member, self.inputs))
            for recipe, member in zip(self.recipes, self._members, strict=False)
        )

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
        for weight, member in zip(self.weights, self.members, strict=True):
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
                ClassicRecipe(
                    str(each["kind"]), dict(each["parameters"]), int(each["seed"]), str(each.get("digest", ""))
                )
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
