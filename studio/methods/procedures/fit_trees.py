"""The procedure that fits trees which vote, one an item."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from studio import catalog
from studio.core.arrays import Arrays
from studio.core.message import text
from studio.core.setting_field import setting
from studio.core.workers import Workers
from studio.events import ItemDone
from studio.methods.entry import MethodSettings, Source
from studio.methods.needs import Needs
from studio.methods.procedure import Procedure, ProcedureInputs, ProcedureResult, ProcedureWork
from studio.methods.synthesis.table_matrix import parts_of
from studio.models.voting_model import VotingModel
from studio.models.voting_trees import Voting, VotingTrees, more_trees, no_trees


class FitTreesSettings(MethodSettings):
    """Settings of trees that vote."""

    how: Voting = setting(
        "boosted-trees",
        description="How the trees come to differ: by their rows, or by their columns as well",
        label="Kind",
    )
    trees: int = setting(50, ge=1, le=1000, description="How many trees vote", unit="trees", step=10, label="Trees")


class FitTrees(Procedure[FitTreesSettings]):
    """Bagged or boosted trees, or a random forest, on the rows of a table."""

    key = "fit_trees"
    title = "Trees that vote"
    words = "Fit many trees on other rows each, and let them vote."
    source = Source("Breiman", "Annals of Statistics 26(3)", "Arcing classifiers", year=1998)
    needs = Needs(teacher=False, learners=("teacher", "student"))
    item_seconds = 0.05
    Settings = FitTreesSettings

    def items(self, settings: FitTreesSettings) -> int:
        return settings.trees

    def begin(self, settings: FitTreesSettings, inputs: ProcedureInputs) -> ProcedureWork:
        return _Fitting(settings, inputs)


class _Fitting(ProcedureWork):
    def __init__(self, settings: FitTreesSettings, inputs: ProcedureInputs) -> None:
        parts = parts_of(inputs.dataset, FitTrees.title)
        self._settings, self._generator = settings, inputs.generator
        self._rows, self._labels = parts.encoding.encode(parts.train), parts.train.labels
        self._classes = parts.train.classes
        self._so_far = no_trees(len(self._classes)), np.zeros(len(self._labels))

    def run(self, workers: Workers) -> Iterator[ItemDone]:
        del workers  # a boosted tree waits for the one before it
        count = self._settings.trees
        for trees, missed in more_trees(
            self._settings.how,
            count,
            self._rows,
            self._labels,
            self._so_far,
            lambda number: self._generator("tree", number),
        ):
            self._so_far = trees, missed
            yield ItemDone(
                item=len(trees),
                items=count,
                words=text("{n} trees vote.", n=len(trees)),
                numbers={"wrong on its rows": float((missed / len(trees)).mean())},
            )

    def state_dict(self) -> dict[str, np.ndarray]:
        trees, missed = self._so_far
        return {**trees.arrays(), "missed": missed}

    def load_state_dict(self, state: Arrays) -> None:
        missed = state["missed"].astype(np.float64)
        if missed.shape != self._labels.shape:
            raise ValueError("of other rows")
        trees = VotingTrees.of_arrays(state) if len(state["roots"]) else no_trees(len(self._classes))
        self._so_far = trees, missed

    def result(self) -> ProcedureResult:
        trees, _ = self._so_far
        return ProcedureResult(model=VotingModel(self._settings.how, trees, self._classes, self._rows.shape[1]))


catalog.register("procedure", FitTrees())
