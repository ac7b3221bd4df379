"""What a list of networks begins with: what suits the data and the network at the other side."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.gui.presenters.draft_info import SHOWN, Choice, Step
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.presenters.network_order import ListedNetwork, ordered
from studio.gui.text.say import say
from studio.runs.store.workspace import Workspace

PAIR = {"dataset": {"key": "cifar10"}, "teacher": {"key": "wrn-22-4"}, "student": {"key": "wrn-16-2"}}
TEACHER = ListedNetwork("teacher", "a", 1_600_000)


def first(found: list[ListedNetwork], side: int = 32) -> list[str]:
    return [each.key for each in ordered(found, "student", TEACHER, side, 3)]


def listed(step: Step, values: dict[str, dict[str, str]], place: Path) -> list[Choice]:
    return DraftPresenter(Workspace(place)).choices(step, values)


def test_those_of_its_family_come_first_then_those_of_the_usual_size() -> None:
    found = [ListedNetwork("far", "b", 1_000), ListedNetwork("near", "b", 90_000), ListedNetwork("own", "a", 500_000)]
    assert first(found) == ["own", "near", "far"]


def test_no_family_fills_the_beginning() -> None:
    found = [ListedNetwork(f"b{number}", "b", 100_000 + number) for number in range(4)] + [
        ListedNetwork("c", "c", 5_000)
    ]
    assert first(found)[:3] == ["b1", "b0", "c"]
    assert len(first(found)) == len(found)


def test_what_does_not_fit_or_is_made_for_photographs_comes_last() -> None:
    found = [
        ListedNetwork("small", "b", 100_000, fits=False),
        ListedNetwork("photographs", "c", 100_000, is_published=True),
        ListedNetwork("unknown", "d", 0),
    ]
    assert first(found) == ["unknown", "photographs", "small"]
    assert first(found, side=224) == ["photographs", "unknown", "small"]


def test_a_student_is_sought_below_its_teacher_and_a_teacher_above_its_student(tmp_path: Path) -> None:
    students = listed("student", PAIR, tmp_path)[:SHOWN]
    assert "wrn-16-2" in {each.key for each in students}
    assert all(0 < each.parameters <= 4_298_970 for each in students)
    teachers = listed("teacher", PAIR, tmp_path)[:SHOWN]
    assert "wrn-22-4" in {each.key for each in teachers}
    assert all(each.parameters > 691_674 for each in teachers)
    assert len({say(each.heading) for each in teachers}) >= 4


def test_what_a_network_is_in_the_draft_is_said(tmp_path: Path) -> None:
    roles = {each.key: each.role for each in listed("student", PAIR, tmp_path)}
    assert {key: role for key, role in roles.items() if role} == {"wrn-22-4": "teacher", "wrn-16-2": "student"}


@pytest.mark.parametrize("step", ["teacher", "student"])
def test_of_points_only_what_reads_them_comes_before_the_fold(step: Step, tmp_path: Path) -> None:
    fitting = [each for each in listed(step, {"dataset": {"key": "moons"}}, tmp_path) if not each.refusal]
    assert fitting
    assert {each.key.partition("-")[0] for each in fitting if each.details == ()} == {"mlp"}
