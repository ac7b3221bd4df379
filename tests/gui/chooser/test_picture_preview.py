"""Own pictures before they are used: classes, counts and faults stand beside the options; a wrong folder is not used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.runs.store.workspace import Workspace
from tests.data.picture_folders import classes, save
from tests.gui.at_hand import fill_in, there
from tests.gui.fake_jobs import at_once


class Opened:
    """A chooser of data that knows the real catalogue."""

    def __init__(self, qtbot: QtBot, place: Path, dataset: dict[str, Any]) -> None:
        self.qtbot = qtbot
        self.draft = ExperimentDraft({"dataset": dataset})
        self.page = ChooserPage("data", self.draft, DraftPresenter(Workspace(place)), at_once, "Learning")
        qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        self.page.show()
        self.preview = there(self.page.preview)

    def choose(self, folder: Path) -> None:
        fill_in(self.page.options.form, "dataset.path", str(folder))

    def cells(self) -> list[list[str]]:
        model = self.preview.picture_card.classes.rows
        return [[str(model.index(row, column).data()) for column in (0, 2, 3, 4)] for row in range(model.rowCount())]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Any:
    def make(**dataset: Any) -> Opened:
        return Opened(qtbot, tmp_path / "workspace", dataset)

    return make


def test_own_data_stand_first_and_digits_are_pointed_at_all_the_same(opened: Any) -> None:
    shown = opened()
    first = [choice for choice in shown.page.list.rows.choices if choice.is_own]
    assert shown.page.list.rows.choices[: len(first)] == first
    assert {choice.key for choice in first} == {"images", "table"}
    assert not any(choice.details for choice in first), "what to name is said where it is named"
    digits = there(shown.page.list.current)
    assert digits.key == "digits"
    assert ("To learn from and to test on", "1,797") in [(str(name), value) for name, value in digits.details]


def test_nothing_can_be_used_before_a_folder_is_chosen(opened: Any) -> None:
    shown = opened(key="images")
    assert not shown.preview.isVisible()
    assert not shown.page.use.isEnabled()
    assert shown.page.hint.text().startswith("Choose a folder")


def test_a_chosen_folder_shows_its_classes_and_how_many_will_be_used(opened: Any, tmp_path: Path) -> None:
    root = tmp_path / "shelf"
    classes(root / "train", "cup", "ring", count=6)
    classes(root / "test", "cup", "ring", count=2)
    (root / "train" / "cup" / "torn.png").write_bytes(b"")
    shown = opened(key="images")
    shown.choose(root)
    shown.qtbot.waitUntil(shown.preview.isVisible)
    assert shown.cells() == [["cup", "8", "6", "2"], ["ring", "8", "6", "2"]]
    assert shown.page.use.text() == "Use these 16 pictures"
    assert shown.page.use.isEnabled()
    assert shown.page.property("roomy") is True
    card = shown.preview.picture_card
    assert "1 of 17 pictures could not be read" in card.left_out.words
    assert not card.files.isVisible()
    card.left_out.followed.emit()
    assert card.files.isVisible()
    assert "torn.png: " in card.files.toPlainText()
    card.left_out.followed.emit()
    assert not card.files.isVisible()
    assert card.values.isVisible()
    assert card.values.words.startswith("mean ")
    shown.page.use_choice()
    assert shown.draft.get("dataset") == {"key": "images", "path": str(root)}


def test_pictures_that_are_tested_with_too_can_be_left_out_of_learning_where_they_are_told(
    opened: Any, tmp_path: Path
) -> None:
    root = tmp_path / "shelf"
    for part, count in (("train", 6), ("test", 2)):
        for place, name in enumerate(("cup", "ring")):
            for i in range(count):
                save(root / part / name / f"{i}.png", colour=(i * 10, place * 200, 0))
    shown = opened(key="images")
    shown.choose(root)
    shown.qtbot.waitUntil(shown.preview.isVisible)
    card = shown.preview.picture_card
    assert card.copies.words.startswith("4 test pictures are also among those to learn from")
    card.copies.followed.emit()
    shown.qtbot.waitUntil(lambda: "left out" in card.copies.words)
    shown.page.use_choice()
    assert shown.draft.get("dataset") == {"key": "images", "path": str(root), "without_copies": True}
    card.copies.followed.emit()
    shown.qtbot.waitUntil(lambda: "also among those" in card.copies.words)
    shown.page.use_choice()
    assert shown.draft.get("dataset") == {"key": "images", "path": str(root)}


def test_a_wrong_folder_cannot_be_used_and_says_why(opened: Any, tmp_path: Path) -> None:
    classes(tmp_path / "shelf", "cup")
    shown = opened(key="images")
    shown.choose(tmp_path / "shelf")
    shown.qtbot.waitUntil(shown.preview.isVisible)
    assert not shown.page.use.isEnabled()
    assert shown.page.hint.text().startswith("Only 1 of the class folders")
    assert shown.preview.picture_card.refusal.words == shown.page.hint.text()


def test_the_card_counts_own_pictures_before_training_and_follows_the_folder(tmp_path: Path) -> None:
    root = classes(tmp_path / "shelf", "cup", "ring", count=10)
    presenter = DraftPresenter(Workspace(tmp_path / "workspace"))
    values = {
        "dataset": {"key": "images", "path": str(root)},
        "teacher": {"key": "cnn-8"},
        "student": {"key": "cnn-4"},
        "method": {"key": "kd"},
    }
    told = presenter.describe(values)
    assert str(told.cards["data"].words) == "16 pictures to learn from, 2 kinds, 32 × 32"
    assert told.cards["data"].drawing is not None
    assert told.estimate
    for i in range(10):
        save(root / "spoon" / f"{i}.png", colour=(0, 0, i * 10))
    assert str(presenter.describe(values).cards["data"].words) == "24 pictures to learn from, 3 kinds, 32 × 32"


def test_a_wrong_folder_keeps_its_name_on_the_card_and_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    told = DraftPresenter(Workspace(tmp_path / "workspace")).describe(
        {"dataset": {"key": "images", "path": str(tmp_path / "shelf")}}
    )
    assert told.cards["data"].title == "shelf"
    assert any("no class folders" in str(problem.sentence) for problem in told.problems)
