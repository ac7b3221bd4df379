"""Answers to made-up rows: every learner of the library is fitted once, whatever number of pieces it answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.core.workers import InTurn
from studio.data.base import Dataset
from studio.data.prepare import prepare
from studio.methods.procedure import ProcedureInputs, ProcedureWork
from studio.methods.procedures import label_cases
from studio.methods.procedures.label_cases import LabelCases, LabelCasesSettings
from studio.models.class_order import InClassOrder
from studio.models.classic_fit import ClassicRecipe, FittedClassic
from studio.models.library_model import LibraryModel

RECIPES = (ClassicRecipe("tree", seed=1), ClassicRecipe("naive_bayes"), ClassicRecipe("neighbours"))
CASES, PIECE = 50, 20


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return prepare("waveform", {"count": 60}, seed=0, cache=tmp_path)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of the learners that are fitted, in order; the made-up rows are answered in three pieces."""
    fitted: list[str] = []
    fit = FittedClassic.fit

    def counted(self: FittedClassic, inputs: np.ndarray, labels: np.ndarray) -> FittedClassic:
        fitted.append(self.recipe.kind)
        return fit(self, inputs, labels)

    monkeypatch.setattr(FittedClassic, "fit", counted)
    monkeypatch.setattr(label_cases, "ROWS", PIECE)
    return fitted


def library(dataset: Dataset) -> LibraryModel:
    assert dataset.table is not None
    rows, labels = dataset.table.encoding.encode(dataset.table.train), dataset.table.train.labels
    return LibraryModel(RECIPES, np.array([0.5, 0.25, 0.25]), rows, labels, dataset.classes)


def begun(dataset: Dataset, teacher: LibraryModel) -> ProcedureWork:
    cases = np.random.default_rng(0).random((CASES, dataset.shape[0])).astype(np.float32)
    answering = InClassOrder(teacher, dataset.classes)
    inputs = ProcedureInputs(dataset, 0, answering, {"cases": {"cases": cases}})
    return LabelCases().begin(LabelCasesSettings(), inputs)


def test_a_learner_is_fitted_once_for_all_pieces(dataset: Dataset, fits: list[str]) -> None:
    teacher = library(dataset)
    work = begun(dataset, teacher)
    items = list(work.run(InTurn()))
    assert [item.item for item in items] == list(range(1, 10))
    assert fits == [recipe.kind for recipe in RECIPES]
    made = work.result().arrays
    assert np.allclose(made["answers"], teacher.probabilities(made["inputs"]), atol=1e-6)


def test_gone_on_with_in_the_middle_of_a_learner_it_comes_to_the_same_bytes(dataset: Dataset, fits: list[str]) -> None:
    whole = begun(dataset, library(dataset))
    list(whole.run(InTurn()))
    broken_off = begun(dataset, library(dataset))
    items = broken_off.run(InTurn())
    for _ in range(4):
        next(items)
    again = begun(dataset, library(dataset))
    again.load_state_dict(broken_off.state_dict())
    assert [item.item for item in again.run(InTurn())] == [5, 6, 7, 8, 9]
    assert again.result().arrays["answers"].tobytes() == whole.result().arrays["answers"].tobytes()
