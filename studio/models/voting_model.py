"""Trees that vote as a model: the fifty that teach a born-again tree, kept as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import get_args

import numpy as np

from studio import catalog
from studio.core.format import thousands
from studio.core.message import Text, text
from studio.core.score import Score
from studio.models.answer_time import answer_milliseconds
from studio.models.base import ModelKind, ModelSize
from studio.models.files import StoredModel, read_model, refused, write_model
from studio.models.voting_trees import Voting, VotingTrees

KEY = "voting-trees"


@dataclass(frozen=True)
class VotingModel:
    """See :class:`studio.models.base.Model`.

    Attributes:
        key: how the trees come to differ.
        width: encoded numbers of a row.
    """

    key: Voting
    trees: VotingTrees
    classes: tuple[str, ...]
    width: int
    scores: Mapping[str, Score] = field(default_factory=dict)

    @property
    def size(self) -> ModelSize:
        nodes = len(self.trees.feature)
        return ModelSize(nodes, nodes, sum(array.nbytes for array in self.trees.arrays().values()))

    @cached_property
    def milliseconds(self) -> float:
        return answer_milliseconds(self.probabilities, self.width)

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        """See :meth:`studio.models.base.Model.probabilities`; of rows, encoded."""
        return self.trees.probabilities(inputs)

    def describe(self) -> Text:
        return text(
            "{count} trees that vote, {nodes} nodes", count=len(self.trees), nodes=thousands(len(self.trees.feature))
        )

    def save(self, file: Path) -> None:
        said = {"key": self.key, "width": self.width}
        write_model(file, StoredModel(KEY, self.classes, self.trees.arrays(), said))


class VotingKind(ModelKind):
    """Bagged and boosted trees, and random forests."""

    key = KEY
    title = "Voting trees"
    words = "Many trees, each of which has seen other rows; they vote."

    def read(self, file: Path, scores: Mapping[str, Score]) -> VotingModel:
        stored = read_model(file, KEY)
        why = "What it holds are no trees."
        try:
            trees, key = VotingTrees.of_arrays(stored.arrays), stored.description["key"]
            width = int(stored.description["width"])
        except (KeyError, TypeError, ValueError) as error:
            raise refused(file, why) from error
        fits = trees.answers.shape[1] == len(stored.classes) and int(trees.feature.max()) < width
        if key not in get_args(Voting) or not fits:
            raise refused(file, why)
        return VotingModel(key, trees, stored.classes, width, scores)


catalog.register("model", VotingKind())
