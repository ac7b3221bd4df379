"""Classic learners: each kind answers, from its recipe alone, and the same again."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer

from studio.models.classic_fit import ClassicRecipe, FittedClassic, answers_digest
from studio.models.classic_kinds import KINDS, library, settings_of

Inputs = NDArray[np.float32]
Labels = NDArray[np.int64]


@pytest.fixture(scope="module")
def rows() -> tuple[Inputs, Labels]:
    data = load_breast_cancer()
    inputs = (data.data / data.data.max(0)).astype(np.float32)
    order = np.random.default_rng(0).permutation(len(inputs))[:300]
    return inputs[order], data.target[order].astype(np.int64)


def small(kind: str) -> ClassicRecipe:
    """Its first setting, of few trees."""
    parameters = settings_of(KINDS[kind])[0]
    return ClassicRecipe(kind, parameters | ({"n_estimators": 10} if "n_estimators" in parameters else {}))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_learns_and_answers_with_probabilities(kind: str, rows: tuple[Inputs, Labels]) -> None:
    inputs, labels = rows
    fitted = FittedClassic(small(kind), 2).fit(inputs[:200], labels[:200])
    answers = fitted.probabilities(inputs[200:])
    assert answers.shape == (100, 2)
    assert answers.sum(1) == pytest.approx(np.ones(100), abs=1e-5)
    assert answers.min() >= 0
    assert (answers.argmax(1) == labels[200:]).mean() > 0.85


@pytest.mark.parametrize("kind", KINDS)
def test_a_recipe_gives_the_same_answers_again(kind: str, rows: tuple[Inputs, Labels]) -> None:
    digests = {answers_digest(FittedClassic(small(kind), 2).fit(*rows), rows[0]) for _ in range(2)}
    assert len(digests) == 1
    assert answers_digest(FittedClassic(small(kind), 2).fit(rows[0][::2], rows[1][::2]), rows[0]) not in digests


@pytest.mark.parametrize("kind", KINDS)
def test_classes_that_the_rows_lack_get_nothing(kind: str, rows: tuple[Inputs, Labels]) -> None:
    inputs, labels = rows[0][:60], rows[1][:60] * 2
    labels[0] = 3  # once
    answers = FittedClassic(small(kind), 5).fit(inputs, labels).probabilities(inputs)
    assert answers.shape == (60, 5)
    assert (answers[:, [1, 4]] == 0).all()
    alone = FittedClassic(small(kind), 5).fit(inputs[:1], labels[:1])
    assert alone.probabilities(inputs[:2]).tolist() == [[0, 0, 0, 1, 0]] * 2
    assert alone.probabilities(inputs[:0]).shape == (0, 5)


def test_answers_without_probabilities_are_calibrated(rows: tuple[Inputs, Labels]) -> None:
    """Of the rows it finds likely at 80 to 100 %, about as many are so."""
    inputs, labels = rows
    noisy = np.where(np.random.default_rng(0).random(len(labels)) < 0.2, 1 - labels, labels)
    recipe = ClassicRecipe("svm", {"C": 100.0, "gamma": "scale"})
    sure = FittedClassic(recipe, 2).fit(inputs[:200], noisy[:200]).probabilities(inputs[200:])
    right = (sure.argmax(1) == noisy[200:]).mean()
    assert sure.max(1).mean() == pytest.approx(right, abs=0.12)


def test_a_library_has_all_ten_kinds_and_six_settings_of_each() -> None:
    members = list(library(1000))
    assert len(members) >= 100
    kinds = {kind for kind, _ in members}
    assert len(kinds) == 10
    for kind in kinds:
        found = [tuple(parameters.items()) for own, parameters in members if own == kind]
        assert len(set(found)) == len(found) >= 6
    first = list(library(30))
    assert sorted(kind for kind, _ in first) == sorted([*kinds] * 3)
    assert all(len({str(parameters) for own, parameters in first if own == kind}) == 3 for kind in kinds)
