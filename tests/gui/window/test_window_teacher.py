"""A teacher that is the student of an earlier run, through the window: its network comes with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.events import ignore_event
from studio.experiment import validated
from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.chooser.teacher_options import TeacherOptions
from studio.gui.text.say import say
from studio.runs.run_info import RunInfo
from studio.training.control import Control
from tests.gui.window_driver import WindowDriver

PAIR = {"dataset": {"key": "digits", "per_class": 10}, "student": {"key": "cnn-4"}, "method": {"key": "at"}}


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def trained(driver: WindowDriver, network: str) -> RunInfo:
    """An earlier run that trained ``network``."""
    values = {**PAIR, "teacher": {"key": "cnn-8"}, "student": {"key": network}, "method": {"key": "none"}}
    return driver.engine.launch(validated(values), ignore_event, Control())


def open_with(driver: WindowDriver, network: str) -> RunInfo:
    """The window over a workspace with a run of ``network``; the teacher in its panels is another."""
    run = trained(driver, network)
    main = driver.open()
    main.window.draft.load({**PAIR, "teacher": {"key": "cnn-32"}})
    driver.wait(lambda: main.window.panel.cards["student"].title == "Small CNN 4")
    return run


def choose(driver: WindowDriver, run: RunInfo) -> None:
    """By clicks on the page of the teacher."""
    driver.qtbot.mouseClick(driver.window.panel.cards["teacher"], Qt.MouseButton.LeftButton)
    chooser = driver.main.page_router.chooser
    assert isinstance(chooser, ChooserPage)
    options = chooser.options
    assert isinstance(options, TeacherOptions)
    driver.wait(lambda: bool(options.runs.rows.choices) and chooser.list.current is not None)
    options.source.segment("run").click()
    options.runs.point_at(f"run:{run.id}")
    driver.qtbot.mouseClick(chooser.use, Qt.MouseButton.LeftButton)
    assert driver.main.page_router.chooser is None


def settled(driver: WindowDriver, teacher: str) -> None:
    driver.wait(lambda: driver.window.panel.cards["teacher"].title == teacher)


def test_the_panels_speak_of_the_network_of_the_run(driver: WindowDriver) -> None:
    run = open_with(driver, "cnn-16")
    panel, draft = driver.window.panel, driver.window.draft
    before, large = draft.values, panel.cards["student"].words
    choose(driver, run)
    assert draft.get("teacher") == {"key": "cnn-16", "source": f"run:{run.id}"}
    settled(driver, "Small CNN 16")
    assert "trained here" in panel.cards["teacher"].words
    assert panel.cards["student"].words != large
    assert panel.refusal() == ""
    assert panel.draft_info is not None
    assert "teacher included" not in say(panel.draft_info.estimate)
    draft.edits.undo()
    assert draft.values == before, "it is one step of undo"
    settled(driver, "Small CNN 32")
    assert panel.cards["student"].words == large


def test_what_is_trained_has_that_teacher(driver: WindowDriver) -> None:
    run = open_with(driver, "cnn-16")
    choose(driver, run)
    settled(driver, "Small CNN 16")
    driver.qtbot.mouseClick(driver.window.top_bar.train, Qt.MouseButton.LeftButton)
    driver.wait_idle()
    teacher = driver.engine.launched[-1].teacher
    assert (teacher.key, teacher.source) == ("cnn-16", f"run:{run.id}")


def test_a_method_refuses_the_network_of_the_run(driver: WindowDriver) -> None:
    run = open_with(driver, "mlp-64")
    choose(driver, run)
    settled(driver, "MLP 64")
    assert "maps" in driver.window.panel.refusal()
    assert driver.window.panel.cards["method"].note == driver.window.panel.refusal()


@pytest.mark.parametrize("name", ["whole id", "beginning", "last"])
def test_in_a_file_with_another_network_that_of_the_run_counts(driver: WindowDriver, tmp_path: Path, name: str) -> None:
    run = open_with(driver, "cnn-16")
    source = {"whole id": run.id, "beginning": run.id[:-2], "last": "last"}[name]
    file = tmp_path / "experiment.toml"
    file.write_text(
        f"""
        dataset = {{ key = "digits", per_class = 10 }}
        teacher = {{ key = "cnn-32", source = "run:{source}" }}
        student = {{ key = "cnn-4" }}
        method = {{ key = "kd" }}
        """,
        encoding="utf-8",
    )
    before = driver.window.draft.values
    driver.main.experiment_files.open(file)
    assert driver.window.draft.get("teacher") == {"key": "cnn-16", "source": f"run:{source}"}
    settled(driver, "Small CNN 16")
    driver.window.draft.edits.undo()
    assert driver.window.draft.values == before


def test_a_file_whose_run_is_gone_keeps_what_it_says(driver: WindowDriver, tmp_path: Path) -> None:
    run = open_with(driver, "cnn-16")
    file = tmp_path / "experiment.toml"
    table = f'{{ key = "cnn-8", source = "run:{run.id}" }}'
    rest = 'dataset = { key = "digits" }\nstudent = { key = "cnn-4" }\nmethod = { key = "kd" }\n'
    file.write_text(f"teacher = {table}\n{rest}", encoding="utf-8")
    driver.main.workspace.delete(run.id)
    driver.main.experiment_files.open(file)
    assert driver.window.draft.key("teacher") == "cnn-8"
    settled(driver, "Small CNN 8")


def teacher_options(driver: WindowDriver) -> TeacherOptions:
    """Of the page of the teacher, opened by a click."""
    driver.qtbot.mouseClick(driver.window.panel.cards["teacher"], Qt.MouseButton.LeftButton)
    options = driver.chooser.options
    assert isinstance(options, TeacherOptions)
    driver.wait(lambda: bool(options.runs.rows.choices) and driver.chooser.list.current is not None)
    return options


def test_several_runs_teach_together(driver: WindowDriver) -> None:
    first, second = trained(driver, "cnn-16"), open_with(driver, "cnn-8")
    driver.window.draft.pick("method", "kd")
    options = teacher_options(driver)
    options.source.segment("ensemble").click()
    driver.qtbot.mouseClick(driver.chooser.use, Qt.MouseButton.LeftButton)
    assert "Tick two runs or more" in driver.chooser.hint.text()
    members = [f"run:{run.id}" for run in (first, second)]
    options.members.tick(members)
    options.members.changed.emit()
    assert options.ticked.text() == "2 of 2 ticked"
    options.mean.segment("logits").click()
    driver.qtbot.mouseClick(driver.chooser.use, Qt.MouseButton.LeftButton)
    table = driver.window.draft.get("teacher")
    assert (table["source"], set(table["members"]), table["mean"]) == ("ensemble", set(members), "logits")
    assert table["key"].startswith("mean-logits(cnn-")
    driver.wait(lambda: "the mean answer of finished runs" in driver.window.panel.cards["teacher"].words)
    assert driver.window.panel.refusal() == ""

    options = teacher_options(driver)
    driver.wait(lambda: options.source.current == "ensemble")
    assert set(options.members.ticked) == set(members), "it is shown as it was chosen"
    assert options.mean.current == "logits"
    options.source.segment("run").click()
    assert "members" not in options.table()


def test_an_ensemble_in_a_file_has_the_networks_of_its_runs(driver: WindowDriver, tmp_path: Path) -> None:
    first, second = trained(driver, "cnn-16"), open_with(driver, "cnn-8")
    file = tmp_path / "experiment.toml"
    file.write_text(
        f"""
        dataset = {{ key = "digits", per_class = 10 }}
        teacher = {{ source = "ensemble", members = ["run:{first.id}", "run:{second.id}"] }}
        student = {{ key = "cnn-4" }}
        method = {{ key = "kd" }}
        """,
        encoding="utf-8",
    )
    driver.main.experiment_files.open(file)
    assert driver.window.draft.key("teacher") == "mean-probabilities(cnn-16+cnn-8)"
    settled(driver, "Mean of Small CNN 16, Small CNN 8")
