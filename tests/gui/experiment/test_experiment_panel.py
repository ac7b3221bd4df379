"""The left dock and the draft behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from studio.core.errors import Invalid, StudioError
from studio.core.message import Text
from studio.experiment import loads
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.experiment.experiment_panel import SMALL_WIDTH, WIDTH, ExperimentPanel
from studio.gui.experiment.setting_fields import experiment_fields
from studio.gui.presenters.draft_info import Problem, Step
from tests.gui.at_hand import editor_of, fill_in, there
from tests.gui.fake_jobs import LaterJobs
from tests.gui.fake_presenter import FakePresenter

PICKED = {
    "seed": 1,
    "dataset": {"key": "digits", "per_class": 10},
    "teacher": {"key": "cnn-32"},
    "student": {"key": "cnn-8"},
    "method": {"key": "kd", "settings": {"temperature": 3.0}},
    "training": {"epochs": 60, "optimizer": {"lr": 0.1}},
}


@pytest.fixture
def draft() -> ExperimentDraft:
    return ExperimentDraft(PICKED)


@pytest.fixture
def presenter(tmp_path: Path) -> FakePresenter:
    return FakePresenter(tmp_path)


@pytest.fixture
def later() -> LaterJobs:
    return LaterJobs()


@pytest.fixture
def panel(qtbot: QtBot, draft: ExperimentDraft, presenter: FakePresenter, later: LaterJobs) -> ExperimentPanel:
    made = ExperimentPanel(draft)
    qtbot.addWidget(made)
    made.resize(WIDTH, 900)
    made.show()
    made.start(presenter, later.submit)
    later.work()
    return made


def settle(later: LaterJobs, qtbot: QtBot) -> None:
    """Wait for the pause after an edit, then answer."""
    qtbot.waitUntil(lambda: bool(later.waiting), timeout=2000)
    later.work()


@pytest.mark.parametrize(("path", "asked_again"), [("/pictures", True), (None, False)])
def test_own_data_are_looked_at_again_when_the_window_comes_back(
    panel: ExperimentPanel,
    draft: ExperimentDraft,
    presenter: FakePresenter,
    later: LaterJobs,
    qtbot: QtBot,
    path: str | None,
    asked_again: bool,
) -> None:
    draft.load({**PICKED, "dataset": {"key": "images", "path": path} if path else {"key": "digits"}})
    settle(later, qtbot)
    asked = len(presenter.asked)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    QApplication.sendEvent(panel, QEvent(QEvent.Type.ActivationChange))
    qtbot.wait(200)
    later.work()
    assert (len(presenter.asked) > asked) is asked_again


def test_cards_are_as_high_as_what_they_say_in_a_high_window(panel: ExperimentPanel, qtbot: QtBot) -> None:
    before = [card.height() for card in panel.cards.values()]
    panel.resize(WIDTH, 1800)
    qtbot.wait(20)
    assert [card.height() for card in panel.cards.values()] == before


# --- the draft --------------------------------------------------------------------------------------------------------


def test_values_are_read_and_given_by_dotted_path(draft: ExperimentDraft) -> None:
    assert draft.get("training.optimizer.lr") == 0.1
    assert draft.get("training.precision") is None
    draft.set("training.schedule.key", "steps")
    assert draft.get("training.schedule") == {"key": "steps"}
    draft.put_back("training.schedule.key")
    assert draft.get("training.schedule") is None
    draft.put_back("training.nothing.here")
    assert draft.get("training.epochs") == 60


def test_an_experiment_comes_back_as_it_went_in(draft: ExperimentDraft, tmp_path: Path) -> None:
    experiment = draft.experiments()[0]
    assert (experiment.seed, experiment.training.epochs, experiment.dataset.per_class) == (1, 60, 10)
    other = ExperimentDraft()
    other.load_experiment(experiment)
    assert other.experiments() == [experiment]
    assert other.experiments()[0].resolved() == experiment.resolved()


def test_a_resolved_experiment_can_be_taken_into_the_panels(draft: ExperimentDraft) -> None:
    resolved = draft.experiments()[0].resolved()
    other = ExperimentDraft()
    other.load_experiment(resolved)
    assert other.experiments() == [resolved]


def test_a_file_with_further_terms_survives(tmp_path: Path) -> None:
    content = """
        [dataset]
        key = "digits"
        [teacher]
        key = "cnn-32"
        [student]
        key = "cnn-8"
        [method]
        key = "at"
        [[method.also]]
        key = "kd"
        settings = { temperature = 3.0 }
    """
    experiment = loads(content, tmp_path)
    draft = ExperimentDraft()
    draft.load_experiment(experiment)
    assert draft.experiments() == [experiment]
    draft.set("method.also.0.settings.temperature", 5.0)
    assert draft.experiments()[0].method.also[0].settings == {"temperature": 5.0}


def test_seeds_make_one_experiment_each(draft: ExperimentDraft) -> None:
    draft.set("seeds", [1, 2, 5])
    experiments = draft.experiments()
    assert [experiment.seed for experiment in experiments] == [1, 2, 5]
    assert len({experiment.model_copy(update={"seed": 0}).model_dump_json() for experiment in experiments}) == 1


def test_splits_of_the_data_make_one_experiment_each(draft: ExperimentDraft) -> None:
    draft.set("dataset.splits", 3)
    assert [experiment.seed for experiment in draft.experiments()] == draft.drawn_seeds == [0, 1, 2]
    draft.set("seeds", [1, 4])
    assert [experiment.seed for experiment in draft.experiments()] == draft.drawn_seeds == [0, 1, 2, 3, 4, 5]


def test_everything_wrong_is_told_with_its_place(draft: ExperimentDraft) -> None:
    draft.set("training.epochs", 0)
    draft.set("training.keep", "bset")
    with pytest.raises(Invalid) as caught:
        draft.experiments()
    assert {problem.place for problem in caught.value.problems} == {"training.epochs", "training.keep"}


def test_edits_of_one_place_are_undone_together(draft: ExperimentDraft) -> None:
    for epochs in (1, 12, 120):
        draft.set("training.epochs", epochs)
    draft.set("training.batch_size", 32)
    assert len(draft.edits) == 2
    draft.edits.undo()
    draft.edits.undo()
    assert draft.get("training.epochs") == 60
    draft.edits.redo()
    assert draft.get("training.epochs") == 120


def test_an_edit_that_changes_nothing_is_no_step(draft: ExperimentDraft) -> None:
    draft.set("training.epochs", 60)
    assert len(draft.edits) == 0


def test_picking_forgets_what_belonged_to_the_choice_before(draft: ExperimentDraft) -> None:
    draft.pick("method", "at", {"also": [{"key": "kd"}]}, "choice of attention transfer")
    assert draft.get("method") == {"key": "at", "also": [{"key": "kd"}]}
    assert draft.edits.undo_words == "choice of attention transfer"
    draft.edits.undo()
    assert draft.get("method.settings.temperature") == 3.0


def test_a_copy_of_the_values_is_a_copy(draft: ExperimentDraft) -> None:
    values = draft.values
    values["training"]["epochs"] = 1
    assert draft.get("training.epochs") == 60


def test_an_empty_draft_says_so() -> None:
    assert ExperimentDraft().is_empty
    assert not ExperimentDraft(PICKED).is_empty


# --- the cards --------------------------------------------------------------------------------------------------------


def test_until_anything_is_known_nothing_is_blocked(
    qtbot: QtBot, draft: ExperimentDraft, presenter: FakePresenter, later: LaterJobs
) -> None:
    panel = ExperimentPanel(draft)
    qtbot.addWidget(panel)
    panel.start(presenter, later.submit)
    assert panel.draft_info is None
    assert presenter.asked == []
    assert panel.cards["data"].title == "…"
    later.work()
    assert panel.cards["data"].title == "Digits"


def test_cards_tell_the_choices_in_words(panel: ExperimentPanel) -> None:
    assert panel.cards["data"].words == "100 labelled pictures to learn from"
    assert panel.cards["method"].words == "Learn how sure"
    assert panel.cards["method"].property("help_page") == "method-kd"
    assert panel.cards["student"].accessibleName() == "Student: Small CNN 8"


@pytest.mark.parametrize("step", ["data", "teacher", "student", "method"])
def test_a_card_asks_for_its_page(qtbot: QtBot, panel: ExperimentPanel, step: Step) -> None:
    with qtbot.waitSignal(panel.choose_requested) as told:
        qtbot.mouseClick(panel.cards[step], Qt.MouseButton.LeftButton)
    assert told.args == [step]


def test_the_cards_come_before_the_settings_in_the_order_of_tab(panel: ExperimentPanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    panel.cards["data"].setFocus()
    visited = []
    for _ in range(4):
        visited.append(there(QApplication.focusWidget()).objectName())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert visited == ["data", "teacher", "student", "method"]


def test_focus_is_told_for_the_help(qtbot: QtBot, panel: ExperimentPanel) -> None:
    panel.activateWindow()
    with qtbot.waitSignal(panel.focused) as told:
        panel.cards["teacher"].setFocus()
    assert told.args == ["teacher"]


def test_in_a_small_window_cards_are_short_and_hints_move_to_tool_tips(panel: ExperimentPanel) -> None:
    panel.show_running("AB, seed 1")
    panel.resize(SMALL_WIDTH, 624)
    QApplication.processEvents()
    assert panel.cards["data"].words == "100 pictures"
    assert panel.running_notice.isHidden()
    assert "AB, seed 1" in panel.header.title.toolTip()
    assert "About 30 s" in panel.settings_title.toolTip()


def test_the_main_settings_fit_without_scrolling_at_the_least_size(panel: ExperimentPanel) -> None:
    panel.resize(SMALL_WIDTH, 624)
    for _ in range(3):
        QApplication.processEvents()
    assert there(panel.findChild(QScrollArea)).verticalScrollBar().maximum() == 0


def test_nothing_is_wider_than_the_dock(panel: ExperimentPanel) -> None:
    panel.level.choose("expert")
    for width in (WIDTH, SMALL_WIDTH, 240):
        panel.resize(width, 700)
        QApplication.processEvents()
        assert panel.width() == width
        scroll = there(panel.findChild(QScrollArea))
        assert there(scroll.widget()).width() <= scroll.viewport().width()


# --- the settings -----------------------------------------------------------------------------------------------------


def test_the_form_shows_the_draft(panel: ExperimentPanel) -> None:
    values = panel.form.values()
    assert values["training.epochs"] == 60
    assert values["training.optimizer.lr"] == 0.1
    assert values["method.settings.temperature"] == 3.0
    assert values["method.task_weight"] == 0.1
    assert values["seeds"] == [1]
    assert panel.level.segment("expert").text() == f"All {len(panel.form.fields)}"


def test_an_edit_goes_to_the_draft_and_can_be_undone(panel: ExperimentPanel, draft: ExperimentDraft) -> None:
    fill_in(panel.form, "training.epochs", "90")
    assert draft.get("training.epochs") == 90
    panel.header.undo.click()
    assert draft.get("training.epochs") == 60
    assert panel.form.values()["training.epochs"] == 60


def test_putting_back_takes_the_value_from_the_draft(panel: ExperimentPanel, draft: ExperimentDraft) -> None:
    panel.form.row("method.settings.temperature").reset_button.click()
    assert draft.get("method.settings") is None
    assert panel.form.values()["method.settings.temperature"] == 4.0


def test_after_a_pause_the_draft_is_described_anew(
    qtbot: QtBot, panel: ExperimentPanel, draft: ExperimentDraft, presenter: FakePresenter, later: LaterJobs
) -> None:
    asked = len(presenter.asked)
    for epochs in (1, 12, 120):
        fill_in(panel.form, "training.epochs", str(epochs))
    assert later.waiting == []
    settle(later, qtbot)
    assert len(presenter.asked) == asked + 1
    assert presenter.asked[-1]["training"]["epochs"] == 120


def test_another_method_brings_its_own_settings(
    qtbot: QtBot, panel: ExperimentPanel, draft: ExperimentDraft, later: LaterJobs
) -> None:
    draft.pick("method", "ab")
    settle(later, qtbot)
    assert "method.settings.margin" in [field.path for field in panel.form.fields]
    assert panel.form.values()["training.epochs"] == 60


def test_what_is_typed_for_a_method_taken_away_meanwhile_is_for_nothing(
    qtbot: QtBot, panel: ExperimentPanel, draft: ExperimentDraft, later: LaterJobs
) -> None:
    draft.pick("method", "kd", {"also": [{"key": "at"}]})
    settle(later, qtbot)
    weight = next(field.path for field in panel.form.fields if field.path.startswith("method.also.0."))
    draft.pick("method", "kd")
    fill_in(panel.form, weight, "3")  # the form is described anew a moment later only
    assert draft.get("method") == {"key": "kd"}
    settle(later, qtbot)
    assert weight not in [field.path for field in panel.form.fields]


def test_points_are_counted_as_points(
    qtbot: QtBot, panel: ExperimentPanel, draft: ExperimentDraft, later: LaterJobs
) -> None:
    draft.pick("data", "moons")
    settle(later, qtbot)
    assert editor_of(panel.form, "training.batch_size").text().endswith(" points")


# --- problems ---------------------------------------------------------------------------------------------------------


def test_a_problem_stands_at_its_field_its_card_or_above_the_settings(
    qtbot: QtBot, panel: ExperimentPanel, draft: ExperimentDraft, presenter: FakePresenter, later: LaterJobs
) -> None:
    presenter.problems = (
        Problem("training.batch_size", Text("Too large.")),
        Problem("method.key", Text("Channels differ.")),
        Problem("", Text("Something else.")),
    )
    draft.set("training.epochs", 61)
    settle(later, qtbot)
    assert panel.form.row("training.batch_size").error == "Too large."
    assert panel.cards["method"].note == "Channels differ."
    assert panel.problem_notice.words == "Something else."
    assert panel.refusal() == "Too large."
    presenter.problems = ()
    draft.set("training.epochs", 62)
    settle(later, qtbot)
    assert panel.form.row("training.batch_size").error == ""
    assert panel.cards["method"].note == ""
    assert panel.problem_notice.isHidden()
    assert panel.refusal() == ""


def test_a_field_outside_its_range_keeps_the_run_from_starting(panel: ExperimentPanel) -> None:
    fill_in(panel.form, "seeds", "one")
    assert panel.refusal() == "Seeds: “one” is not a list of whole numbers. Write it as 1, 2, 3 or 1-3."


def test_when_nothing_can_be_said_the_reason_is_shown(
    qtbot: QtBot, panel: ExperimentPanel, draft: ExperimentDraft, presenter: FakePresenter, later: LaterJobs
) -> None:
    presenter.error = StudioError("The workspace cannot be read.", "It is not a folder.", "Choose another.")
    draft.set("training.epochs", 61)
    settle(later, qtbot)
    assert panel.refusal() == "The workspace cannot be read. It is not a folder. Choose another."
    assert "cannot be read" in panel.problem_notice.words


def test_the_setting_at_fault_is_marked_until_it_is_changed(panel: ExperimentPanel) -> None:
    panel.show_faults(["training.batch_size"], "Too large for this GPU. 32 fits.")
    assert panel.form.row("training.batch_size").error == "Too large for this GPU. 32 fits."
    fill_in(panel.form, "training.batch_size", "32")
    assert panel.form.row("training.batch_size").error == ""


def test_another_failure_takes_the_mark_of_the_one_before(panel: ExperimentPanel) -> None:
    panel.show_faults(["training.optimizer.lr"], "Too large.")
    panel.show_faults(["training.batch_size"], "Too many.")
    assert panel.form.row("training.optimizer.lr").error == ""
    panel.show_faults((), "")
    assert panel.form.row("training.batch_size").error == ""


def test_while_something_runs_edits_are_for_the_next_run(panel: ExperimentPanel) -> None:
    panel.show_running("AB, seed 1")
    assert panel.running_notice.words == "Running: AB, seed 1. What you change here is for the next run."
    panel.show_running("")
    assert panel.running_notice.isHidden()


def test_without_a_teacher_there_is_nothing_to_compare_the_student_alone_with() -> None:
    def offered(method: dict[str, Any]) -> bool:
        fields = experiment_fields({"dataset": {"key": "digits"}, "method": method})
        return "references.alone" in [field.path for field in fields]

    assert offered({"key": "kd"})
    assert not offered({"key": "none"})
    assert offered({"key": "none", "also": [{"key": "at"}]})


def test_what_does_not_learn_in_epochs_is_not_asked_for_them() -> None:
    def asked(method: str, teacher: str) -> bool:
        picked = {"dataset": {"key": "iris"}, "teacher": {"key": teacher}, "method": {"key": method}}
        return "training.epochs" in [field.path for field in experiment_fields(picked)]

    assert asked("kd", "mlp-8-8")
    assert not asked("compress", "library")
    assert not asked("ba_tree", "boosted-trees")
    assert asked("ba_tree", "mlp-8-8"), "the network that teaches the tree is trained"


@pytest.mark.parametrize(("method", "asked"), [("kd", True), ("", True), ("ba_tree", False), ("compress", False)])
def test_labels_are_weighed_where_they_are_one_term_among_others(method: str, asked: bool) -> None:
    picked = {"dataset": {"key": "iris"}, "method": {"key": method}}
    assert ("method.task_weight" in [field.path for field in experiment_fields(picked)]) == asked
