"""The composer of the method chooser: picking parts, the loss that follows, saving, renaming, deleting, using."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from studio.gui.chooser.choice_delegate import CHOICE
from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.composer.aspects_table import AspectsTable
from studio.gui.composer.composer_page import ComposerPage
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.composer_info import DesignAspect
from studio.gui.presenters.draft_info import Choice
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.system.background_jobs import Submit
from studio.runs.store.saved_methods import SavedMethods
from studio.runs.store.workspace import Workspace
from tests.gui.at_hand import fill_in, there
from tests.gui.fake_jobs import LaterJobs, at_once

PICKED = {
    "dataset": {"key": "digits", "per_class": 10},
    "teacher": {"key": "cnn-8", "epochs": 1},
    "student": {"key": "cnn-4"},
    "method": {"key": "at"},
    "training": {"epochs": 60},
}
PARTS = {"position": "neurons", "teacher_side": "on_off", "student_side": "conv_bn", "distance": "marginal"}
MINE = {"key": "composed", "settings": PARTS}


OpenPage = Callable[..., ChooserPage]


@pytest.fixture
def own(tmp_path: Path) -> SavedMethods:
    return SavedMethods(tmp_path)


@pytest.fixture
def draft() -> ExperimentDraft:
    return ExperimentDraft(PICKED)


@pytest.fixture
def open_page(qtbot: QtBot, draft: ExperimentDraft, tmp_path: Path) -> OpenPage:
    def opened(submit: Submit = at_once) -> ChooserPage:
        page = ChooserPage("method", draft, DraftPresenter(Workspace(tmp_path)), submit, "Learning")
        qtbot.addWidget(page)
        page.resize(1136, 760)
        page.show()
        return page

    return opened


def composer_page(page: ChooserPage) -> ComposerPage:
    assert page.composer_page is not None
    return page.composer_page


def compose(page: ChooserPage) -> ComposerPage:
    part = composer_page(page)
    part.mode.segment("compose").click()
    assert part.is_composing
    return part


def click(qtbot: QtBot, page: ChooserPage, aspect: DesignAspect, key: str) -> None:
    radio = composer_page(page).composer.pickers[aspect].radio(key)
    qtbot.mouseClick(radio, Qt.MouseButton.LeftButton, pos=radio.rect().center())


def chosen(page: ChooserPage) -> dict[str, str]:
    return {aspect: picker.chosen for aspect, picker in composer_page(page).composer.pickers.items()}


def yours(page: ChooserPage) -> list[str]:
    rows = page.list.rows
    found = (rows.index(row).data(CHOICE) for row in range(rows.rowCount()))
    return [str(row.title) for row in found if isinstance(row, Choice) and row.saved]


# --- starting points --------------------------------------------------------------------------------------------------


def test_compose_shows_the_parts_of_the_method_pointed_at(open_page: OpenPage, draft: ExperimentDraft) -> None:
    page = open_page()
    part = compose(page)
    assert chosen(page) == {
        "position": "groups",
        "teacher_side": "attention",
        "student_side": "attention",
        "distance": "l2",
    }
    assert page.hint.text() == "The published method. Change a part and it is yours."
    assert part.bar.isHidden()
    page.use_choice()
    assert draft.get("method") == {"key": "at"}


@pytest.mark.parametrize("key", ["kd", "fitnet", "at", "ab", "ft", "ofd"])
def test_every_method_made_of_parts_is_a_starting_point(open_page: OpenPage, key: str) -> None:
    page = open_page()
    page.list.point_at(key)
    part = compose(page)
    assert part.composer.info is not None
    assert part.composer.info.published
    assert all(chosen(page).values())
    assert part.composer.loss.text().startswith("L = ")


def test_a_method_that_is_not_made_of_parts_says_so_and_the_wish_to_compose_is_remembered(open_page: OpenPage) -> None:
    page = open_page()
    part = compose(page)
    page.list.point_at("crd")
    assert not part.is_composing
    assert not part.mode.segment("compose").isEnabled()
    assert part.mode.segment("compose").toolTip() == "It is not made of the parts of the bench."
    page.list.point_at("at")
    assert part.is_composing


def test_settings_that_leave_the_parts_are_said(open_page: OpenPage, draft: ExperimentDraft) -> None:
    draft.load({**PICKED, "method": {"key": "ab", "settings": {"distance": "l1"}}})
    page = open_page()
    part = compose(page)
    assert not part.composer.isEnabled()
    assert page.hint.text() == "With these settings it is not made of the parts of the bench."
    assert not page.use.isEnabled()
    page.list.point_at("at")
    assert part.composer.isEnabled()
    assert page.use.isEnabled()


def test_without_a_teacher_nothing_can_be_composed(open_page: OpenPage, draft: ExperimentDraft) -> None:
    draft.put_back("teacher.key")
    page = open_page()
    page.list.point_at("composed")
    assert not composer_page(page).is_composing
    assert not page.use.isEnabled()
    assert "teacher" in page.use.toolTip()


# --- picking ----------------------------------------------------------------------------------------------------------


def test_changing_a_part_makes_it_ones_own(qtbot: QtBot, open_page: OpenPage) -> None:
    page = open_page()
    part = compose(page)
    click(qtbot, page, "distance", "l1")
    assert there(page.list.current).key == "composed"
    assert part.is_own
    assert part.bar.isVisible()
    assert chosen(page)["distance"] == "l1"
    assert page.hint.text() == "Your own, made from Attention transfer."
    page.list.point_at("at")
    assert chosen(page)["distance"] == "l2"
    page.list.point_at("composed")
    assert chosen(page)["distance"] == "l1"


def test_the_formula_and_the_drawing_follow_every_pick(qtbot: QtBot, open_page: OpenPage) -> None:
    page = open_page()
    part = compose(page)
    assert "(A(tₗ) − A(sₗ))²" in part.composer.loss.text()
    click(qtbot, page, "distance", "l1")
    assert "|A(tₗ) − A(sₗ)|" in part.composer.loss.text()
    assert part.composer.drawing.accessibleName().endswith(", L1")
    click(qtbot, page, "position", "neurons")
    click(qtbot, page, "teacher_side", "on_off")
    assert chosen(page) == {**PARTS, "student_side": chosen(page)["student_side"]}
    assert "ρ(tₗ)" in part.composer.loss.text()
    assert "ρ is 1 where the teacher's neuron is on" in part.composer.notes.text()


def test_what_does_not_fit_is_off_and_says_why(open_page: OpenPage) -> None:
    page = open_page()
    part = compose(page)
    side = part.composer.pickers["student_side"].radio("as_is")
    assert not side.isEnabled()
    assert side.accessibleName() == "As they are. 4 channels against 8"
    flow = part.composer.pickers["teacher_side"].radio("softened")
    assert flow.accessibleName().endswith("not at this place")


def test_only_the_settings_the_parts_read_are_shown(qtbot: QtBot, open_page: OpenPage) -> None:
    page = open_page()
    part = compose(page)
    shown = {field.path.removeprefix("method.settings.") for field in part.composer.form.fields}
    assert {"map", "weight", "layers"} <= shown
    assert not shown & {"margin", "ratio", "temperature", "layer", "transfer_share", "name", "position"}
    click(qtbot, page, "position", "layer")
    shown = {field.path.removeprefix("method.settings.") for field in part.composer.form.fields}
    assert "layer" in shown
    assert "layers" not in shown


def test_a_setting_changes_the_loss_and_is_used(open_page: OpenPage, draft: ExperimentDraft) -> None:
    page = open_page()
    part = compose(page)
    fill_in(part.composer.form, "method.settings.weight", "250.0")
    assert part.composer.loss.text().startswith("L = 250 ")
    page.use_choice()
    assert draft.get("method.key") == "composed"
    assert draft.get("method.settings.weight") == 250.0


def test_two_stages_with_soft_targets_in_the_second(open_page: OpenPage, draft: ExperimentDraft) -> None:
    page = open_page()
    part = compose(page)
    assert part.composer.stages.labels_as_well.isHidden()
    part.composer.stages.choice.choose("two")
    assert part.composer.stages.band.accessibleName() == "transfer: 12 epochs, classify: 48 epochs"
    assert part.composer.stages.beside.text() == "Soft targets in the second stage"
    part.composer.stages.beside.click()
    part.composer.stages.labels_as_well.click()
    page.use_choice()
    method = draft.experiments()[0].method
    assert (method.settings["stages"], method.settings["labels_as_well"]) == ("two", True)
    assert [also.key for also in method.also] == ["kd"]


def test_soft_targets_of_a_named_method_come_with_its_parts_and_can_be_taken_away(
    open_page: OpenPage, draft: ExperimentDraft
) -> None:
    page = open_page()
    page.list.point_at("ab")
    part = compose(page)
    assert part.composer.stages.beside.isChecked()
    assert part.composer.stages.choice.current == "two"
    part.composer.stages.beside.click()
    page.use_choice()
    assert draft.get("method.key") == "composed"
    assert not draft.get("method.also")


def test_picks_made_while_an_answer_is_awaited_are_not_lost(qtbot: QtBot, open_page: OpenPage) -> None:
    worker = LaterJobs()
    page = open_page(worker.submit)
    worker.work()
    compose(page)
    worker.work()
    click(qtbot, page, "distance", "l1")
    click(qtbot, page, "teacher_side", "as_is")
    assert composer_page(page).problem(), "what was picked is not known yet"
    worker.work()
    assert chosen(page)["teacher_side"] == "as_is"
    assert chosen(page)["distance"] == "l1"
    assert page.use.isEnabled()


def test_by_keyboard(qtbot: QtBot, open_page: OpenPage) -> None:
    page = open_page()
    part = compose(page)
    radio = part.composer.pickers["distance"].radio("l2")
    page.activateWindow()
    radio.setFocus()
    qtbot.waitUntil(radio.hasFocus)
    qtbot.keyClick(radio, Qt.Key.Key_Down)
    assert chosen(page)["distance"] == "l1"


# --- saving ----------------------------------------------------------------------------------------------------------


def save_as(part: ComposerPage, name: str) -> None:
    part.bar.name.setText(name)
    part.bar.name.textEdited.emit(name)
    part.bar.save.click()


def test_a_method_is_saved_listed_and_used_like_any_other(
    qtbot: QtBot, open_page: OpenPage, draft: ExperimentDraft, own: SavedMethods
) -> None:
    page = open_page()
    part = compose(page)
    click(qtbot, page, "distance", "l1")
    save_as(part, "Maps by L1")
    assert there(page.list.current).key == "own:Maps by L1"
    assert yours(page) == ["Maps by L1"]
    assert own.named("maps by l1").settings["distance"] == "l1"
    page.use_choice()
    assert draft.get("method.key") == "composed"
    assert draft.experiments()[0].method.title == "Maps by L1"
    again = open_page()
    assert there(again.list.current).key == "own:Maps by L1"
    assert composer_page(again).is_composing


def test_a_name_that_is_taken_is_replaced_only_when_said_twice(
    qtbot: QtBot, open_page: OpenPage, own: SavedMethods
) -> None:
    own.save("Mine", MINE)
    page = open_page()
    part = compose(page)
    click(qtbot, page, "distance", "l1")
    save_as(part, "mine")
    assert "There is a method called “Mine” already." in part.bar.message.text()
    assert own.named("Mine").settings["distance"] == "marginal"
    assert part.bar.save.text() == "Replace it"
    part.bar.save.click()
    assert own.named("mine").settings["distance"] == "l1"


def test_changes_to_a_saved_method_are_saved_under_its_name(
    qtbot: QtBot, open_page: OpenPage, own: SavedMethods
) -> None:
    own.save("Mine", MINE)
    page = open_page()
    page.list.point_at("own:Mine")
    part = composer_page(page)
    click(qtbot, page, "teacher_side", "margin")
    assert there(page.list.current).key == "own:Mine"
    assert part.bar.save.text() == "Save changes"
    part.bar.save.click()
    assert own.named("Mine").settings["teacher_side"] == "margin"
    assert there(page.list.current).key == "own:Mine"


def test_renaming_and_deleting(open_page: OpenPage, own: SavedMethods) -> None:
    own.save("Mine", MINE)
    page = open_page()
    page.list.point_at("own:Mine")
    bar = composer_page(page).bar
    bar.name.setText("Ours")
    bar.name.textEdited.emit("Ours")
    bar.rename.click()
    assert yours(page) == ["Ours"]
    assert there(page.list.current).key == "own:Ours"
    bar.delete.click()
    assert yours(page) == []
    assert own.all() == []


def test_renaming_and_deleting_by_keyboard(qtbot: QtBot, open_page: OpenPage, own: SavedMethods) -> None:
    own.save("Mine", MINE)
    page = open_page()
    page.activateWindow()
    page.list.point_at("own:Mine")
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_F2)
    name = composer_page(page).bar.name
    qtbot.waitUntil(name.hasFocus)
    qtbot.keyClicks(name, "Ours")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert yours(page) == ["Ours"]
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)
    assert own.all() == []
    page.list.point_at("at")
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)  # of the catalogue nothing is deleted
    assert there(page.list.current).key == "at"


def test_a_broken_file_is_listed_with_its_reason_and_can_only_be_deleted(
    open_page: OpenPage, own: SavedMethods, tmp_path: Path
) -> None:
    own.save("Mine", MINE)
    (tmp_path / "methods" / "torn.toml").write_text("[method")
    page = open_page()
    assert yours(page) == ["Mine", "torn"]
    page.list.point_at("own:torn")
    assert not page.use.isEnabled()
    assert "not valid TOML" in page.use.toolTip()
    bar = composer_page(page).bar
    assert not bar.save.isEnabled()
    assert bar.rename.isHidden()
    bar.delete.click()
    assert yours(page) == ["Mine"]


def test_a_saved_method_that_is_not_made_of_parts_is_used_with_its_settings(
    open_page: OpenPage, draft: ExperimentDraft, own: SavedMethods
) -> None:
    own.save("Hot", {"key": "kd", "settings": {"temperature": 9.0}})
    page = open_page()
    page.list.point_at("own:Hot")
    page.use_choice()
    assert draft.get("method") == {"key": "kd", "settings": {"temperature": 9.0}}


def test_a_saved_method_that_does_not_fit_the_pair_opens_in_the_composer_to_be_mended(
    qtbot: QtBot, open_page: OpenPage, draft: ExperimentDraft, own: SavedMethods
) -> None:
    own.save("Mine", {"key": "composed", "settings": {"student_side": "as_is"}})
    page = open_page()
    page.list.point_at("own:Mine")
    assert composer_page(page).is_composing
    assert not page.use.isEnabled()
    assert "channels against" in page.hint.text()
    click(qtbot, page, "student_side", "conv")
    assert page.use.isEnabled()
    page.use_choice()
    assert draft.get("method.settings.student_side") == "conv"


# --- beside the composer -------------------------------------------------------------------------------------------------


def test_the_named_methods_are_compared_by_their_aspects_one_click_away(open_page: OpenPage) -> None:
    page = open_page()
    part = compose(page)
    link = next(each for each in part.findChildren(QPushButton) if each.text() == "Compare with the named methods")
    link.click()
    table = there(part.findChild(AspectsTable))
    model = table.model()
    heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert heads == ["Method", "Where", "Teacher’s side", "Student’s side", "Distance", "What is lost"]
    rows = [[model.index(row, column).data() for column in range(6)] for row in range(model.rowCount())]
    assert ["Attention transfer", "end of group", "attention map", "attention map", "L2", "channels"] in rows
    row = next(row for row, cells in enumerate(rows) if cells[0] == "Activation boundary")
    table.activated.emit(model.index(row, 0))
    assert there(page.list.current).key == "ab"


@pytest.mark.parametrize("width", [772, 1136])
def test_nothing_is_cut_off_in_a_small_window_or_a_usual_one(
    qtbot: QtBot, open_page: OpenPage, own: SavedMethods, width: int
) -> None:
    own.save("A method with quite a long name", MINE)
    page = open_page()
    page.resize(width, 540)
    page.list.point_at("own:A method with quite a long name")
    part = composer_page(page)
    qtbot.waitUntil(lambda: part.composer.isVisible() and page.width() == width)
    viewport = there(there(part.parentWidget()).parentWidget())
    qtbot.waitUntil(lambda: part.minimumSizeHint().width() <= part.width() <= viewport.width() - 40, timeout=2000)
    rows = [there(radio.parentWidget()) for radio in part.composer.findChildren(QRadioButton)]
    qtbot.waitUntil(lambda: all(row.height() >= row.heightForWidth(row.width()) for row in rows), timeout=2000)
    assert rows
    assert all(there(row.parentWidget()).rect().contains(row.geometry()) for row in rows)
    assert page.rect().contains(page.use.geometry())
    assert part.bar.minimumSizeHint().width() <= part.bar.width()


def test_the_composer_asks_for_room_and_gives_it_back(qtbot: QtBot, open_page: OpenPage) -> None:
    page = open_page()
    with qtbot.waitSignal(page.roomed):
        compose(page)
    assert page.property("roomy")
    with qtbot.waitSignal(page.roomed):
        page.list.point_at("crd")
    assert not page.property("roomy")
