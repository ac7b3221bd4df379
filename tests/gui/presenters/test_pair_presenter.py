"""Teacher and student beside each other: where they meet, what differs, which methods fit and why others do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.presenters.pair_info import DrawnGroup, PairInfo
from studio.gui.presenters.pair_presenter import pair_info
from studio.insight.network_and_data_info import cast_of
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from studio.runs.timing.known_latencies import FILE, KnownLatencies
from tests.training.small_runs import small


def pair(teacher: str, student: str, times: tuple[float, float] | None = None) -> PairInfo:
    found = pair_info(cast_of(teacher, student, (3, 32, 32), 10), times)
    assert found is not None
    return found


def test_groups_stand_above_each_other_with_what_differs() -> None:
    columns = pair("wrn-22-4", "wrn-16-2").columns
    assert [column.teacher for column in columns] == [
        DrawnGroup(3, 32, 64),
        DrawnGroup(3, 16, 128),
        DrawnGroup(3, 8, 256),
    ]
    assert [column.student for column in columns] == [
        DrawnGroup(2, 32, 32),
        DrawnGroup(2, 16, 64),
        DrawnGroup(2, 8, 128),
    ]
    assert all(column.is_compared and column.same_map and not column.same_channels for column in columns)


def test_a_group_without_counterpart_stands_alone() -> None:
    columns = pair("vgg-16-0.1", "resnet-8").columns
    assert [column.is_compared for column in columns] == [True, True, True, False, False]
    assert [column.student is None for column in columns] == [False, False, False, True, True]


def test_figures_say_how_far_apart_they_are_and_in_which_direction() -> None:
    small = {str(each.what): str(each.ratio) for each in pair("wrn-22-4", "wrn-16-2", (8.4, 2.1)).figures}
    assert small["parameters"] == "6.2 times fewer"
    assert small["for one input"] == "4 times faster"
    large = {str(each.what): str(each.ratio) for each in pair("wrn-16-2", "wrn-22-4").figures}
    assert large["parameters"] == "6.2 times more"
    assert "for one input" not in large
    same = pair("wrn-16-2", "wrn-16-2").figures[0]
    assert (str(same.ratio), same.teacher_words) == ("equally many", same.student_words)


def test_methods_that_do_not_fit_are_grouped_by_their_reason() -> None:
    found = pair("wrn-22-4", "wrn-16-2")
    assert found.fits + sum(len(group.titles) for group in found.refused) == found.asked
    flow = next(group for group in found.refused if "Flow of solution (FSP)" in group.titles)
    assert len(flow.titles) > 1
    assert "64 channels" in str(flow.reason)
    maxout = pair("maxout", "fitnet-1")
    reasons = {title: str(group.reason) for group in maxout.refused for title in group.titles}
    assert "before their ReLU" in reasons["Activation boundary"]
    assert "before their ReLU" in reasons["Comprehensive overhaul"]


def test_methods_stand_where_they_compare() -> None:
    found = pair("wrn-22-4", "wrn-16-2")
    below, middle, top = (column.methods for column in found.columns)
    assert "Attention transfer" in below
    assert middle[0] == "FitNets"  # what compares in few places comes first
    assert "FitNets" not in {*below, *top}
    assert "Factor transfer" in top
    assert "Relational distillation" in found.by_mean
    assert {"Soft targets", "Logit matching"} <= set(found.by_answers)
    placed = {title for column in found.columns for title in column.methods} | {*found.by_mean, *found.by_answers}
    refused = {title for group in found.refused for title in group.titles}
    assert not placed & refused


def test_a_presenter_measures_both_once_and_remembers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path)
    values = {"dataset": {"key": "digits"}, "teacher": {"key": "cnn-8"}, "student": {"key": "cnn-4", "cut": 2}}
    presenter = DraftPresenter(workspace)
    counted, timed = presenter.pair(values), presenter.timed_pair(values)
    assert counted is not None
    assert timed is not None
    assert counted.student == "Small CNN 4 cut to 2 blocks"
    assert len(timed.figures) == len(counted.figures) + 1
    assert (workspace.cache / FILE).is_file()
    monkeypatch.setattr("studio.runs.timing.known_latencies._measure", lambda *_: pytest.fail("measured again"))
    assert presenter.timed_pair(values) == timed
    assert presenter.pair({**values, "teacher": {}}) is None


def test_whole_activations_are_found_by_the_name_of_their_table(tmp_path: Path) -> None:
    choices = DraftPresenter(Workspace(tmp_path)).choices("method", {"dataset": {"key": "digits"}})
    assert [choice.key for choice in choices if "F-ActT" in choice.also_called] == ["at"]


@pytest.mark.parametrize("written", ["", "[1]", '{"a": "b"}'])
def test_a_strange_file_of_latencies_is_measured_over(tmp_path: Path, written: str) -> None:
    (tmp_path / FILE).write_text(written)
    assert KnownLatencies(tmp_path).of("cnn-2", (1, 8, 8), 3) > 0


def test_what_is_known_of_both_from_earlier_runs_is_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    asked = small("kd", references={"alone": True}, training={"epochs": 1})
    info = launch(asked, workspace)
    values = asked.model_dump(exclude={"seed", "schema_version"}) | {"seeds": [asked.seed]}
    found = DraftPresenter(workspace).timed_pair(values)
    assert found is not None
    assert info.teacher_accuracy is not None
    assert found.reached.teacher == info.teacher_accuracy.value
    assert info.alone_reference is not None
    assert found.reached.alone == info.alone_reference.value
    assert found.method is not None
    assert not found.method.refusal
    other = DraftPresenter(workspace).timed_pair({**values, "student": {"key": "mlp-4"}})
    assert other is not None
    assert other.reached.alone is None
