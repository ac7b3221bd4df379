"""A run that trains is asked through the window: it answers, and learns as if nobody had asked."""

from __future__ import annotations

from pathlib import Path

import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from studio import catalog
from studio.gui.controllers.main_controller import MainController
from studio.gui.views.attention.view import AttentionView
from studio.gui.views.base import View
from studio.gui.views.try_it.view import TryItView
from studio.networks.files import load_network
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver

catalog.load()


def shown(main: MainController, kind: type[View]) -> View:
    view = next(view for view in main.views_page.views if isinstance(view, kind))
    main.page_router.show_view(view.key)
    return view


def weights(info: RunInfo) -> dict[str, torch.Tensor]:
    return dict(load_network(info.places.student).state_dict())


def test_a_click_in_try_it_asks_the_network_that_trains_and_changes_none_of_its_numbers(
    qtbot: QtBot, tmp_path: Path
) -> None:
    driver = WindowDriver(qtbot, tmp_path / "workspace")
    main = driver.open(real=True)
    main.window.draft.load(
        {
            "dataset": {"key": "digits", "per_class": 10},
            "teacher": {"key": "cnn-8", "epochs": 1},
            "student": {"key": "cnn-4"},
            "method": {"key": "kd"},
            "training": {"steps": 120, "batch_size": 8},
        }
    )
    main.training_controller.train()
    driver.wait(lambda: main.run_store.asked and driver.live.history.step > 5, timeout=60_000)
    tried = shown(main, TryItView)
    assert isinstance(tried, TryItView)
    student = tried.columns["student"]
    driver.wait(lambda: "as it is at this step" in student.facts.text(), timeout=30_000)
    main.queue.pause()  # it answers then as well, and the run does not end meanwhile
    qtbot.mouseClick(tried.panel.next, Qt.MouseButton.LeftButton)
    driver.wait(lambda: "Number 2 of" in tried.panel.words.text(), timeout=30_000)
    qtbot.mouseClick(tried.maps.what.segment("grad_cam"), Qt.MouseButton.LeftButton)
    driver.wait(lambda: not main.inspection.waits(f"{id(tried)} trial"), timeout=30_000)
    assert "as it is at this step" in student.facts.text()
    assert not student.map.pixmap().isNull()
    looked = shown(main, AttentionView)
    assert isinstance(looked, AttentionView)
    QGuiApplication.clipboard().setPixmap(tried.panel.canvas.grab())
    qtbot.keyClick(looked, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: there(looked.table.content).captions[0].label == "Your picture", timeout=30_000)
    main.queue.resume()
    driver.wait(lambda: main.queue.doing == "idle", timeout=120_000)

    asked = main.workspace.run("last")
    assert asked.state == "finished"
    quiet = launch(asked.experiment, Workspace(tmp_path / "quiet"))
    expected = weights(quiet)
    assert all(torch.equal(value, expected[name]) for name, value in weights(asked).items())
    assert there(asked.test_accuracy) == quiet.test_accuracy
