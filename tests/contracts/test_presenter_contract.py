"""What panels and choosers are told of a draft, by the real presenter and by the one of their tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio import catalog
from studio.core.errors import StudioError
from studio.core.format import NBSP, about
from studio.core.message import NOTHING
from studio.events import ignore_event
from studio.experiment import load, validated
from studio.gui.presenters.composer_info import ASPECTS
from studio.gui.presenters.draft_info import STEPS, TABLE, Choice, DraftInfo, Presenter, Step, Values
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.presenters.made_student import with_fitting_student
from studio.gui.text.say import say
from studio.runs.presets.presets import find_preset
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.gui.fake_engine import FakeEngine
from tests.gui.fake_presenter import FakePresenter

DRAFT: dict[str, Any] = {
    "dataset": {"key": "digits", "per_class": 10},
    "teacher": {"key": "cnn-32"},
    "student": {"key": "cnn-8"},
    "method": {"key": "kd"},
    "seeds": [0],
}
#: Drafts that cannot run, and the places at fault.
WRONG: dict[str, tuple[Values, set[str]]] = {
    "nothing picked": ({}, {"dataset", "teacher", "student", "method"}),
    "data alone": ({"dataset": {"key": "digits"}}, {"teacher", "student", "method"}),
    "an empty table": ({**DRAFT, "student": {}}, {"student.key"}),
    "unknown data": ({**DRAFT, "dataset": {"key": "digitz"}}, {"dataset.key"}),
    "an unknown network": ({**DRAFT, "teacher": {"key": "nothing-1"}}, {"teacher.key"}),
    "an unknown method": ({**DRAFT, "method": {"key": "magic"}}, {"method.key"}),
    "numbers out of range": (
        {**DRAFT, "training": {"epochs": 0, "batch_size": -1}},
        {"training.epochs", "training.batch_size"},
    ),
    "a setting out of range": (
        {**DRAFT, "method": {"key": "kd", "settings": {"temperature": -1.0}}},
        {"method.settings.temperature"},
    ),
    "a setting that is none": ({**DRAFT, "training": {"epoch": 3}}, {"training.epoch"}),
    "a value for a table": ({**DRAFT, "dataset": 5}, {"dataset"}),
    "a seed that is no number": ({**DRAFT, "seeds": ["one"]}, {"seeds"}),
    "seeds that are no list": ({**DRAFT, "seeds": "one"}, {"seeds"}),
    "a later seed that is out of range": ({**DRAFT, "seeds": [1, -5]}, {"seeds"}),
}


@pytest.fixture(scope="module")
def earlier_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with runs that could teach, one of them of a network nobody lists."""
    place = tmp_path_factory.mktemp("earlier")
    for network in ("cnn-8", "cnn-24"):
        wish = validated(
            {
                "dataset": {"key": "digits"},
                "teacher": {"key": "cnn-8"},
                "student": {"key": network},
                "method": {"key": "none"},
            }
        )
        FakeEngine(place).launch(wish, ignore_event, Control())
    return place


@pytest.fixture(params=["real", "fake"])
def presenter(request: pytest.FixtureRequest, earlier_runs: Path, tmp_path: Path) -> Presenter:
    if request.param == "fake":
        return FakePresenter(tmp_path)
    return DraftPresenter(Workspace(earlier_runs))


def with_choice(step: Step, choice: Choice) -> dict[str, Any]:
    """The draft after a choice was used; a method that makes its student brings it."""
    picked = {**DRAFT, TABLE[step]: dict(choice.table) or {"key": choice.key}}
    return with_fitting_student(picked, DRAFT) if step == "method" else picked


def at_fault(info: DraftInfo) -> set[str]:
    return {problem.path for problem in info.problems}


# --- describe ---------------------------------------------------------------------------------------------------------


def test_a_draft_that_can_run_has_four_cards_an_estimate_and_defaults(presenter: Presenter) -> None:
    info = presenter.describe(DRAFT)
    assert info.problems == ()
    assert info.cards.keys() == set(STEPS)
    assert all(say(card.title) and say(card.words) for card in info.cards.values())
    assert say(info.estimate).startswith("About ")
    assert info.defaults["method.task_weight"] == pytest.approx(0.1)
    assert "dataset.augmentation.pad" in info.defaults


def test_a_ready_experiment_is_told_the_time_that_its_draft_is_told(presenter: Presenter) -> None:
    preset = find_preset("digits")
    info = presenter.describe(load(preset.path).model_dump(mode="json", exclude_defaults=True))
    expected = about(presenter.preset_seconds([preset])["digits"])
    assert expected.replace(NBSP, " ") in say(info.estimate).replace(NBSP, " ")
    assert ("on this computer" in say(info.estimate)) is presenter.knows_pace()


def test_the_draft_is_left_as_it_is(presenter: Presenter) -> None:
    before = {**DRAFT, "teacher": {"key": "cnn-32"}}
    presenter.describe(before)
    for step in STEPS:
        presenter.choices(step, before)
    assert before == DRAFT


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_draft_is_told_with_its_places_and_never_raises(
    presenter: Presenter, wrong: tuple[Values, set[str]]
) -> None:
    values, places = wrong
    info = presenter.describe(values)
    assert at_fault(info) == places
    assert all(say(problem.sentence) for problem in info.problems)
    assert info.estimate == NOTHING
    assert info.cards.keys() == set(STEPS)
    assert all(say(card.title) for card in info.cards.values())
    for step in STEPS:
        assert presenter.choices(step, values)
    assert isinstance(presenter.teacher_runs(values), list)


def test_data_that_are_not_here_are_told_on_their_card(presenter: Presenter) -> None:
    info = presenter.describe({**DRAFT, "dataset": {"key": "images"}})
    assert say(info.cards["data"].note)
    assert info.cards["data"].level == "warning"
    assert info.estimate == NOTHING


def test_what_was_not_picked_is_asked_for_on_its_card(presenter: Presenter) -> None:
    info = presenter.describe({})
    titles = {step: say(card.title) for step, card in info.cards.items()}
    assert all(title.startswith("Choose ") for title in titles.values())
    sentences = {problem.path: say(problem.sentence) for problem in info.problems}
    assert sentences == {TABLE[step]: f"{title}." for step, title in titles.items()}


# --- choices ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_every_choice_has_a_key_of_its_own_and_a_title(presenter: Presenter, step: Step) -> None:
    choices = presenter.choices(step, DRAFT)
    assert len({choice.key for choice in choices}) == len(choices) >= 3
    assert all(say(choice.title) for choice in choices)
    headings = [say(choice.heading) for choice in choices]
    assert all(headings) or not any(headings)


@pytest.mark.parametrize("step", STEPS)
def test_every_choice_can_be_picked_and_is_then_what_the_draft_is_about(presenter: Presenter, step: Step) -> None:
    picked = 0
    for choice in presenter.choices(step, DRAFT):
        if choice.is_searched:
            continue
        info = presenter.describe(with_choice(step, choice))
        own = {path for path in at_fault(info) if path.split(".")[0] == TABLE[step]}
        if choice.refusal:
            assert own, f"{choice.key} is refused in the list and can be trained"
        else:
            assert not own, choice.key
            assert say(info.cards[step].title) == say(choice.title)
            picked += 1
    assert picked >= 2


def test_a_refused_method_is_refused_in_the_same_words(presenter: Presenter) -> None:
    refused = [choice for choice in presenter.choices("method", DRAFT) if choice.refusal]
    assert refused
    for choice in refused:
        (problem,) = presenter.describe(with_choice("method", choice)).problems
        assert problem.path == "method.key"
        assert say(problem.sentence) == say(choice.refusal)


@pytest.mark.parametrize("step", ["teacher", "student"])
def test_what_is_looked_up_is_what_is_listed(presenter: Presenter, step: Step) -> None:
    for choice in presenter.choices(step, DRAFT)[:3]:
        found = presenter.look_up(step, choice.key, DRAFT)
        assert found is not None
        assert (found.key, say(found.title), found.refusal) == (choice.key, say(choice.title), choice.refusal)


def test_a_member_of_a_family_that_is_not_listed_can_be_looked_up_and_picked(presenter: Presenter) -> None:
    assert "cnn-128" not in {choice.key for choice in presenter.choices("student", DRAFT)}
    found = presenter.look_up("student", "cnn-128", DRAFT)
    assert found is not None
    assert found.details
    info = presenter.describe(with_choice("student", found))
    assert info.problems == ()
    assert say(info.cards["student"].title) == say(found.title)


def test_nothing_is_found_where_nothing_answers(presenter: Presenter) -> None:
    assert presenter.look_up("student", "cnn-x-9", DRAFT) is None
    assert presenter.look_up("data", "digits", DRAFT) is None
    assert presenter.look_up("method", "kd", DRAFT) is None


# --- a teacher from a run -----------------------------------------------------------------------------------------------


def test_a_run_that_teaches_brings_its_network(presenter: Presenter) -> None:
    runs = presenter.teacher_runs(DRAFT)
    assert runs
    for run in runs:
        assert run.key.startswith("run:")
        assert say(run.title)
        network = presenter.look_up("teacher", run.network, DRAFT)
        assert network is not None
        for beside in (run.network, "cnn-32"):  # whatever stands beside the run
            values = {**DRAFT, "teacher": {"key": beside, "source": run.key}}
            info = presenter.describe(values)
            assert say(info.cards["teacher"].title) == say(network.title)
            assert info.problems == ()
            assert "teacher included" not in say(info.estimate)


def test_no_other_words_are_used_for_a_run_that_is_gone(presenter: Presenter) -> None:
    info = presenter.describe({**DRAFT, "teacher": {"key": "cnn-32", "source": "run:gone"}})
    assert say(info.cards["teacher"].title) == "Small CNN 32"


# --- methods ----------------------------------------------------------------------------------------------------------


def test_the_composer_opens_what_says_that_it_can_be_opened(presenter: Presenter) -> None:
    for choice in presenter.choices("method", DRAFT):
        table = {"key": choice.key}
        info = presenter.compose(DRAFT, table)
        assert (info is not None) == choice.composable, choice.key
        if info is None:
            continue
        assert info.published != choice.composed
        assert info.parts.keys() == set(ASPECTS)
        assert all([part.chosen for part in parts].count(True) == 1 for parts in info.parts.values())
        assert info.loss.startswith("L = ")
        assert all(requirement.holds for requirement in info.requirements) == (not info.refusal)
        again = presenter.compose(DRAFT, info.table)
        assert again is not None
        assert again.table == info.table


def test_without_a_teacher_nothing_can_be_composed(presenter: Presenter) -> None:
    alone = {key: table for key, table in DRAFT.items() if key != "teacher"}
    assert presenter.compose(alone, {"key": "at"}) is None


def test_the_named_methods_are_told_by_their_aspects(presenter: Presenter) -> None:
    rows = presenter.method_aspects()
    systems = catalog.keys("system")  # what one of their trainings compares is told by its own method
    named = {
        choice.key: say(choice.title)
        for choice in presenter.choices("method", DRAFT)
        if not choice.composed and choice.key not in systems
    }
    assert {row.key: say(row.title) for row in rows} == named
    assert {len(row.aspects) for row in rows} == {5}


def test_a_saved_method_is_listed_and_can_be_picked_renamed_and_deleted(presenter: Presenter) -> None:
    saver = presenter.saved_methods
    saver.save("Hot", {"key": "kd", "settings": {"temperature": 9.0}})
    (saved,) = [choice for choice in presenter.choices("method", DRAFT) if choice.saved]
    assert (saved.key, say(saved.title)) == ("own:Hot", "Hot")
    assert saved.table == {"key": "kd", "settings": {"temperature": 9.0}}
    assert presenter.describe(with_choice("method", saved)).problems == ()
    with pytest.raises(StudioError, match="already"):
        saver.save("hot", {"key": "kd"})
    saver.rename("Hot", "Very hot")
    assert [choice.key for choice in presenter.choices("method", DRAFT) if choice.saved] == ["own:Very hot"]
    saver.delete("Very hot")
    assert not [choice for choice in presenter.choices("method", DRAFT) if choice.saved]
