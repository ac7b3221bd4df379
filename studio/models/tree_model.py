"""A tree as a model: answers what networks are given, is measured, described and kept like one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from studio import catalog
from studio.core.message import Text, text
from studio.core.score import Score
from studio.models.answer_time import answer_milliseconds
from studio.models.base import ModelKind, ModelSize
from studio.models.files import StoredModel, read_model, refused, write_model
from studio.models.tree import DecisionTree
from studio.models.tree_columns import decoded
from studio.models.tree_file import columns_as_json, columns_of_json, tree_arrays, tree_of_arrays

KEY = "tree"


@dataclass(frozen=True)
class TreeModel:
    """See :class:`studio.models.base.Model`.

    Attributes:
        tree: whose columns say how rows are encoded.
    """

    tree: DecisionTree
    scores: Mapping[str, Score] = field(default_factory=dict)
    key: str = KEY

    @property
    def classes(self) -> tuple[str, ...]:
        return self.tree.classes

    @property
    def size(self) -> ModelSize:
        """A threshold or a set of values for every question, an answer for every leaf."""
        held = sum(array.nbytes for array in tree_arrays(self.tree).values())
        return ModelSize(parameters=len(self.tree), nodes=len(self.tree), bytes=held)

    @cached_property
    def milliseconds(self) -> float:
        return answer_milliseconds(self.probabilities, sum(column.width for column in self.tree.columns))

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        """See :meth:`studio.models.base.Model.probabilities`; of rows, encoded."""
        return self.tree.probabilities(decoded(inputs, self.tree.columns)).astype(np.float32)

    def describe(self) -> Text:
        return text(
            "A tree of {leaves} leaves, at most {depth} questions", leaves=self.tree.leaves, depth=self.tree.depth
        )

    def save(self, file: Path) -> None:
        columns = {"columns": columns_as_json(self.tree.columns)}
        write_model(file, StoredModel(KEY, self.classes, tree_arrays(self.tree), columns))


class TreeKind(ModelKind):
    """Trees of questions about the columns of a table."""

    key = KEY
    title = "Tree"
    words = "Questions about single columns, one after the other, until the answer is clear."

    def read(self, file: Path, scores: Mapping[str, Score]) -> TreeModel:
        stored = read_model(file, KEY)
        try:
            columns = columns_of_json(stored.description["columns"])
            return TreeModel(tree_of_arrays(columns, stored.classes, stored.arrays), scores)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise refused(file, "What it holds is no tree.") from error


catalog.register("model", TreeKind())
