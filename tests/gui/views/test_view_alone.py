"""Every view opens alone with made-up values: no engine, no window around it."""

from __future__ import annotations

import csv
import gc
import tempfile
import weakref
from functools import lru_cache
from pathlib import Path

import pytest
from pyqtgraph import GraphicsView
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QFileDialog,
    QGraphicsScene,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.core.errors import StudioError
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views import views
from studio.gui.views.base import View
from studio.gui.views.own_window import OwnWindow
from studio.gui.views.saving import CsvTable, save_csv
from studio.runs.files.history import RunHistory
from tests.gui import made_up
from tests.gui.at_hand import there
from tests.gui.fake_jobs import at_once
from tests.gui.garbage import only_new_objects
from tests.gui.made_up_answers import answered_runs
from tests.gui.made_up_compression import compression_run
from tests.gui.made_up_inspector import made_up_inspection
from tests.gui.made_up_recasting import recasting_run
from tests.gui.made_up_tree import drawable_in_full, tree_run

KINDS = views()
TIMELESS = ("tree", "compression", "try_it", "mixups", "compare")
OF_ANSWERS = ("mixups", "compare")
FOLDER = tempfile.TemporaryDirectory()


@lru_cache(maxsize=14)
def runs_for(key: str) -> tuple[ShownRun, ...]:
    if key == "generations":
        return tuple(made_up.chain_runs())
    if key == "recasting":
        return (ShownRun(recasting_run(3), current=True, method="recast"),)
    if key == "tree":
        return (tree_run(drawable_in_full()),)
    if key == "compression":
        return (compression_run(),)
    if key in OF_ANSWERS:
        return answered_runs(Path(tempfile.mkdtemp(dir=FOLDER.name)))
    return tuple(made_up.point_runs() if key == "plane" else made_up.picture_runs(readings=300))


def give_all(view: View) -> None:
    """What a window gives to a view: a worker, whom to ask, and runs it can draw."""
    view.use_background(at_once)
    view.set_inspection(made_up_inspection(Path(FOLDER.name)))
    view.set_runs(runs_for(view.key))


def colours(image: QImage) -> int:
    small = image.scaled(120, 80)
    return len({small.pixel(x, y) for x in range(small.width()) for y in range(small.height())})


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


@pytest.fixture(params=KINDS, ids=lambda kind: kind.key)
def view(request: pytest.FixtureRequest, qtbot: QtBot) -> View:
    made: View = request.param()
    qtbot.addWidget(made)
    made.resize(830, 560)
    give_all(made)
    made.show()
    for _ in range(5):
        made.refresh()
        qtbot.wait(1)
    return made


def test_views_name_themselves_and_are_told_apart() -> None:
    assert len({kind.key for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert kind.question.endswith("?")
        assert kind.title
        assert kind.how_to_read
        assert kind.help_page


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_draws_in_both_themes_and_follows_a_change(
    view: View, qtbot: QtBot, qapp: QApplication, name: theme.ThemeName
) -> None:
    theme.install(qapp, name)
    qtbot.wait(20)
    image = view.grab().toImage()
    assert colours(image) > 20
    assert image.pixelColor(2, 2) != Qt.GlobalColor.black
    surface = theme.current().color("surface")
    assert image.pixelColor(20, view.height() - 16).name() == surface.name()


@pytest.mark.parametrize(("width", "height"), [(560, 380), (1300, 760)])
def test_it_fits_every_size_of_the_centre(view: View, qtbot: QtBot, width: int, height: int) -> None:
    view.resize(width, height)
    qtbot.wait(5)
    assert (view.width(), view.height()) == (width, height)
    assert colours(view.grab().toImage()) > 20


def test_it_is_scrubbed_through_time(view: View, qtbot: QtBot) -> None:
    live = view.grab().toImage()
    view.set_moment(there(view.current).history.moments[0].step)
    view.refresh()
    assert (view.grab().toImage() == live) == (view.key in TIMELESS), (
        "what a run ended with, and answers, are of what there is now"
    )
    view.set_moment(None)
    view.refresh()
    assert view.grab().toImage() == live


def test_a_hidden_view_is_not_drawn(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in KINDS:
        hidden = kind()
        qtbot.addWidget(hidden)
        drawn: list[int] = []
        monkeypatch.setattr(hidden, "draw", lambda drawn=drawn: drawn.append(1))
        give_all(hidden)
        hidden.refresh()
        assert not drawn
        hidden.show()
        assert drawn, kind.key


def test_an_empty_view_says_why_and_offers_to_fill_it(qtbot: QtBot) -> None:
    for kind in KINDS:
        empty = kind()
        qtbot.addWidget(empty)
        empty.show()
        nothing = empty.empty_reason()
        assert nothing is not None
        assert nothing.sentence.endswith(".")
        button = next(b for b in empty.findChildren(QAbstractButton) if b.text() == nothing.action and b.isVisible())
        with qtbot.waitSignal(empty.wanted) as asked:
            button.click()
        assert asked.args == ["train"]


def test_a_run_that_has_only_begun_is_no_trouble(qtbot: QtBot) -> None:
    for kind in KINDS:
        view = kind()
        qtbot.addWidget(view)
        view.show()
        view.set_runs([ShownRun(RunHistory("new", label="New run"), current=True)])
        view.refresh()
        assert not view.grab().isNull()
        assert [shown.history.label for shown in view.runs] == ["New run"]


def test_drawing_makes_its_items_once(view: View, qtbot: QtBot) -> None:
    view.refresh()
    gc.collect()
    before = len(view.findChildren(QWidget)), sum(len(scene.items()) for scene in scenes(view))
    for step in (None, *(moment.step for moment in there(view.current).history.moments), None):
        view.set_moment(step)
        view.refresh()
    assert (len(view.findChildren(QWidget)), sum(len(scene.items()) for scene in scenes(view))) == before


def test_python_may_collect_a_view_before_qt_deletes_it(qtbot: QtBot) -> None:
    with only_new_objects():
        for kind in KINDS:
            view = kind()
            give_all(view)
            view.show()
            view.close()
            gone = weakref.ref(view)
            del view
            gc.collect()
            assert gone() is None


def scenes(view: View) -> list[QGraphicsScene]:
    return [plot.scene() for plot in view.findChildren(GraphicsView)]


def test_everything_one_can_act_on_has_a_name_and_takes_the_keyboard(view: View) -> None:
    for part in view.findChildren(QWidget):
        if isinstance(part, QAbstractButton | QAbstractSlider | QComboBox) and part.isVisible():
            if part.objectName().startswith("qt_") or there(part.parent()).objectName().startswith("qt_scrollarea"):
                continue
            assert part.accessibleName() or getattr(part, "text", str)(), part
            assert part.focusPolicy() != Qt.FocusPolicy.NoFocus, part
        elif (
            part.focusPolicy() != Qt.FocusPolicy.NoFocus
            and part.isVisible()
            and type(part).__module__.startswith("studio")
        ):
            assert part.accessibleName(), part


def test_it_saves_itself_as_picture_and_values(view: View, tmp_path: Path) -> None:
    view.export_picture(tmp_path / "view.png")
    assert colours(QImage(str(tmp_path / "view.png"))) > 20
    for i, card in enumerate(view.cards):
        card.export_csv(tmp_path / f"{i}.csv")
        with (tmp_path / f"{i}.csv").open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
        assert rows
        assert all(len(row) == len(header) for row in rows)


def test_a_file_that_cannot_be_written_is_told(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    with pytest.raises(StudioError, match="could not be written"):
        view.export_csv(tmp_path / "no such folder" / "x.csv")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no such folder" / "x"), ""))
    actions = {action.text(): action for menu in view.cards[0].findChildren(QMenu) for action in menu.actions()}
    with qtbot.waitSignal(view.trouble) as told:
        next(action for text, action in actions.items() if "CSV" in text).trigger()
    assert "x.csv" in str(told.args[0])


def test_a_save_that_is_refused_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "kept.csv"
    file.write_text("old")
    with pytest.raises(StudioError):
        save_csv(CsvTable(["a"], [[1]]), file / "below")
    assert file.read_text() == "old"


@pytest.mark.parametrize("name", ["=1+1", "+1+A1", "-A1", "@SUM(A1)", "\t=1"])
def test_no_name_in_a_table_of_values_is_a_formula(name: str, tmp_path: Path) -> None:
    file = tmp_path / "kept.csv"
    save_csv(CsvTable(["step", name], [[1, "-0.5"], [-2, name]]), file)
    with file.open(encoding="utf-8", newline="") as text:
        assert list(csv.reader(text)) == [["step", "'" + name], ["1", "-0.5"], ["-2", "'" + name]]


def test_a_window_of_its_own_is_fed_as_the_view_is(view: View, qtbot: QtBot) -> None:
    window = view.open_window()
    assert window.isVisible()
    step = there(view.current).history.moments[1].step
    view.set_moment(step)
    assert window.view.moment == step
    with qtbot.waitSignal(view.help_requested):
        window.view.help_requested.emit("page")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.wait(5)
    view.set_moment(None)  # no longer tells the window that is gone
    view.refresh()


def test_a_window_asked_for_again_comes_to_the_front_also_from_within(view: View, qtbot: QtBot) -> None:
    window = view.open_window()
    assert view.open_window() is window
    window.view.cards[0].own_window_requested.emit()
    assert window.view.findChildren(OwnWindow) == []
    assert view.findChildren(OwnWindow) == [window]
    window.view.cards[0].full_screen_requested.emit(window.view.cards[0])
    assert window.view.findChildren(OwnWindow) == []
    large = next(one for one in view.findChildren(OwnWindow) if one is not window)
    assert large.isFullScreen()
    large.close()
    window.close()
    qtbot.waitUntil(lambda: view.findChildren(OwnWindow) == [])
    assert view.open_window() is not window


def test_full_screen_shows_one_card(view: View, qtbot: QtBot) -> None:
    window = view.open_window(full_screen=True, only=0)
    assert window.isFullScreen()
    assert [card.isVisibleTo(window) for card in window.view.cards] == [i == 0 for i in range(len(view.cards))]
    window.close()
