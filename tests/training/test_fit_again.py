"""A model that is kept as recipes is fitted again before it is asked: told, held and stopped between two of its members."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.core.workers import InTurn
from studio.events import Event, Notice, Phase, Progress, StateChanged
from studio.models.average_model import average_of
from studio.models.class_order import InClassOrder
from studio.models.classic_fit import ClassicRecipe, FitOrder, answers_digest, fitted
from studio.models.kept_recipes import kept_as_recipes
from studio.models.library_model import LibraryModel
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter
from studio.training.fit_again import fit_again

ROWS = np.random.default_rng(0).random((60, 4)).astype(np.float32)
LABELS = (ROWS[:, 0] > 0.5).astype(np.int64)
RECIPES = tuple(
    replace(one, digest=answers_digest(fitted(FitOrder(one, ROWS, LABELS, 2)), ROWS))
    for one in (
        ClassicRecipe("tree", {"min_samples_leaf": 3}),
        ClassicRecipe("naive_bayes", {"var_smoothing": 1e-3}),
        ClassicRecipe("neighbours", {"n_neighbors": 3}),
    )
)


@pytest.fixture
def library() -> LibraryModel:
    return LibraryModel(RECIPES, np.array([0.5, 0.25, 0.25]), ROWS, LABELS, ("low", "high"))


def told(library: LibraryModel, control: Control | None = None, told: list[Event] | None = None) -> list[Event]:
    control, told = control or Control(), told if told is not None else []
    fit_again(library, EventEmitter(told.append, control), control)
    return told


def test_members_are_fitted_once_and_told(library: LibraryModel) -> None:
    events = told(library)
    assert library.members_left == 0
    assert [str(event.words) for event in events if isinstance(event, Phase)] == [
        "Fitting 3 learners again, which are kept as recipes"
    ]
    first = next(event for event in events if isinstance(event, Progress))
    assert str(first.words) == "Tree was fitted again, 1 of 3"
    assert first.fraction == pytest.approx(1 / 3)
    assert not any(isinstance(event, Notice) for event in events)
    assert not told(library)


def test_a_stop_is_answered_between_two_members_and_what_is_fitted_stays(library: LibraryModel) -> None:
    control = Control()

    def listen(event: Event) -> None:
        if isinstance(event, Progress):
            control.stop()

    assert not fit_again(library, EventEmitter(listen, control), control)
    assert library.members_left == 2
    assert np.array_equal(
        library.probabilities(ROWS),
        LibraryModel(RECIPES, library.weights, ROWS, LABELS, ("low", "high")).probabilities(ROWS),
    )


def test_a_pause_holds_it(library: LibraryModel) -> None:
    control = Control()
    events: list[Event] = []

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, Progress):
            control.pause()
        if isinstance(event, StateChanged) and event.state == "paused":
            assert library.members_left == 2
            control.resume()

    assert fit_again(library, EventEmitter(listen, control), control)
    assert [event.state for event in events if isinstance(event, StateChanged)] == ["paused", "running"]


def test_learners_that_answer_otherwise_than_before_are_told(library: LibraryModel) -> None:
    """As after another version of scikit-learn; where it is not known how they answered, nothing is said."""
    other = replace(RECIPES[0], digest="other"), replace(RECIPES[1], digest=""), RECIPES[2]
    events = told(LibraryModel(other, library.weights, ROWS, LABELS, ("low", "high")))
    (notice,) = (event for event in events if isinstance(event, Notice))
    assert notice.level == "warning"
    assert str(notice.what) == "1 of 3 learners answer otherwise than before."
    assert "scikit-learn" in str(notice.why)


def test_one_in_another_order_of_classes_or_among_others_is_fitted_too(library: LibraryModel) -> None:
    other, control = replace(library, weights=np.full(3, 1 / 3)), Control()
    average = average_of([library, replace(other, classes=("high", "low"))])
    assert fit_again(InClassOrder(average, ("high", "low")), EventEmitter(lambda _event: None, control), control)
    assert library.members_left == 0
    assert list(kept_as_recipes(average)) == []


def test_in_other_hands_they_are_the_same(library: LibraryModel) -> None:
    assert [str(kind) for kind in library.fit_members(InTurn())] == ["Tree", "Naive Bayes", "Nearest neighbours"]
    assert library.changed_members == 0
