"""Trees that vote: as a library answers, better than one of them, kept as arrays."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier

from studio.models.voting_trees import Voting, VotingTrees, fit_voting_trees, more_trees

Inputs = NDArray[np.float32]
Labels = NDArray[np.int64]
Misses = NDArray[np.float64]
HOW: tuple[Voting, ...] = ("bagged-trees", "boosted-trees", "forest")


@pytest.fixture(scope="module")
def rows() -> tuple[Inputs, Labels]:
    data = load_breast_cancer()
    inputs = (data.data / data.data.max(0)).astype(np.float32)
    order = np.random.default_rng(0).permutation(len(inputs))
    return inputs[order], data.target[order].astype(np.int64)


def fitted(
    how: Voting, inputs: Inputs, labels: Labels, count: int = 15, classes: int = 2
) -> tuple[VotingTrees, Misses]:
    *_, last = fit_voting_trees(how, count, inputs, labels, classes, np.random.default_rng)
    return last


@pytest.mark.parametrize("how", HOW)
def test_together_they_are_right_more_often_than_one_is_on_average(how: Voting, rows: tuple[Inputs, Labels]) -> None:
    inputs, labels = rows
    trees, missed = fitted(how, inputs[:300], labels[:300])
    right = (trees.probabilities(inputs[300:]).argmax(1) == labels[300:]).mean()
    one, _ = fitted(how, inputs[:300], labels[:300], 1)
    assert right > 0.92
    assert right > (one.probabilities(inputs[300:]).argmax(1) == labels[300:]).mean()
    assert missed.sum() < (15 * 0.1) * 300


def test_bagged_trees_are_as_good_as_those_of_a_library(rows: tuple[Inputs, Labels]) -> None:
    inputs, labels = rows
    ours = fitted("bagged-trees", inputs[:300], labels[:300], 30)[0].probabilities(inputs[300:])
    theirs = RandomForestClassifier(30, max_features=None, random_state=0).fit(inputs[:300], labels[:300])
    away = np.abs(ours - theirs.predict_proba(inputs[300:]))
    assert away.mean() < 0.04


def test_boosted_trees_see_more_of_what_is_hard(rows: tuple[Inputs, Labels]) -> None:
    inputs, labels = rows[0][:200], rows[1][:200].copy()
    odd = np.flatnonzero(labels == 1)[:3]
    labels[odd] = 0  # against all that is like them
    bagged, boosted = (fitted(how, inputs, labels)[1][odd].sum() for how in HOW[:2])
    assert boosted < bagged


def test_arrays_give_the_same_trees_back_and_others_are_refused(rows: tuple[Inputs, Labels]) -> None:
    trees = fitted("forest", *rows, 3)[0]
    again = VotingTrees.of_arrays(trees.arrays())
    assert np.array_equal(again.probabilities(rows[0]), trees.probabilities(rows[0]))
    for damage in ({"left": trees.left * 0}, {"roots": trees.roots + 10**6}, {"answers": trees.answers[:-1]}):
        with pytest.raises(ValueError, match=r"."):
            VotingTrees.of_arrays({**trees.arrays(), **damage})


def test_classes_that_no_row_has_get_no_votes(rows: tuple[Inputs, Labels]) -> None:
    trees = fitted("boosted-trees", rows[0][:50], rows[1][:50] * 2, 4, classes=4)[0]
    answers = trees.probabilities(rows[0][:9])
    assert answers.shape == (9, 4)
    assert (answers[:, [1, 3]] == 0).all()
    assert trees.probabilities(rows[0][:0]).shape == (0, 4)


def test_going_on_gives_the_trees_of_one_sitting(rows: tuple[Inputs, Labels]) -> None:
    whole, _ = fitted("boosted-trees", *rows, 5)
    begun = fitted("boosted-trees", *rows, 2)
    *_, (again, _) = more_trees("boosted-trees", 5, *rows, begun, np.random.default_rng)
    assert all(np.array_equal(again.arrays()[name], array) for name, array in whole.arrays().items())
