"""Two experiments beside each other: the number in words, what lies behind it, and what is said where there is no number."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.compare.view import CompareView
from tests.gui.fake_jobs import at_once
from tests.gui.made_up_answers import digits_run, shown_of


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


def runs_of(folder: Path, seeds: tuple[int, ...] = (0, 1, 2)) -> list[ShownRun]:
    made = [
        digits_run(folder, name, share, seed) for name, share in (("soft", 0.2), ("attention", 0.1)) for seed in seeds
    ]
    return [shown_of(info, number, current=number == 0) for number, info in enumerate(made)]


def opened(qtbot: QtBot, runs: list[ShownRun], width: int = 1120, height: int = 790) -> CompareView:
    view = CompareView()
    qtbot.addWidget(view)
    view.use_background(at_once)
    view.resize(width, height)
    view.set_runs(runs)
    view.show()
    view.refresh()
    return view


def test_the_better_side_stands_first_with_number_and_interval(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, runs_of(tmp_path))
    verdict = view.verdict
    assert verdict.names[0].text() == "attention"
    assert verdict.amount.text().endswith("points")
    assert verdict.who.text().startswith("better with attention")
    assert verdict.sure.text().endswith("3 seeds")
    assert verdict.over_pictures.text().startswith("The same networks on other pictures")
    assert verdict.chart.accessibleDescription().count("+") == 3
    assert not verdict.pickers[0].isVisible()


def test_a_run_that_has_just_begun_displaces_no_pair(qtbot: QtBot, tmp_path: Path) -> None:
    runs = runs_of(tmp_path)
    begun = replace(digits_run(tmp_path, "begun", 0.3, 0), state="running")
    view = opened(qtbot, [*(replace(run, current=False) for run in runs), shown_of(begun, 9, current=True)])
    assert {view.verdict.pickers[0].currentText(), view.verdict.pickers[1].currentText()} == {
        "soft, seed 0, 3 seeds",
        "attention, seed 0, 3 seeds",
    }
    assert view.verdict.amount.text().endswith("points")


def test_pictures_add_up_to_the_difference_and_say_what_was_answered(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, runs_of(tmp_path))
    ours, theirs = (int(count.text()) for count in view.learnt.counts)
    assert sum(gain.gained for gain in view.gains.gains) == ours - theirs
    strip = view.learnt.strips[0]
    assert strip.has_pictures
    case = strip.cases[0]
    assert case.remark == f"not {(int(case.title) + 1) % 10}"


def test_a_picture_is_chosen_by_click_and_by_key(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, runs_of(tmp_path, (0,)))
    strip = view.learnt.strips[0]
    with qtbot.waitSignal(view.case_chosen) as clicked:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.place(1).center().toPoint())
    assert clicked.args == ["attention-0", strip.cases[1].row]
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    with qtbot.waitSignal(view.case_chosen) as entered:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert entered.args == ["attention-0", strip.cases[0].row]


def test_one_seed_says_that_it_is_too_few(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, runs_of(tmp_path, (0,)))
    assert "it takes 3 seeds to say" in view.verdict.sure.text()
    assert view.curves.sure.text() == "No band: it takes 3 seeds to say."


def test_settings_that_are_alike_are_said_to_be(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, runs_of(tmp_path, (0,)))
    assert "only chance tells them apart" in view.settings.causes.text()
    assert not view.settings.warns


def test_of_three_a_person_chooses_two(qtbot: QtBot, tmp_path: Path) -> None:
    runs = [*runs_of(tmp_path, (0,)), shown_of(digits_run(tmp_path, "none", 0.4), 4)]
    view = opened(qtbot, runs)
    picker = view.verdict.pickers[1]
    assert picker.isVisible()
    picker.setCurrentIndex(picker.findData("none"))
    picker.activated.emit(picker.currentIndex())
    assert view.verdict.who.text() == "better with attention"
    assert [str(p.currentData()) for p in view.verdict.pickers] == ["attention", "none"]


def test_seeds_of_one_experiment_are_compared_with_each_other(qtbot: QtBot, tmp_path: Path) -> None:
    runs = [shown_of(digits_run(tmp_path, "soft", 0.2, seed), seed) for seed in (0, 1)]
    view = opened(qtbot, runs)
    assert {name.text() for name in view.verdict.names} == {"soft, seed 0", "soft, seed 1"}


def test_what_cannot_be_compared_says_why_in_the_place_of_the_number(qtbot: QtBot, tmp_path: Path) -> None:
    runs = [
        shown_of(digits_run(tmp_path, "soft", 0.2)),
        shown_of(digits_run(tmp_path, "other", 0.1, tested_on="another", dataset_title="MNIST"), 1),
    ]
    view = opened(qtbot, runs)
    assert view.verdict.who.text().startswith("They were tested on different data.")
    assert [card.isVisible() for card in view.cards] == [True, False, False, False, False]


def test_a_running_one_is_waited_for_and_then_compared(qtbot: QtBot, tmp_path: Path) -> None:
    ended = digits_run(tmp_path, "other", 0.1)
    from dataclasses import replace

    running = shown_of(replace(ended, state="running"), 1)
    view = opened(qtbot, [shown_of(digits_run(tmp_path, "soft", 0.2), current=True), running])
    assert "still running" in view.verdict.who.text()
    view.set_runs([shown_of(view.shown[0].info or ended, current=True), shown_of(ended, 1)])
    view.refresh()
    assert view.verdict.who.text().startswith("better with other")


def test_one_run_alone_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, [shown_of(digits_run(tmp_path, "soft", 0.2))])
    assert view.off_words() == "only one run is ticked"
    reason = view.empty_reason()
    assert reason is not None
    assert reason.title == "One run alone cannot be compared."


def test_data_that_are_no_longer_there_cost_the_pictures_alone(qtbot: QtBot, tmp_path: Path) -> None:
    runs = [
        shown_of(digits_run(tmp_path, n, s, values={"dataset": {"key": "digits", "test": 0.3}}), i)
        for i, (n, s) in enumerate((("soft", 0.2), ("at", 0.1)))
    ]
    view = opened(qtbot, runs)
    assert view.verdict.amount.text().endswith("points")
    assert "is no longer what it was" in view.learnt_words.text()
    assert not view.learnt.strips[0].has_pictures


def test_its_values_are_saved(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, runs_of(tmp_path))
    for number, first in enumerate(("first_run", "part", "epoch", "row", "class")):
        file = tmp_path / f"{number}.csv"
        view.cards[number].export_csv(file)
        rows = list(csv.reader(file.open(encoding="utf-8")))
        assert rows[0][0] == first
        assert number == 1 or len(rows) > 1


def test_it_is_saved_as_a_page_with_its_drawings(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, runs_of(tmp_path))
    view.save_page(tmp_path / "both")
    page = (tmp_path / "both.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 3
    assert view.verdict.sure.text() in page
    with qtbot.waitSignal(view.trouble):
        view.save_page(tmp_path / "no such folder" / "both.html")


@pytest.mark.parametrize("size", [(560, 380), (765, 560), (1500, 900)])
def test_nothing_is_wider_than_the_view(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    view = opened(qtbot, runs_of(tmp_path, (0,)), *size)
    for card in view.cards:
        assert card.mapTo(view, card.rect().bottomRight()).x() <= view.width()
