"""Choosing out of a library, and what is chosen as a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.core.errors import StudioError
from studio.models.classic_fit import ClassicRecipe
from studio.models.ensemble_selection import SelectionPlan, select_ensemble, squared_error
from studio.models.files import load_model
from studio.models.library_model import LibraryModel

LABELS = np.random.default_rng(0).integers(0, 3, 200)
TRUTH = np.eye(3)[LABELS]


def member(seed: int, noise: float) -> NDArray[np.float64]:
    """Answers that are right up to noise of its own."""
    raw = np.abs(TRUTH + noise * np.random.default_rng(seed).random((200, 3)))
    return np.asarray(raw / raw.sum(1, keepdims=True))


def test_squared_error_is_that_of_all_classes() -> None:
    assert squared_error(np.array([[0.8, 0.2]]), np.array([0])) == pytest.approx(2 * 0.2**2)


def test_those_that_err_differently_are_better_together_than_the_best() -> None:
    answers = np.array([member(seed, 1.0) for seed in range(8)])
    weights = select_ensemble(answers, LABELS, SelectionPlan(bags=1), np.random.default_rng(0))
    together = squared_error(np.tensordot(weights, answers, 1), LABELS)
    assert weights.sum() == pytest.approx(1)
    assert together < min(squared_error(one, LABELS) for one in answers)


def test_adding_greedily_finds_the_least_error_of_each_round() -> None:
    """Against trying out every mean by hand, without a start of several."""
    answers = np.array([member(seed, 0.5 + seed) for seed in range(5)])
    plan = SelectionPlan(rounds=6, sorted_start=1, bags=1)
    weights = select_ensemble(answers, LABELS, plan, np.random.default_rng(0))
    counts = np.zeros(5)
    counts[int(np.argmin([squared_error(one, LABELS) for one in answers]))] = 1
    best, least = counts, squared_error(np.tensordot(counts, answers, 1), LABELS)
    for _ in range(6):
        tried = [
            squared_error(np.tensordot(counts + add, answers, 1) / (counts.sum() + 1), LABELS) for add in np.eye(5)
        ]
        counts = counts + np.eye(5)[int(np.argmin(tried))]
        if min(tried) < least:
            best, least = counts, min(tried)
    assert weights == pytest.approx(best / best.sum())


def test_bags_are_drawn_by_the_generator_alone() -> None:
    answers = np.array([member(seed, 2.0) for seed in range(10)])
    first, again, other = (
        select_ensemble(answers, LABELS, SelectionPlan(), np.random.default_rng(seed)) for seed in (0, 0, 1)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.fixture
def model() -> LibraryModel:
    rows = np.random.default_rng(0).random((60, 4)).astype(np.float32)
    labels = (rows[:, 0] > 0.5).astype(np.int64)
    recipes = (ClassicRecipe("tree", {"min_samples_leaf": 3}), ClassicRecipe("naive_bayes", {"var_smoothing": 1e-3}))
    return LibraryModel(recipes, np.array([0.75, 0.25]), rows, labels, ("low", "high"))


def test_a_library_read_back_answers_alike_and_holds_no_program(model: LibraryModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    again = load_model(tmp_path / "model")
    fresh = np.random.default_rng(1).random((20, 4)).astype(np.float32)
    assert np.array_equal(again.probabilities(fresh), model.probabilities(fresh))
    assert again.probabilities(fresh).sum(1) == pytest.approx(np.ones(20), abs=1e-5)
    assert b"sklearn" not in (tmp_path / "model").read_bytes()


@pytest.mark.parametrize("kind", ["unheard of", "svm"])
def test_a_library_of_other_recipes_is_refused(model: LibraryModel, tmp_path: Path, kind: str) -> None:
    foreign = LibraryModel(
        (ClassicRecipe(kind, {"cache_size": 9e9}),), np.ones(1), model.inputs, model.labels, model.classes
    )
    foreign.save(tmp_path / "model")
    with pytest.raises(StudioError, match="no library"):
        load_model(tmp_path / "model")
