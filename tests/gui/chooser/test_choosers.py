"""The pages on which data, networks and methods are chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studio.core.errors import StudioError
from studio.gui.chooser.choice_delegate import CHOICE
from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.chooser.method_options import MethodOptions
from studio.gui.chooser.student_options import StudentOptions
from studio.gui.chooser.teacher_options import TeacherOptions
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.draft_info import Choice, Step
from tests.gui.at_hand import fill_in, there
from tests.gui.fake_jobs import LaterJobs, at_once
from tests.gui.fake_presenter import METHODS, FakePresenter

PICKED = {
    "dataset": {"key": "digits", "per_class": 10},
    "teacher": {"key": "cnn-32", "epochs": 10},
    "student": {"key": "cnn-8"},
    "method": {"key": "kd", "settings": {"temperature": 3.0}},
    "training": {"epochs": 60},
}


@pytest.fixture
def draft() -> ExperimentDraft:
    return ExperimentDraft(PICKED)


@pytest.fixture
def presenter(tmp_path: Path) -> FakePresenter:
    return FakePresenter(tmp_path)


@pytest.fixture
def open_page(qtbot: QtBot, draft: ExperimentDraft, presenter: FakePresenter) -> Callable[[Step], ChooserPage]:
    def opened(step: Step) -> ChooserPage:
        page = ChooserPage(step, draft, presenter, at_once, "Learning")
        qtbot.addWidget(page)
        page.resize(900, 640)
        page.show()
        return page

    return opened


def titles(page: ChooserPage) -> list[str]:
    model = page.list.rows
    rows = [model.index(row) for row in range(model.rowCount())]
    return [str(index.data()) for index in rows if isinstance(index.data(CHOICE), Choice)]


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_page_opens_at_what_is_in_force(open_page: Callable[[Step], ChooserPage]) -> None:
    page = open_page("method")
    assert there(page.list.current).key == "kd"
    assert page.accessibleName() == "Choose a method"
    assert titles(page) == ["None", "Soft targets", "Attention transfer", "Activation boundary"]


@pytest.mark.parametrize("step", ["data", "teacher", "student", "method"])
def test_nothing_can_be_used_before_it_is_known_what_there_is(
    qtbot: QtBot, draft: ExperimentDraft, presenter: FakePresenter, step: Step
) -> None:
    jobs = LaterJobs()
    page = ChooserPage(step, draft, presenter, jobs.submit, "Learning")
    qtbot.addWidget(page)
    page.resize(900, 640)
    page.show()
    assert not page.use.isEnabled()
    assert not page.options.isVisible()
    jobs.work()
    qtbot.waitUntil(page.use.isEnabled)
    assert page.details.isVisible()


def test_headings_cannot_be_chosen(open_page: Callable[[Step], ChooserPage]) -> None:
    page = open_page("method")
    model = page.list.rows
    headings = [
        model.index(row) for row in range(model.rowCount()) if not isinstance(model.index(row).data(CHOICE), Choice)
    ]
    assert [index.data() for index in headings] == ["The reference", "What it answers", "What it sees inside"]
    assert all(not index.flags() & Qt.ItemFlag.ItemIsSelectable for index in headings)


def test_searching_looks_in_names_words_and_papers(open_page: Callable[[Step], ChooserPage]) -> None:
    page = open_page("method")
    page.choice_search.search.setText("hinton")
    assert titles(page) == ["Soft targets"]
    page.choice_search.search.setText("copy looks")
    assert titles(page) == ["Attention transfer"]
    page.choice_search.search.clear()
    assert len(titles(page)) == 4


def test_a_group_stands_together_whatever_the_order(
    open_page: Callable[[Step], ChooserPage], presenter: FakePresenter
) -> None:
    page = open_page("method")
    page.list.rows.set_choices([*METHODS, Choice("dkd", "Decoupled", "Split.", "What it answers")])
    assert titles(page) == ["None", "Soft targets", "Decoupled", "Attention transfer", "Activation boundary"]


def test_only_what_fits(open_page: Callable[[Step], ChooserPage]) -> None:
    page = open_page("method")
    assert page.choice_search.fitting.text() == "Fits, 3"
    page.choice_search.fitting.click()
    assert "Activation boundary" not in titles(page)
    page.choice_search.every.click()
    assert "Activation boundary" in titles(page)


def test_what_cannot_be_chosen_can_be_read_with_its_reason(
    open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    page = open_page("method")
    page.list.point_at("ab")
    assert page.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole).endswith("There is no ReLU.")
    assert not page.use.isEnabled()
    assert page.use.toolTip() == "There is no ReLU."
    page.use_choice()
    assert draft.key("method") == "kd"


def test_words_a_whole_group_shares_stand_at_its_heading(open_page: Callable[[Step], ChooserPage]) -> None:
    page = open_page("student")
    model = page.list.rows
    assert model.words_of(model.index(0)) == "Three convolutions."
    assert model.words_of(model.row_of("cnn-8")) == ""
    assert model.words_of(model.row_of("vgg-8")) == "Plain"


def test_a_failure_is_said_in_the_list(qtbot: QtBot, draft: ExperimentDraft, presenter: FakePresenter) -> None:
    presenter.failure = StudioError("The catalogue cannot be read.", "A file is missing.", "Install again.")
    page = ChooserPage("data", draft, presenter, at_once, "Learning")
    qtbot.addWidget(page)
    assert page.choice_search.waiting.text() == "The catalogue cannot be read. A file is missing. Install again."


@pytest.mark.parametrize("step", ["data", "teacher", "student", "method"])
def test_options_may_change_before_there_is_a_choice(
    open_page: Callable[[Step], ChooserPage], presenter: FakePresenter, step: Step
) -> None:
    presenter.failure = StudioError("The catalogue cannot be read.", "A file is missing.", "Install again.")
    page = open_page(step)
    page.options.changed.emit()
    assert page.options.table() == {}
    assert not page.use.isEnabled()


# --- using a choice ---------------------------------------------------------------------------------------------------


def test_using_a_choice_is_one_step_of_undo(
    qtbot: QtBot, open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    page = open_page("student")
    page.list.point_at("cnn-32")
    with qtbot.waitSignal(page.closed):
        qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    assert draft.get("student") == {"key": "cnn-32"}
    assert draft.edits.undo_words == "choice of Small CNN 32"
    draft.edits.undo()
    assert draft.key("student") == "cnn-8"


def test_by_keyboard_alone(qtbot: QtBot, open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft) -> None:
    page = open_page("method")
    page.activateWindow()
    page.choice_search.search.setFocus()
    qtbot.keyClicks(page.choice_search.search, "attention")
    qtbot.keyClick(page.choice_search.search, Qt.Key.Key_Return)
    assert draft.key("method") == "at"


def test_escape_goes_back_and_changes_nothing(
    qtbot: QtBot, open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    page = open_page("student")
    page.list.point_at("cnn-32")
    with qtbot.waitSignal(page.closed):
        qtbot.keyClick(page.list, Qt.Key.Key_Escape)
    assert len(draft.edits) == 0


def test_more_is_asked_about_what_little_is_known_of(
    open_page: Callable[[Step], ChooserPage], presenter: FakePresenter
) -> None:
    open_page("student")
    assert presenter.looked_up == ["cnn-8"]


def test_a_network_that_is_not_listed_can_be_typed(
    qtbot: QtBot, open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft, presenter: FakePresenter
) -> None:
    page = open_page("student")
    page.choice_search.search.setText("cnn-128")
    qtbot.waitUntil(lambda: page.list.current is not None and there(page.list.current).key == "cnn-128", timeout=2000)
    page.use_choice()
    assert draft.key("student") == "cnn-128"


def test_what_nobody_answers_to_is_asked_once_and_not_added(
    qtbot: QtBot, open_page: Callable[[Step], ChooserPage], presenter: FakePresenter
) -> None:
    page = open_page("student")
    page.choice_search.search.setText("cnn-x-9")
    qtbot.waitUntil(lambda: "cnn-x-9" in presenter.looked_up, timeout=2000)
    assert titles(page) == []
    assert not page.use.isEnabled()


def test_a_choice_in_force_that_is_not_listed_is_looked_up(
    open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    draft.pick("student", "cnn-128")
    assert there(open_page("student").list.current).key == "cnn-128"


# --- data -------------------------------------------------------------------------------------------------------------


def test_how_much_of_the_data(open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft) -> None:
    page = open_page("data")
    form = page.options.form
    assert form.values()["dataset.per_class"] == 10
    fill_in(form, "dataset.per_class", "20")
    page.use_choice()
    assert draft.get("dataset") == {"key": "digits", "per_class": 20}


def test_how_pictures_are_varied_is_given_whole(
    open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    page = open_page("data")
    fill_in(page.options.form, "dataset.augmentation.pad", "2")
    page.use_choice()
    assert draft.get("dataset.augmentation.pad") == 2
    assert set(draft.get("dataset.augmentation")) == {"pad", "padding", "flip"}
    assert draft.experiments()[0].dataset.varied.pad == 2


def test_points_have_no_border_and_are_not_mirrored(open_page: Callable[[Step], ChooserPage]) -> None:
    page = open_page("data")
    page.list.point_at("moons")
    paths = [field.path for field in page.options.form.fields]
    assert not any(path.startswith("dataset.augmentation") for path in paths)
    assert "dataset.fraction" in paths


# --- the teacher ------------------------------------------------------------------------------------------------------


def teacher_options(page: ChooserPage) -> TeacherOptions:
    assert isinstance(page.options, TeacherOptions)
    return page.options


@pytest.fixture
def teacher(open_page: Callable[[Step], ChooserPage]) -> ChooserPage:
    return open_page("teacher")


def test_a_teacher_trained_first(teacher: ChooserPage, draft: ExperimentDraft) -> None:
    assert teacher.options.form.values()["teacher.epochs"] == 10
    fill_in(teacher.options.form, "teacher.epochs", "25")
    teacher.use_choice()
    assert draft.get("teacher") == {"key": "cnn-32", "epochs": 25}


def test_a_teacher_from_a_run_brings_its_network(teacher: ChooserPage, draft: ExperimentDraft) -> None:
    teacher_options(teacher).source.choose("run")
    teacher_options(teacher).runs.point_at("run:20260101-a")
    teacher.use_choice()
    assert draft.get("teacher.key") == "cnn-128"
    assert draft.get("teacher.source") == "run:20260101-a"


def test_only_a_teacher_trained_first_is_asked_how_to_train_it(teacher: ChooserPage, draft: ExperimentDraft) -> None:
    form = teacher.options.form
    assert {"teacher.epochs", "teacher.seed", "teacher.batch_statistics"} <= {field.path for field in form.fields}
    teacher_options(teacher).source.choose("file")
    assert [field.path for field in form.fields] == ["teacher.classes", "teacher.batch_statistics"]
    teacher_options(teacher).source.choose("pretrained")
    assert [field.path for field in form.fields] == ["teacher.batch_statistics"]
    assert form.fields[0].level == "expert"
    assert form.fields[0].help
    teacher_options(teacher).source.choose("train")
    assert form.values()["teacher.epochs"] == 10


def test_a_run_that_does_not_fit_is_refused_with_its_reason(teacher: ChooserPage, draft: ExperimentDraft) -> None:
    teacher_options(teacher).source.choose("run")
    teacher_options(teacher).runs.point_at("run:20260102-b")
    teacher.use_choice()
    assert draft.get("teacher.source") is None
    assert teacher.hint.text() == "It knows other classes."


def test_a_teacher_from_a_file(teacher: ChooserPage, draft: ExperimentDraft) -> None:
    teacher_options(teacher).source.choose("file")
    teacher.use_choice()
    assert teacher.hint.text() == "Choose a file."
    teacher_options(teacher).file.line.setText("/somewhere/teacher.safetensors")
    teacher_options(teacher).file.line.textEdited.emit("/somewhere/teacher.safetensors")
    teacher.use_choice()
    assert draft.get("teacher.source") == "file:/somewhere/teacher.safetensors"


def test_of_several_runs_it_is_said_how_many_are_ticked_and_which_cannot_teach(
    teacher: ChooserPage, draft: ExperimentDraft
) -> None:
    options = teacher_options(teacher)
    options.source.segment("ensemble").click()
    assert options.ticked.text() == "0 of 2 ticked"
    options.members.tick(["run:20260101-a", "run:20260102-b"])
    options.members.changed.emit()
    assert options.ticked.text() == "2 of 2 ticked"
    teacher.use_choice()
    assert teacher.hint.text().endswith(": It knows other classes.")
    assert draft.get("teacher.source") is None


def test_a_run_that_taught_with_others_and_is_gone_is_said(
    open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    draft.pick("teacher", "cnn-8", {"source": "ensemble", "members": ["run:20260101-a", "run:gone"]})
    page = open_page("teacher")
    options = teacher_options(page)
    assert options.ticked.text() == "1 of 2 ticked"
    assert options.problem().startswith("1 of the runs that were chosen cannot teach any longer")
    options.members.changed.emit()
    assert options.problem() == "Tick two runs or more."


def test_published_weights_are_asked_for_where_there_are_some(teacher: ChooserPage, draft: ExperimentDraft) -> None:
    options = teacher_options(teacher)
    options.source.segment("pretrained").click()
    assert "Nobody publishes weights of this network" in options.problem()
    choice = teacher.list.current
    assert choice is not None
    options.show_choice(replace(choice, is_published=True), draft.values)
    options.source.segment("pretrained").click()
    assert options.problem() == ""
    assert options.table()["source"] == "pretrained"
    assert options.weights_folder.isVisibleTo(options)
    options.weights_folder.folder.set_value("/weights")
    options.weights_folder.folder.edited.emit("/weights")
    assert options.table()["source"] == "pretrained:/weights"


def test_a_student_begins_with_published_weights_where_there_are_some(
    open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    page = open_page("student")
    options, choice = page.options, page.list.current
    assert isinstance(options, StudentOptions)
    assert choice is not None
    assert options.weights_folder.isHidden()
    options.start.segment("pretrained").click()
    assert "Nobody publishes weights of this network" in options.problem()
    options.show_choice(replace(choice, is_published=True), draft.values)
    options.start.segment("pretrained").click()
    assert options.problem() == ""
    options.weights_folder.folder.set_value("/weights")
    options.weights_folder.folder.edited.emit("/weights")
    page.use_choice()
    assert draft.get("student.init") == "pretrained:/weights"
    reopened = open_page("student")
    assert isinstance(reopened.options, StudentOptions)
    assert reopened.options.start.current == "pretrained"
    assert reopened.options.weights_folder.folder.value_now() == "/weights"


def test_the_source_in_force_is_shown_again(open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft) -> None:
    draft.set("teacher.source", "run:20260101-a")
    draft.set("teacher.key", "cnn-32")
    page = open_page("teacher")
    assert teacher_options(page).source.current == "run"
    assert there(teacher_options(page).runs.current).key == "run:20260101-a"


# --- the method -------------------------------------------------------------------------------------------------------


def method_options(page: ChooserPage) -> MethodOptions:
    assert isinstance(page.options, MethodOptions)
    return page.options


def test_the_settings_of_the_method_in_force_are_kept(open_page: Callable[[Step], ChooserPage]) -> None:
    assert open_page("method").options.form.values()["method.settings.temperature"] == 3.0


def test_another_method_begins_with_its_defaults(
    open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    page = open_page("method")
    page.list.point_at("at")
    page.use_choice()
    assert draft.get("method") == {"key": "at"}


def test_methods_are_joined_with_their_own_settings(
    open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    page = open_page("method")
    page.list.point_at("at")
    actions = {action.text(): action for action in method_options(page).add_button.menu().actions()}
    actions["Soft targets"].trigger()
    assert method_options(page).added == ["kd"]
    fill_in(page.options.form, "method.also.0.settings.temperature", "2.0")
    page.use_choice()
    assert draft.get("method.also") == [{"key": "kd", "settings": {"temperature": 2.0}}]
    assert draft.experiments()[0].method.also[0].settings == {"temperature": 2.0}


def test_an_added_method_can_be_taken_away_again(
    open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft
) -> None:
    page = open_page("method")
    method_options(page).add_method("at")
    chip = next(button for button in page.options.findChildren(QPushButton) if button.objectName() == "at")
    assert chip.text() == "Attention transfer"
    chip.click()
    assert method_options(page).added == []
    page.use_choice()
    assert draft.experiments()[0].method.also == ()


def test_a_method_does_not_join_itself_nor_what_does_not_fit(open_page: Callable[[Step], ChooserPage]) -> None:
    page = open_page("method")
    assert method_options(page).addable == ["at"]
    method_options(page).add_method("at")
    assert method_options(page).addable == []


def test_nothing_joins_the_reference(open_page: Callable[[Step], ChooserPage]) -> None:
    page = open_page("method")
    page.list.point_at("none")
    assert method_options(page).add_button.isHidden()


def test_a_value_out_of_range_is_not_used(
    open_page: Callable[[Step], ChooserPage], draft: ExperimentDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("student")
    page.list.point_at("cnn-8")
    monkeypatch.setattr(page.options, "problem", lambda: "Not yet.")
    page.use_choice()
    assert page.hint.text() == "Not yet."
    assert len(draft.edits) == 0
