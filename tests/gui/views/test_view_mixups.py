"""The view of mix-ups: the matrix, its cells and their pictures, and what it says before there is anything."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.arrays import read_arrays
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.mixups.matrix_content import MatrixContent
from studio.gui.views.mixups.matrix_places import LARGEST, MatrixPlaces
from studio.gui.views.mixups.view import MixupsView
from studio.runs.comparison.confusion import ClassBand
from tests.gui.at_hand import there
from tests.gui.fake_jobs import at_once
from tests.gui.made_up_answers import digits_run, shown_of, with_teacher
from tests.gui.mouse_wheel import turn_wheel


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


def taught(folder: Path, share: float = 0.2) -> ShownRun:
    alone = digits_run(folder, "alone", 0.5)
    run = with_teacher(digits_run(folder, "soft", share, references={"alone": alone.id}), 0.05)
    return shown_of(run, current=True)


def opened(qtbot: QtBot, run: ShownRun, width: int = 1120, height: int = 790) -> MixupsView:
    view = MixupsView()
    qtbot.addWidget(view)
    view.use_background(at_once)
    view.resize(width, height)
    view.set_runs([run])
    view.show()
    view.refresh()
    view.refresh()
    return view


def cell_of(view: MixupsView, label: int, answer: int) -> tuple[int, int]:
    places = np.argsort(there(view.canvas.content).classes)
    return int(places[label]), int(places[answer])


def counted(run: ShownRun, name: str = "student") -> np.ndarray:
    arrays = read_arrays(there(run.info).places.predictions)
    matrix = np.zeros((10, 10), int)
    for label, logits in zip(arrays["labels"], arrays[name], strict=True):
        matrix[label, int(logits.argmax())] += 1
    return matrix


def test_cells_are_counted_by_hand_in_whatever_order(qtbot: QtBot, tmp_path: Path) -> None:
    run = taught(tmp_path)
    view = opened(qtbot, run)
    for order in (0, 1):
        view.order.setCurrentIndex(order)
        view.refresh()
        content = there(view.canvas.content)
        assert np.array_equal(content.values, counted(run)[np.ix_(content.classes, content.classes)])
    assert content.classes.tolist() == list(range(10))


def test_a_click_on_a_cell_opens_its_pictures(qtbot: QtBot, tmp_path: Path) -> None:
    run = taught(tmp_path)
    view = opened(qtbot, run)
    row, column = cell_of(view, 3, 4)
    x, y = view.canvas.places.place(row, column)
    half = view.canvas.places.cell / 2
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x + half), round(y + half)))
    assert view.canvas.selected == (row, column)
    strip = view.cell.strip
    assert len(strip.cases) == counted(run)[3, 4] > 0
    assert strip.has_pictures
    assert {(case.title, case.remark) for case in strip.cases} == {("3", "not 4")}
    assert view.cell.words.text().startswith("“3” taken for “4”: ")
    with qtbot.waitSignal(view.case_chosen) as chosen:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.place(0).center().toPoint())
    assert chosen.args == [run.history.run, strip.cases[0].row]


def test_arrow_keys_go_from_cell_to_cell_and_say_where_they_are(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, taught(tmp_path))
    view.canvas.select(2, 2)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Down)
    assert view.canvas.selected == (3, 3)
    assert "answered rightly" in view.canvas.accessibleDescription()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Left)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Home)
    assert view.canvas.selected == (3, 3)
    view.canvas.select(0, 0)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up)
    assert view.canvas.selected == (0, 0)


def test_a_difference_has_signs_and_the_colours_of_both(qtbot: QtBot, tmp_path: Path) -> None:
    run = taught(tmp_path)
    view = opened(qtbot, run)
    offered = [view.networks.itemData(i) for i in range(view.networks.count())]
    assert offered == [("student", ""), ("teacher", ""), ("alone", ""), ("student", "teacher"), ("student", "alone")]
    view.networks.setCurrentIndex(3)
    view.refresh()
    content = there(view.canvas.content)
    difference = counted(run) - counted(run, "teacher")
    assert np.array_equal(content.values, difference[np.ix_(content.classes, content.classes)])
    worst = int(np.diag(difference).argmin())
    row, column = cell_of(view, worst, worst)
    assert content.number(row, column) == f"−{-difference[worst, worst]}"
    assert content.strengths()[row, column] < 0
    assert view.legend.isVisible()
    assert f"{abs(int(np.trace(difference)))} right answers fewer" in view.sentence.text()


def test_the_commonest_mistake_is_one_click_away(qtbot: QtBot, tmp_path: Path) -> None:
    run = taught(tmp_path)
    view = opened(qtbot, run)
    wrong = counted(run) - np.diag(np.diag(counted(run)))
    assert view.mistakes.rows[0].endswith(f": {wrong.max()}")
    second = view.mistakes.model().index(1, 0)
    place = view.mistakes.visualRect(second).center()
    qtbot.mouseClick(view.mistakes.viewport(), Qt.MouseButton.LeftButton, pos=place)
    label, answer = second.data(Qt.ItemDataRole.UserRole)
    assert view.canvas.selected == cell_of(view, label, answer)


def test_gains_add_up_to_the_difference_of_right_answers(qtbot: QtBot, tmp_path: Path) -> None:
    run = taught(tmp_path)
    view = opened(qtbot, run)
    alone = read_arrays(there(run.info).folder.parent / "alone-0" / "predictions.npz")
    rights = int((alone["student"].argmax(1) == alone["labels"]).sum())
    assert sum(gain.gained for gain in view.gains.gains) == int(np.trace(counted(run))) - rights
    assert view.cards[3].title.text() == "Where does it beat alone?"


def test_while_it_runs_it_says_when_the_answers_are_there(qtbot: QtBot, tmp_path: Path) -> None:
    run = taught(tmp_path)
    run.history.state = "running"
    view = opened(qtbot, run)
    reason = there(view.empty_reason())
    assert reason.title == "No answers yet."
    assert "When this run has ended" in reason.sentence


def test_answers_that_are_gone_are_told(qtbot: QtBot, tmp_path: Path) -> None:
    run = taught(tmp_path)
    there(run.info).places.predictions.unlink()
    reason = there(opened(qtbot, run).empty_reason())
    assert reason.title == "The answers of this run are not there."
    assert reason.want == "train"


def test_its_values_are_saved(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, taught(tmp_path))
    for number, first in enumerate(("label", "row", "label", "class")):
        file = tmp_path / f"{number}.csv"
        view.cards[number].export_csv(file)
        rows = list(csv.reader(file.open(encoding="utf-8")))
        assert rows[0][0] == first
        assert len(rows) > 1


@pytest.mark.parametrize("size", [(560, 380), (765, 560), (1500, 900)])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_nothing_is_wider_than_the_view(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, size: tuple[int, int], name: theme.ThemeName
) -> None:
    theme.install(qapp, name)
    view = opened(qtbot, taught(tmp_path), *size)
    for card in view.cards:
        assert card.mapTo(view, card.rect().bottomRight()).x() <= view.width()


def hundred() -> MatrixContent:
    names = tuple(f"class {k}" for k in range(100))
    values = np.full((100, 100), 1) + 50 * np.eye(100, dtype=int)
    bands = tuple(ClassBand(f"band {n}", 5 * n, 5 * n + 5) for n in range(20))
    return MatrixContent(names, values, values.sum(1), np.arange(100), bands, Stroke())


def test_a_hundred_classes_are_all_in_sight_and_can_be_come_near(qtbot: QtBot) -> None:
    places = MatrixPlaces()
    places.show(100)
    places.resize(600, 560, 100, 100)
    assert places.is_whole
    assert places.seen() == (range(100), range(100))
    at = places.place(60, 40)
    middle = (at[0] + places.cell / 2, at[1] + places.cell / 2)
    assert places.cell_at(*middle) == (60, 40)
    while places.zoom_by(1.25, middle):
        pass
    assert places.cell == pytest.approx(LARGEST)
    assert places.cell_at(*middle) == (60, 40), "what was under the pointer stays there"
    rows, columns = places.seen()
    assert 60 in rows
    assert 40 in columns
    assert len(rows) < 12
    places.bring_in(0, 99)
    assert 0 in places.seen()[0]
    assert 99 in places.seen()[1]
    places.show_all()
    assert places.is_whole


def test_wheel_keys_and_buttons_zoom_and_0_shows_all(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, taught(tmp_path))
    view.canvas.show_content(hundred())
    whole = view.canvas.places.cell
    qtbot.keyClick(view.canvas, Qt.Key.Key_Plus)
    nearer = view.canvas.places.cell
    assert nearer > whole
    turn_wheel(view.canvas)
    assert view.canvas.places.cell > nearer
    qtbot.keyClick(view.canvas, Qt.Key.Key_0)
    assert view.canvas.places.cell == pytest.approx(whole)
    view.canvas.grab()


def test_the_pointer_reads_a_cell_out(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, taught(tmp_path))
    x, y = view.canvas.places.place(1, 1)
    half = view.canvas.places.cell / 2
    qtbot.mouseMove(view.canvas, QPoint(round(x + half), round(y + half)))
    assert "answered rightly" in view.sentence.text()


def test_a_student_alone_has_one_matrix_and_no_gain(qtbot: QtBot, tmp_path: Path) -> None:
    run = shown_of(replace(digits_run(tmp_path, "none", 0.3)), current=True)
    view = opened(qtbot, run)
    assert view.networks.count() == 1
    assert not view.cards[3].isVisible()
