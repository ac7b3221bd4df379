"""The window over the real engine: every method trains two steps, and a run that was closed over goes on to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio import catalog
from studio.gui.controllers.main_controller import MainController
from studio.gui.presenters.composer_info import DesignAspect
from studio.gui.text.say import say
from studio.insight.network_and_data_info import cast_of
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver

catalog.load()


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def pair_for(method: str) -> tuple[str, str]:
    """A tiny pair the method can work with as it stands."""
    entry = catalog.find("method", method)
    if entry.needs.made_from_teacher:
        return "cnn-4", "recast"
    pairs = (("cnn-8", "cnn-4"), ("cnn-4", "cnn-4"))
    return next(pair for pair in pairs if entry.refusal(entry.Settings(), cast_of(*pair, (1, 8, 8), 10)) is None)


def small(main: MainController, steps: int, method: str = "kd") -> None:
    """A tiny pair on digits, two steps or a few more."""
    teacher, student = pair_for(method)
    main.window.draft.load(
        {
            "dataset": {"key": "digits", "per_class": 10},
            "teacher": {"key": teacher, "epochs": 1},
            "student": {"key": student},
            "method": {"key": method},
            "training": {"steps": steps, "batch_size": 8},
        }
    )


def test_every_method_trains_two_steps_from_the_window(driver: WindowDriver) -> None:
    """In one window, so that teachers are trained once."""
    main = driver.open(real=True)
    wrong: dict[str, str] = {}
    for method in catalog.keys("method"):
        steps = 8 if method == "recast" else 2  # it has a stage for each block
        main.run_store.tick(main.run_store.ticked, on=False)  # they are laid over each other in the end
        with driver.qtbot.waitSignal(main.window.panel.described):
            small(main, steps, method)
        with driver.qtbot.waitSignal(main.training_controller.run_ended, timeout=60_000) as settled:
            main.training_controller.train()
        info = settled.args[0]
        if info is None or info.state != "finished" or info.steps != steps or info.method != method:
            wrong[method] = main.window.panel.refusal() or main.views_page.error.accessibleName()
    assert not wrong
    driver.wait_idle()
    taught = [run.id for run in main.run_store.runs if run.role == "student" and not run.parent]
    main.run_store.tick(taught, on=True)
    for view in main.views_page.views:  # with all of them laid over each other
        main.page_router.show_view(view.key)
        driver.qtbot.wait(20)
    assert len(main.run_store.ticked) == len(catalog.keys("method"))


def test_cards_and_estimate_know_of_a_teacher_that_has_just_been_trained(driver: WindowDriver) -> None:
    main = driver.open(real=True)
    small(main, 2)
    panel = main.window.panel
    driver.wait(lambda: panel.cards["teacher"].words.endswith("trained first") and not main.background.busy)
    with driver.qtbot.waitSignal(main.training_controller.run_ended, timeout=60_000):
        main.training_controller.train()
    driver.wait(lambda: "trained here" in panel.cards["teacher"].words)
    assert "teacher included" not in say(there(panel.draft_info).estimate)


def test_a_composed_method_is_saved_and_trains(driver: WindowDriver) -> None:
    main = driver.open(real=True)
    small(main, 2, "at")
    driver.wait(lambda: not main.background.busy)
    main.window.panel.choose_requested.emit("method")
    page = driver.chooser
    driver.wait(lambda: page.list.current is not None and page.list.current.key == "at")
    composer_page = there(page.composer_page)
    composer_page.mode.segment("compose").click()
    part = composer_page.composer
    driver.wait(lambda: part.info is not None)
    picks: tuple[tuple[DesignAspect, str], ...] = (("position", "neurons"), ("teacher_side", "on_off"))
    for aspect, key in picks:
        driver.wait(part.pickers[aspect].radio(key).isEnabled)
        part.pickers[aspect].radio(key).click()
    driver.wait(lambda: part.table["settings"].get("teacher_side") == "on_off")
    composer_page.bar.name.setText("My boundaries")
    composer_page.bar.name.textEdited.emit("My boundaries")
    composer_page.bar.save.click()
    driver.wait(lambda: there(page.list.current).key == "own:My boundaries")
    driver.wait(page.use.isEnabled)
    page.use.click()
    assert main.window.draft.key("method") == "composed"
    driver.wait(lambda: main.window.panel.cards["method"].title == "My boundaries")
    with driver.qtbot.waitSignal(main.training_controller.run_ended, timeout=60_000) as settled:
        main.training_controller.train()
    (info,) = settled.args
    assert (info.state, info.steps, info.method_title) == ("finished", 2, "My boundaries")
    assert info.experiment.method.typed.teacher_side == "on_off"


def test_a_run_that_was_closed_over_goes_on_to_its_end(driver: WindowDriver) -> None:
    main = driver.open(real=True)
    small(main, 400)
    main.training_controller.train()
    driver.wait(lambda: main.run_store.asked and driver.live.history.step > 20, timeout=60_000)
    main.window.close()
    main.close_guard.stop_and_close()
    driver.wait(lambda: not main.window.isVisible(), timeout=20_000)
    left = main.workspace.run("last")
    assert left.state == "stopped"
    assert 0 < left.progress < 1

    main = driver.open(real=True)
    assert left.name in main.window.notice.words
    main.window.notice.followed.emit()
    driver.wait(lambda: main.queue.doing == "running")
    driver.wait(lambda: main.queue.doing == "idle", timeout=60_000)
    assert main.workspace.run(left.id).state == "finished"
    history = there(main.run_store.history(left.id))
    assert history.step == 400
    assert list(history.test.x) == sorted(set(history.test.x))
