"""Teacher and student chosen together: one page turns to the other, and one button uses both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.chooser.pair_choice import PairChoice, Picked
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.draft_info import Step
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.runs.store.workspace import Workspace
from tests.gui.at_hand import there
from tests.gui.fake_jobs import at_once

PICKED: dict[str, Any] = {
    "dataset": {"key": "shapes"},
    "teacher": {"key": "cnn-16", "epochs": 3},
    "student": {"key": "cnn-8"},
    "method": {"key": "fsp", "settings": {"weight": 2.0}},
}


@pytest.fixture
def draft() -> ExperimentDraft:
    return ExperimentDraft(PICKED)


Open = Callable[..., ChooserPage]


@pytest.fixture
def open_page(qtbot: QtBot, draft: ExperimentDraft, tmp_path: Path) -> Open:
    presenter = DraftPresenter(Workspace(tmp_path))

    def opened(step: Step, together: Picked | None = None) -> ChooserPage:
        page = ChooserPage(step, draft, presenter, at_once, "Learning", together=together)
        qtbot.addWidget(page)
        page.resize(1000, 700)
        page.show()
        qtbot.waitUntil(lambda: pair_of(page).is_shown)
        return page

    return opened


def pair_of(page: ChooserPage) -> PairChoice:
    return there(page.pair)


def point_at(qtbot: QtBot, page: ChooserPage, key: str) -> None:
    page.choice_search.point_anyway(key)
    qtbot.waitUntil(lambda: there(page.list.current).key == key and not page.foot.use.toolTip())


def test_one_button_uses_both_and_one_undo_takes_both_back(
    qtbot: QtBot, open_page: Open, draft: ExperimentDraft
) -> None:
    first = open_page("teacher")
    turned: list[str] = []
    first.turned.connect(turned.append)
    assert first.use.text() == "Use this pair"
    point_at(qtbot, first, "cnn-32")
    pair_of(first).switch.choose("student")
    assert turned == ["student"]
    assert draft.key("teacher") == "cnn-16"  # nothing is used yet
    second = open_page("student", first.picked())
    assert there(pair_of(second).card.pair).teacher == "Small CNN 32"
    point_at(qtbot, second, "cnn-4")
    second.use_choice()
    assert (draft.key("teacher"), draft.key("student")) == ("cnn-32", "cnn-4")
    draft.edits.undo()
    assert {name: draft.get(name) for name in PICKED} == PICKED


def test_turning_back_shows_what_was_picked_before(qtbot: QtBot, open_page: Open, draft: ExperimentDraft) -> None:
    first = open_page("teacher")
    point_at(qtbot, first, "cnn-32")
    second = open_page("student", first.picked())
    again = open_page("teacher", second.picked())
    assert there(again.list.current).key == "cnn-32"
    point_at(qtbot, again, "cnn-16")
    assert again.picked()["teacher"] == {"key": "cnn-16"}


def test_the_method_of_the_draft_is_said_to_fit_or_not_and_mended_with_the_pair(
    qtbot: QtBot, open_page: Open, draft: ExperimentDraft
) -> None:
    page = open_page("student")
    assert page.hint.text() == "Flow of solution (FSP), your method, does not fit this pair."
    assert "turn on “Bridge widths”" in page.hint.toolTip()
    assert page.use.isEnabled()
    links = [each for each in page.findChildren(QPushButton) if each.text() == "Turn on “Bridge widths”"]
    (link,) = (each for each in links if not each.isHidden())
    link.click()
    qtbot.waitUntil(lambda: page.hint.text() == "Flow of solution (FSP), your method, fits this pair.")
    assert draft.get("method") == PICKED["method"]
    page.use_choice()
    assert draft.get("method.settings") == {"weight": 2.0, "connectors": True}


def test_a_pair_has_the_room_of_help_and_runs(open_page: Open) -> None:
    assert open_page("teacher").property("roomy") is True


def test_the_switch_stands_above_the_filters_where_there_is_no_room_beside_them(qtbot: QtBot, open_page: Open) -> None:
    page = open_page("teacher")
    switch, fitting = pair_of(page).switch, page.choice_search.every
    page.resize(1200, 700)
    qtbot.waitUntil(lambda: switch.geometry().center().y() == pytest.approx(fitting.geometry().center().y(), abs=4))
    page.resize(620, 700)
    qtbot.waitUntil(lambda: switch.geometry().bottom() < fitting.geometry().top())
