"""The view of a tree: what a node says, how one goes through it, what it saves, and what it says where there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.message import text
from studio.events import ItemDone
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.presenters.tree_reading import CasesTried, RowsToFollow, TreeOfRun
from studio.gui.views.tree.tree_canvas import TreeCanvas
from studio.gui.views.tree.tree_places import TreePlaces
from studio.gui.views.tree.view import TreeView
from studio.gui.widgets.scrolling import SidewaysArea
from studio.runs.files.history import Reference, RunHistory
from studio.runs.run_info import RunInfo
from tests.gui.at_hand import there
from tests.gui.drawn_texts import drawn_texts
from tests.gui.made_up import picture_runs
from tests.gui.made_up_tree import drawable, grown, tree_run
from tests.gui.mouse_wheel import turn_wheel


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


def opened(qtbot: QtBot, run: ShownRun | None = None, width: int = 860, height: int = 620) -> TreeView:
    view = TreeView()
    qtbot.addWidget(view)
    view.resize(width, height)
    view.set_runs([run or tree_run()])
    view.show()
    view.refresh()
    return view


def test_the_largest_leaf_is_chosen_first_and_says_its_rule(qtbot: QtBot) -> None:
    view = opened(qtbot)
    panel = view.panel
    assert panel.rule.text() == "If size is 4 or less,"
    assert panel.answer.text() == "then plum"
    assert panel.cases.text() == "12 made-up cases, 50.0 % of all"
    assert panel.case_errors.text() == "The teacher says so of all of them."
    assert panel.rows.text() == "13 rows to learn from"
    assert panel.row_bars.accessibleDescription() == "plum: 12, apple: 1"
    assert panel.row_errors.text() == "The tree’s one error on these rows is made here."


def test_arrow_keys_go_from_question_to_answer_and_along_a_level(qtbot: QtBot) -> None:
    view = opened(qtbot)
    canvas, panel = view.canvas, view.panel
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    assert canvas.selected == 0
    assert panel.rule.text() == "All cases come here."
    assert panel.answer.text() == "asks next about size"
    assert panel.row_errors.isHidden()
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert panel.answer.text() == "asks next about colour"
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert "colour" in panel.rule.text()
    selected = canvas.selected
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.selected == selected, "below a leaf there is nothing"
    assert canvas.accessibleDescription().startswith("Says ")


def test_a_click_chooses_and_a_drag_does_not(qtbot: QtBot) -> None:
    view = opened(qtbot)
    canvas = view.canvas
    root = QPointF(*there(canvas.places).centres[0]).toPoint()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=root)
    assert canvas.selected == 0
    leaf = QPointF(*there(canvas.places).centres[1]).toPoint()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=leaf + QPoint(30, 0))
    qtbot.mouseMove(canvas, leaf)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=leaf)
    assert canvas.selected == 0


def test_keys_and_wheel_zoom_and_0_shows_all(qtbot: QtBot) -> None:
    view = opened(qtbot)
    canvas = view.canvas
    canvas.resize(200, 80)
    places = there(canvas.places)
    before = places.centres.copy()
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert places.zoom > 1
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert places.zoom == 1
    _wheel(canvas, 240)
    assert places.zoom > 1
    lay, selected = places.centres.copy(), canvas.selected
    qtbot.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert (places.centres[:, 1] >= lay[:, 1]).all()
    assert canvas.selected == selected, "moving chooses nothing"
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert places.zoom == 1
    assert places.centres == pytest.approx(before)


def _wheel(canvas: TreeCanvas, turned: int) -> None:
    turn_wheel(canvas, turned, QPointF(50, 40))


def test_what_lies_under_the_pointer_stays_there_and_no_end_comes_inside() -> None:
    places = TreePlaces(drawable())
    places.resize(120, 60)
    while places.zoom_by(1.25, (60.0, 30.0)):
        pass
    assert places.zoom == pytest.approx(places.most)
    x, y = places.centres[1]
    places.zoom_by(0.9, (float(x), float(y)))
    assert abs(places.centres[1][0] - x) < 40
    places.move_by(10_000, 10_000)
    assert places.centres[:, 0].min() < 120
    places.move_by(-10_000, -10_000)
    assert places.centres[:, 0].max() > 0


def test_levels_and_the_kept_size_are_told_beside_the_tree(qtbot: QtBot) -> None:
    view = opened(qtbot)
    assert not view.cards[2].isHidden()
    told = view.sizes.accessibleDescription()
    assert told == "The tree that was kept has 3 leaves and errs on 10.0 %. Plain tree 20.0 %. Its teacher 5.0 %."
    assert view._sizes_table().rows[2] == [3, 0.1, 1]


def test_what_has_no_values_is_left_out(qtbot: QtBot) -> None:
    plain = drawable(made_up=False, sizes=False)
    view = opened(qtbot, tree_run(type(plain)(plain.tree, plain.places)))
    assert view.cards[2].isHidden()
    assert view.panel.rows.isHidden()
    assert view.panel.cases.text() == "12 rows, 50.0 % of all"


def test_it_saves_the_tree_as_its_name_says(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot)
    for suffix, found in ((".txt", "size ≤ 4: plum"), (".svg", "<svg"), (".py", "def "), (".json", '"columns"')):
        view.saver.save(tmp_path / f"tree{suffix}")
        assert found in (tmp_path / f"tree{suffix}").read_text(encoding="utf-8")
    with qtbot.waitSignal(view.trouble) as told:
        view.saver.save(tmp_path / "tree.docx")
    assert ".docx" in str(told.args[0])
    with qtbot.waitSignal(view.trouble):
        view.saver.save(tmp_path / "no such folder" / "tree.txt")


def test_without_a_tree_it_says_what_would_fill_it(qtbot: QtBot) -> None:
    view = opened(qtbot, picture_runs(readings=20)[1])
    assert not view.is_useful()
    assert there(view.empty_reason()).title in ("No tree is ticked.", "No tree yet.")


def test_while_a_tree_grows_it_says_how_far_it_is(qtbot: QtBot) -> None:
    history = RunHistory("growing", label="Born-again tree")
    view = opened(qtbot, ShownRun(history, current=True))
    assert there(view.empty_reason()).title == "No tree yet."
    history.handle_event(ItemDone(step=3, item=3, items=24, words=text("{n} questions.", n=40)))
    assert there(view.empty_reason()).sentence.endswith(" 40 questions.")


def test_a_tree_that_cannot_be_read_is_told(qtbot: QtBot) -> None:
    whole = tree_run()
    view = opened(qtbot, ShownRun(whole.history, current=True, tree=TreeOfRun(problem=text("Its file is damaged."))))
    assert view.is_useful()
    assert there(view.empty_reason()).sentence == "Its file is damaged."


@pytest.mark.parametrize("classes", [5, 40])
def test_many_classes_are_told_apart_and_counted(qtbot: QtBot, classes: int) -> None:
    names = ("plum", "apple", *(f"fruit {n}" for n in range(classes - 2)))
    tree = grown(names)
    view = opened(qtbot, tree_run(drawable(tree)))
    assert not view.grab().isNull()
    assert len(view.panel.case_bars._counts) == min(classes, 8)


def test_a_row_is_followed_to_its_leaf_in_words(qtbot: QtBot) -> None:
    plain = drawable()
    rows = np.array([[2.0, 0.0], [7.0, 2.0]])
    view = opened(qtbot, tree_run(replace(plain, followed=RowsToFollow(rows, np.array([0, 0])))))
    follower = view.follower
    assert follower.way.isHidden()
    follower.number.setValue(2)
    assert follower.way.text().splitlines() == ["size 7: ≥ 5", "colour blue colour: red, blue colour"]
    assert follower.end.text() == "ends as apple, but is plum"
    assert view.canvas.selected == plain.way_to(view.canvas.selected)[-1]
    follower.number.setValue(1)
    assert follower.way.text() == "size 2: ≤ 4"
    assert follower.end.text() == "ends as plum, which is right"


def test_errors_by_made_up_cases_join_those_of_other_runs(qtbot: QtBot) -> None:
    tried = CasesTried(np.array([100.0, 400.0]), np.array([0.3, 0.1]))
    first = tree_run(replace(drawable(), cases_tried=tried))
    other = replace(tree_run(replace(drawable(), cases_tried=tried)), color_index=3, current=False)
    view = opened(qtbot, first)
    view.set_runs([first, other])
    view.refresh()
    assert [line.color_index for line in view.cases.content.lines] == [0, 3]
    assert list(view.cases.content.lines[0].sizes) == [100, 400]
    assert view.cases.content.lines[0].chosen == 1
    assert "400 made-up cases it errs on 10.0 %" in view.cases.accessibleDescription()


def test_our_errors_stand_above_those_of_the_deck(qtbot: QtBot) -> None:
    content = there(opened(qtbot).reported.content)
    assert content.columns == ("born again", "plain", "less", "many")
    assert [round(value or 0, 6) for value in content.own.values] == [10, 20, 50, 5]
    assert content.others[0].name == "breast cancer"
    assert content.others[0].cells == ("3.9", "5.9", "34", "3.0")


@pytest.mark.parametrize(("width", "scale"), [(430, 1.0), (860, 1.0), (1000, 1.0), (430, 2.0)])
def test_what_was_reported_is_never_cut(width: int, scale: float, qtbot: QtBot, qapp: QApplication) -> None:
    theme.set_text_scale(qapp, scale)
    try:
        view = opened(qtbot, width=width)
        QApplication.processEvents()  # the cards are laid out
        grid, area = view.reported, there(view.cards[4].findChild(SidewaysArea))
        content = there(grid.content)
        names = [row.name for row in (content.own, *content.others)]
        drawn = [text.words for text in drawn_texts(grid)]
        assert {*names, *content.columns, *content.own.cells} <= set(drawn)
        scrolls = grid.width() > area.viewport().width()
        assert scrolls == (scale == 2.0), "there is room for it at the usual size of text"
        assert (area.focusPolicy() == Qt.FocusPolicy.StrongFocus) == scrolls
        assert area.viewport().height() >= grid.minimumHeight(), "the bar lies over no row"
    finally:
        theme.set_text_scale(qapp, 1.0)


def of_seed(seed: int, alone: float, wrong: float = 0.1) -> ShownRun:
    """One of several seeds of a tree, each beside a plain tree of its own and all beside one teacher."""
    tried = CasesTried(np.array([100.0, 400.0]), np.array([0.3, wrong]))
    made = replace(drawable(), cases_tried=tried)
    assert made.sizes is not None
    sizes = replace(made.sizes, wrong=np.array([0.4, 0.2, wrong, 0.12]))
    run = tree_run(replace(made, sizes=sizes))
    run.history.alone = Reference(alone)
    info = RunInfo(f"seed-{seed}", Path("nowhere"), seed=seed, state="finished")
    return replace(run, color_index=seed, current=seed == 0, group="trees", info=info)


def test_seeds_that_are_ticked_together_are_compared_with_the_mean_of_their_plain_trees(qtbot: QtBot) -> None:
    view = opened(qtbot)
    view.set_runs([of_seed(0, 0.8, 0.10), of_seed(1, 0.7, 0.12), of_seed(2, 0.75, 0.14)])
    view.refresh()
    assert [level.label for level in view.cases.content.levels] == [
        "Plain tree, 3 seeds 25.0 %",
        "Teacher, 3 seeds 5.0 %",
    ]
    assert [level.label for level in view.sizes.content.levels] == ["Plain tree 20.0 %", "Its teacher 5.0 %"], (
        "one tree"
    )
    own = there(view.reported.content).own
    assert "mean of 3 seeds" in view.cards[4].accessibleDescription()
    assert [round(value or 0, 6) for value in own.values] == [12, 25, 52, 5]
    view.set_runs([of_seed(0, 0.8)])
    view.refresh()
    assert "seeds" not in view.cards[4].accessibleDescription()
