"""The views of the inside: attention, boundaries, soft targets, the plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.arrays import Arrays
from studio.events import RunStarted, Snapshot
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.attention.view import AttentionView
from studio.gui.views.base import View
from studio.gui.views.boundaries.view import BoundariesView
from studio.gui.views.charts.moments import SnapshotCurves, arrays_of, moment_at
from studio.gui.views.plane.plane_walks import Walks, walks_of
from studio.gui.views.plane.view import PlaneView
from studio.gui.views.soft_targets.view import SoftTargetsView
from studio.gui.views.view_card import ViewCard
from studio.runs.files.history import Moment, RunHistory
from studio.runs.files.snapshot_check import CheckedArrays, check_arrays
from tests.gui import made_up
from tests.gui.at_hand import there

V = TypeVar("V", bound=View)
#: What is done to the arrays of a snapshot.
Change = Callable[[Arrays], Arrays]


@lru_cache(maxsize=1)
def picture_runs() -> tuple[ShownRun, ...]:
    return tuple(made_up.picture_runs(readings=50))


@lru_cache(maxsize=1)
def point_runs() -> tuple[ShownRun, ...]:
    return tuple(made_up.point_runs())


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


def opened(qtbot: QtBot, kind: type[V], runs: Sequence[ShownRun]) -> V:
    view = kind()
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.set_runs(runs)
    view.show()
    for _ in range(5):
        view.refresh()
    return view


def with_arrays(change: Change) -> ShownRun:
    """A run with one snapshot, its arrays changed."""
    history = RunHistory("changed", label="Changed", groups=made_up.GROUPS, classes=made_up.CLASSES, epochs=1)
    arrays = dict(arrays_of(picture_runs()[0].history.moments[-1]))
    history.handle_event(Snapshot(step=1, epoch=1, arrays=change(arrays)))
    return ShownRun(history, 0, current=True)


def without(*words: str) -> Change:
    return lambda arrays: {key: value for key, value in arrays.items() if not any(word in key for word in words)}


# --- moments -----------------------------------------------------------------------------------------------------------


def test_a_moment_is_the_last_snapshot_before_an_epoch_whatever_the_length_of_an_epoch() -> None:
    history = picture_runs()[0].history
    steps = [moment.step for moment in history.moments]
    assert there(moment_at(history, None)).step == steps[-1]
    assert there(moment_at(history, steps[3] / history.steps_per_epoch)).step == steps[3]
    assert there(moment_at(history, steps[3] / history.steps_per_epoch + 0.01)).step == steps[3]
    assert there(moment_at(history, -1)).step == steps[0]
    assert moment_at(RunHistory("empty"), 3) is None


def test_a_snapshot_that_cannot_be_read_is_empty() -> None:
    def gone() -> CheckedArrays:
        raise FileNotFoundError

    assert arrays_of(Moment(1, gone)) == {}


def test_numbers_over_time_are_read_within_a_budget_and_forget_with_the_run() -> None:
    history, curves = picture_runs()[0].history, SnapshotCurves()
    assert not curves.read_on(history, budget=-1)
    assert curves.read_on(history, budget=60)
    assert len(curves.curves["agreement/group1"]) == len(history.moments)
    shorter = replace(history, moments=history.moments[:1] + history.moments[2:4])
    assert curves.read_on(shorter, budget=60)
    assert curves.curves["agreement/group1"].x.tolist() == [moment.step for moment in shorter.moments]


# --- attention ---------------------------------------------------------------------------------------------------------


def test_attention_says_what_the_networks_say_and_how_alike_they_look(qtbot: QtBot) -> None:
    view = opened(qtbot, AttentionView, picture_runs())
    content = there(view.table.content)
    assert [group.name for group in content.groups] == ["Group 1", "Group 2", "Group 3"]
    arrays = arrays_of(picture_runs()[0].history.moments[-1])
    assert content.groups[0].alike == pytest.approx(float(arrays["alike/group1/sum2"]))
    assert len(content.groups[0].course) == len(picture_runs()[0].history.moments)
    wrong = [i for i, caption in enumerate(content.captions) if any(w for _, _, w in caption.says)]
    logits, labels = arrays["logits/student"], arrays["probe/labels"]
    assert wrong == np.flatnonzero(logits.argmax(1) != labels).tolist()
    assert "% alike" in view.table.accessibleDescription()


def test_the_kind_of_map_and_the_student_can_be_chosen(qtbot: QtBot) -> None:
    view = opened(qtbot, AttentionView, picture_runs())
    before = there(there(view.table.content).groups[0].student)
    view.controls.kind.choose("max2")
    assert not np.array_equal(there(there(view.table.content).groups[0].student), before)
    assert view.controls.picker.count() == 3
    view.controls.picker.setCurrentIndex(1)
    view.controls.picker.activated.emit(1)
    assert there(view.table.content).stroke.index == picture_runs()[1].color_index


def test_the_overlay_goes_from_picture_to_map(qtbot: QtBot) -> None:
    view = opened(qtbot, AttentionView, picture_runs())
    seen = []
    for value in (0, 100):
        view.controls.overlay.setValue(value)
        seen.append(view.table.grab().toImage())
    assert seen[0] != seen[1]


def test_without_a_teacher_the_student_is_shown_alone(qtbot: QtBot) -> None:
    view = opened(qtbot, AttentionView, [ShownRun(made_up.pictures_run(teacher=False, readings=20), 0)])
    assert view.empty_reason() is None
    assert all(group.teacher is None for group in there(view.table.content).groups)
    view.grab()


@pytest.mark.parametrize(
    ("runs", "word"),
    [(point_runs, "Points"), (lambda: [with_arrays(without("attention"))], "No attention maps")],
)
def test_without_maps_attention_says_why(qtbot: QtBot, runs: Callable[[], Sequence[ShownRun]], word: str) -> None:
    assert there(opened(qtbot, AttentionView, runs()).empty_reason()).title.startswith(word)


# --- boundaries --------------------------------------------------------------------------------------------------------


def test_a_channels_cell_tells_its_numbers(qtbot: QtBot) -> None:
    view = opened(qtbot, BoundariesView, picture_runs())
    arrays = arrays_of(picture_runs()[0].history.moments[-1])
    rarest = int(arrays["firing/group1"].argmin())
    words = view.cells.words_at(view.cells.cells_left() + 1, 4)
    assert f"channel {rarest + 1} " in words
    assert f"{arrays['channels/group1'][rarest]:.0f} %" in words
    assert view.cells.words_at(1, 1) == ""


def test_without_a_teacher_there_is_nothing_to_agree_with(qtbot: QtBot) -> None:
    view = opened(qtbot, BoundariesView, [ShownRun(made_up.pictures_run(teacher=False, readings=20), 0)])
    assert "no teacher" in there(view.empty_reason()).title
    assert there(view.empty_reason()).want == "teacher"
    other = opened(qtbot, BoundariesView, [with_arrays(without("agreement", "chance", "channels", "firing"))])
    assert "No neurons" in there(other.empty_reason()).title


# --- soft targets ------------------------------------------------------------------------------------------------------


def test_the_temperature_evens_the_answers_out(qtbot: QtBot) -> None:
    view = opened(qtbot, SoftTargetsView, picture_runs())
    view.temperature.setValue(10)
    sharp = there(view.bars.answers).networks[0][2].max()
    view.temperature.setValue(200)
    assert there(view.bars.answers).networks[0][2].max() < sharp
    assert "T = 20" in view.facts.text()
    assert "20.0" in view.temperature.accessibleName()


def test_a_picture_is_chosen_by_keys_and_by_clicks(qtbot: QtBot) -> None:
    view = opened(qtbot, SoftTargetsView, picture_runs())
    first = there(view.bars.answers).networks[0][2]
    qtbot.keyClick(view.strip, Qt.Key.Key_Right)
    assert view.strip.index == 1
    assert not np.array_equal(there(view.bars.answers).networks[0][2], first)
    qtbot.mouseClick(view.strip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert view.strip.index == 0
    qtbot.keyClick(view.strip, Qt.Key.Key_Left)
    assert view.strip.index == 0
    qtbot.keyClick(view.strip, Qt.Key.Key_End)
    assert view.strip.index == 5


def test_of_a_hundred_classes_the_likeliest_and_the_right_one_are_shown(qtbot: QtBot) -> None:
    history = made_up.pictures_run(classes=tuple(f"c{i}" for i in range(100)), readings=20, snapshots=2)
    view = opened(qtbot, SoftTargetsView, [ShownRun(history, 0)])
    answers = there(view.bars.answers)
    assert len(answers.names) == 12
    assert answers.names[-1] == "89 others"
    for _, _, probabilities in answers.networks:
        assert probabilities.sum() == pytest.approx(1)
    label = int(arrays_of(history.moments[-1])["probe/labels"][0])
    assert answers.names[answers.label] == f"c{label}"


def test_runs_that_saw_other_pictures_are_left_out(qtbot: QtBot) -> None:
    other = with_arrays(lambda arrays: {**arrays, "probe/inputs": arrays["probe/inputs"] + 1})
    view = opened(qtbot, SoftTargetsView, [picture_runs()[0], replace(other, current=False)])
    assert [name for name, _, _ in there(view.bars.answers).networks] == ["Teacher", "AB + soft targets"]


# --- plane -------------------------------------------------------------------------------------------------------------


def test_both_networks_are_drawn_with_a_chip_for_each_part(qtbot: QtBot) -> None:
    view = opened(qtbot, PlaneView, point_runs())
    assert view.teacher.isVisible()
    assert list(view.chips) == ["regions", "points", "decision", "walks", "layer 1", "layer 2"]
    before = view.student.grab().toImage()
    for part, chip in view.chips.items():
        chip.setChecked(False)
        after = view.student.grab().toImage()
        assert after != before, part
        before = after


def changed_arrays(history: RunHistory, change: Change) -> RunHistory:
    """The same history with other arrays in its snapshots."""
    copy = RunHistory(history.run, label=history.label)
    copy.__dict__.update(history.__dict__)

    def moment(m: Moment) -> Moment:
        arrays = check_arrays(change(dict(m.load())))
        return Moment(m.step, lambda: arrays)

    copy.moments = [moment(m) for m in history.moments]
    return copy


def without_walks(arrays: Arrays) -> Arrays:
    return {key: value for key, value in arrays.items() if "walks" not in key}


def only_shown(arrays: Arrays) -> Arrays:
    return {**arrays, "plane/walks/taught": np.asarray(False)}


def test_walks_are_explained_and_follow_the_time(qtbot: QtBot) -> None:
    view = opened(qtbot, PlaneView, point_runs())
    chip = view.chips["walks"]
    assert chip.isVisible()
    assert chip.isChecked()
    assert "boundary" in chip.accessibleName()
    assert "walk" in view.legend.accessibleName()
    latest = there(walks_of(point_runs()[0].history.moments[-1]))
    view.set_moment(0)
    view.refresh()
    first = there(walks_of(point_runs()[0].history.moments[0]))
    assert not np.array_equal(first.starts, latest.starts)
    early = view.teacher.grab().toImage()
    view.set_moment(None)
    view.refresh()
    assert view.teacher.grab().toImage() != early
    chip.click()
    assert "walk" not in view.legend.accessibleName()
    assert "pushed" not in there(view.findChild(ViewCard)).accessibleDescription()


def test_a_walk_that_has_ended_draws_no_further_step() -> None:
    paths = np.array([[[0, 0], [1, 0], [1, 0]], [[0, 1], [1, 1], [2, 1]]], float)
    walks = Walks(paths, taught=True)
    assert walks.ends.tolist() == [[1, 0], [2, 1]]
    assert walks.steps.tolist() == [[1, 1]]
    assert walks.segments[0].tolist() == [0, 1, 0, 1, 1, 2]
    assert walks.segments[1].tolist() == [0, 0, 1, 1, 1, 1]


def test_runs_that_do_not_teach_on_walks_show_them_when_asked(qtbot: QtBot) -> None:
    run = ShownRun(changed_arrays(point_runs()[0].history, only_shown), 0, current=True)
    view = opened(qtbot, PlaneView, [run])
    chip = view.chips["walks"]
    assert chip.isVisible()
    assert not chip.isChecked()
    before = view.student.grab().toImage()
    chip.click()
    view.refresh()
    assert chip.isChecked()
    assert view.student.grab().toImage() != before


def test_runs_from_before_walks_were_drawn_still_show(qtbot: QtBot) -> None:
    run = ShownRun(changed_arrays(point_runs()[0].history, without_walks), 0, current=True)
    view = opened(qtbot, PlaneView, [run])
    assert view.empty_reason() is None
    assert view.teacher.isVisible()
    assert not view.chips["walks"].isVisible()
    assert "walk" not in view.legend.accessibleName()


def test_the_planes_move_together_and_come_back(qtbot: QtBot) -> None:
    view = opened(qtbot, PlaneView, point_runs())
    whole = view.teacher.ranges
    view.teacher.setFocus()
    qtbot.keyClick(view.teacher, Qt.Key.Key_Plus)
    qtbot.keyClick(view.teacher, Qt.Key.Key_Left)
    assert view.teacher.ranges != whole
    assert np.allclose(view.student.ranges, view.teacher.ranges, atol=0.05)
    qtbot.keyClick(view.teacher, Qt.Key.Key_0)
    assert np.allclose(view.teacher.ranges, whole)


def test_for_pictures_the_plane_says_so_and_offers_points(qtbot: QtBot) -> None:
    view = opened(qtbot, PlaneView, picture_runs())
    nothing = there(view.empty_reason())
    assert "pictures" in nothing.title
    assert nothing.want == "points"


def test_more_than_three_classes_keep_apart_by_symbol(qtbot: QtBot) -> None:
    history = RunHistory("many", label="Many")
    history.handle_event(
        RunStarted(
            name="", plan=(), steps=1, epochs=1, steps_per_epoch=1, batch_size=1, device="", threads=1, precision="",
            classes=tuple("abcde"), groups=(),
        )
    )  # fmt: skip
    rng = np.random.default_rng(0)
    p = rng.random((5, 21, 21))
    arrays = {
        "plane/extent": np.array([0, 1, 0, 1], np.float32),
        "plane/student/probabilities": (p / p.sum(0)).astype(np.float16),
        "plane/points": rng.random((50, 2)).astype(np.float32),
        "plane/labels": np.arange(50) % 5,
    }
    history.handle_event(Snapshot(step=1, epoch=1, arrays=arrays))
    view = opened(qtbot, PlaneView, [ShownRun(history, 0)])
    assert not view.teacher.isVisible()
    assert set(view.student.symbols) == {"o", "t1", "s", "d", "p"}
    assert all(name in view.legend.accessibleName() for name in "abcde")
