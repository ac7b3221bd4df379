"""Whatever is opened and closed, drawn and drawn no longer, the window has as many objects afterwards as before."""

from __future__ import annotations

import gc
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pyqtgraph import GraphicsView
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from studio.events import ignore_event
from studio.experiment import validated
from studio.gui.controllers.main_controller import MainController
from studio.gui.run_store.run_histories import FEW
from studio.training.control import Control
from tests.gui.fake_engine import FakeEngine
from tests.gui.window_driver import WindowDriver

TIMES = 2


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with runs of several methods, on pictures and on points."""
    place = tmp_path_factory.mktemp("runs")
    engine = FakeEngine(place)
    for seed, (method, data, teacher, student) in enumerate(
        (
            ("kd", "digits", "cnn-8", "cnn-4"),
            ("at", "digits", "cnn-8", "cnn-4"),
            ("ab", "moons", "mlp-20-20", "mlp-8-8"),
            ("logits", "moons", "mlp-20-20", "mlp-8-8"),
        )
    ):
        values = {
            "dataset": {"key": data},
            "teacher": {"key": teacher},
            "student": {"key": student},
            "method": {"key": method},
        }
        engine.launch(validated({**values, "seed": seed}), ignore_event, Control())
    return place


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path, runs: Path) -> WindowDriver:
    place = tmp_path / "workspace"
    shutil.copytree(runs, place)
    made = WindowDriver(qtbot, place)
    main = made.open()
    made.wait(lambda: len(main.run_store.runs) == 4)
    main.page_router.show_views()
    made.wait(lambda: not main.background.busy)
    return made


def objects(driver: WindowDriver) -> Counter[str]:
    """How many there are of each kind, items of plots included."""
    for _ in range(2):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
    window = driver.window
    found = Counter(type(one).__name__ for one in window.findChildren(QObject))
    found["items of plots"] = sum(len(plot.scene().items()) for plot in window.findChildren(GraphicsView))
    found["windows"] = len(QApplication.topLevelWidgets())
    return found


def grown(driver: WindowDriver, act: Callable[[], None]) -> dict[str, int]:
    """What there is more of after some more times than after the first two."""
    act()
    act()
    before = objects(driver)
    for _ in range(TIMES):
        act()
    return dict(objects(driver) - before)


@pytest.mark.parametrize("name", ["bin", "several methods", "about", "question before closing"])
def test_a_dialog_that_was_closed_is_gone(driver: WindowDriver, name: str) -> None:
    main = driver.main
    open_it: dict[str, Callable[[], object]] = {
        "bin": main.run_actions.show_bin,
        "several methods": main.ask_methods,
        "about": main.help_controller.show_about,
        "question before closing": driver.window.close,
    }
    if name == "question before closing":
        driver.engine.seconds = 0.5
        main.training_controller.train()
        driver.wait(lambda: main.run_store.live_runs)

    def open_and_close() -> None:
        open_it[name]()
        driver.wait(lambda: any(dialog.isVisible() for dialog in driver.window.findChildren(QDialog)))
        for dialog in driver.window.findChildren(QDialog):
            dialog.close()

    more = {
        kind: count for kind, count in grown(driver, open_and_close).items() if kind.endswith(("Dialog", "MessageBox"))
    }
    assert more == {}
    driver.shut_down()


def asked(main: MainController) -> QMessageBox | None:
    """The question whether to close, while it is open."""
    return main.close_guard.question


def test_a_window_asked_to_close_twice_asks_once(driver: WindowDriver) -> None:
    main = driver.main
    driver.engine.seconds = 0.5
    main.training_controller.train()
    driver.wait(lambda: main.run_store.live_runs)
    driver.window.close()
    question = asked(main)
    driver.window.close()
    assert question is not None
    assert asked(main) is question
    question.close()
    assert asked(main) is None
    driver.shut_down()


def test_curves_of_runs_that_are_drawn_no_longer_are_gone(driver: WindowDriver) -> None:
    main = driver.main
    ids = [run.id for run in main.run_store.runs]

    def tick_in_turn() -> None:
        for run in ids:
            main.run_store.tick(ids, on=False)
            main.run_store.tick([run], on=True)
            driver.wait(lambda: not main.background.busy)
            for view in main.views_page.views:
                main.page_router.show_view(view.key)
                QApplication.processEvents()

    assert grown(driver, tick_in_turn) == {}
    driver.shut_down()


def test_pages_and_windows_of_views_leave_nothing(driver: WindowDriver) -> None:
    main = driver.main
    main.run_store.tick([run.id for run in main.run_store.runs], on=True)
    driver.wait(lambda: not main.background.busy)

    def look_around() -> None:
        for slot in ("data", "teacher", "student", "method"):
            main.page_router.show_chooser(slot)
            driver.wait(lambda: not main.background.busy)
        main.page_router.show_gallery()
        main.page_router.show_welcome()
        main.page_router.show_views()
        for view in main.views_page.views:
            view.open_window().close()

    assert grown(driver, look_around) == {}
    driver.shut_down()


def test_values_of_few_runs_that_are_drawn_no_longer_are_kept(driver: WindowDriver) -> None:
    main = driver.main
    engine = driver.engine
    first = main.run_store.runs[0].experiment
    for seed in range(FEW + 4):
        engine.launch(first.model_copy(update={"seed": 100 + seed}), ignore_event, Control())
    main.run_store.refresh()
    driver.wait(lambda: len(main.run_store.runs) == FEW + 8 and not main.background.busy)
    same_data = {run.tested_on for run in main.run_store.runs if run.experiment.dataset == first.dataset}
    ids = [run.id for run in main.run_store.runs if run.tested_on in same_data]  # no others are laid over them
    assert len(ids) == FEW + 6
    main.run_store.tick(ids, on=True)
    driver.wait(lambda: not main.background.busy)
    assert all(main.run_store.history(run) is not None for run in ids)
    main.run_store.tick(ids[1:], on=False)
    assert sum(main.run_store.history(run) is not None for run in ids) == FEW + 1
    assert main.run_store.history(ids[0]) is not None
    driver.shut_down()
