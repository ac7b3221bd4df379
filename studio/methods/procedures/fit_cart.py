"""The procedure that fits one tree to the rows themselves: what a born-again tree is compared with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from studio import catalog
from studio.core.arrays import Arrays
from studio.core.message import text
from studio.core.score import Score
from studio.core.setting_field import setting
from studio.core.workers import Workers
from studio.events import ItemDone
from studio.methods.entry import MethodSettings, Source
from studio.methods.needs import Needs
from studio.methods.procedure import Procedure, ProcedureInputs, ProcedureResult, ProcedureWork
from studio.methods.synthesis.table_matrix import matrix_of, parts_of, tree_columns
from studio.models.cart import CrossValidatedTree
from studio.models.tree_model import TreeModel


class FitCartSettings(MethodSettings):
    """Settings of CART."""

    folds: int = setting(
        10,
        ge=2,
        le=50,
        description="Parts of the rows, each of which tells once how far to cut a tree of the others",
        label="Folds",
        level="expert",
    )


class FitCart(Procedure[FitCartSettings]):
    """A tree of the rows, cut back by cross-validation; an item a fold."""

    key = "fit_cart"
    title = "A tree alone"
    words = "Fit one tree to the rows, and cut it back to the size that answers rows it has not seen best."
    source = Source("Breiman et al.", "Wadsworth 1984", "Classification and regression trees", year=1984)
    needs = Needs(teacher=False, learners=("teacher", "student"))
    item_seconds = 0.1
    Settings = FitCartSettings

    def items(self, settings: FitCartSettings) -> int:
        return settings.folds

    def begin(self, settings: FitCartSettings, inputs: ProcedureInputs) -> ProcedureWork:
        return _Fitting(settings, inputs)


class _Fitting(ProcedureWork):
    def __init__(self, settings: FitCartSettings, inputs: ProcedureInputs) -> None:
        parts = parts_of(inputs.dataset, FitCart.title)
        self._fit = CrossValidatedTree(
            matrix_of(parts.train), parts.train.labels, tree_columns(parts), parts.train.classes,
            inputs.generator("folds"), settings.folds,
        )  # fmt: skip

    def run(self, workers: Workers) -> Iterator[ItemDone]:
        del workers
        for fold in range(self._fit.done, self._fit.folds):
            self._fit.add_fold()
            yield ItemDone(
                item=fold + 1,
                items=self._fit.folds,
                words=text("Fold {n} has told how far to cut.", n=fold + 1),
                numbers={"wrong by its best size": float(self._fit.wrong.min()) / len(self._fit)},
            )

    def state_dict(self) -> dict[str, np.ndarray]:
        return {"wrong": self._fit.wrong, "done": np.array(self._fit.done)}

    def load_state_dict(self, state: Arrays) -> None:
        self._fit.go_on(state["wrong"].astype(np.float64), int(state["done"]))

    def result(self) -> ProcedureResult:
        tree = self._fit.best()
        leaves = Score(value=tree.leaves, unit="leaves", better="lower")
        return ProcedureResult(model=TreeModel(tree), scores={"leaves": leaves})


catalog.register("procedure", FitCart())
