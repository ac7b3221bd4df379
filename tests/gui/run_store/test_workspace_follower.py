"""What a terminal does in the workspace shows in the window: runs begun, killed, ended, labelled and deleted there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.events import ignore_event
from studio.experiment import to_toml, validated
from studio.gui.run_store import workspace_follower
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.gui.fake_engine import FakeEngine
from tests.gui.window_driver import WindowDriver

EXPERIMENT = validated(
    {"dataset": {"key": "digits"}, "teacher": {"key": "cnn-8"}, "student": {"key": "cnn-4"}, "method": {"key": "none"}}
)
#: A run in another process, which holds it until it is told to end, or is killed.
HOLD = """
import sys
from pathlib import Path
from studio.runs.files.summary import Summary
from studio.runs.files.folder import document_bytes, write_document
from studio.runs.store.workspace import Workspace
documents = {"experiment.toml": sys.argv[2].encode(), "summary.json": document_bytes(Summary())}
with Workspace(Path(sys.argv[1])).new_run("none digits", documents) as folder:
    sys.stdin.readline()
    write_document(folder.summary, Summary(state="finished"))
"""


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WindowDriver:
    """An open window that looks often."""
    monkeypatch.setattr(workspace_follower, "EVERY_MS", 50)
    monkeypatch.setattr(workspace_follower, "SHARE", 0)
    made = WindowDriver(qtbot, tmp_path / "workspace")
    made.open()
    return made


@pytest.fixture
def other(driver: WindowDriver) -> Iterator[subprocess.Popen[str]]:
    """A terminal that trains in the same workspace."""
    command = [sys.executable, "-c", HOLD, str(driver.place), to_toml(EXPERIMENT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def states(driver: WindowDriver) -> list[str]:
    return [info.state for info in driver.main.run_store.runs]


def test_a_run_of_a_terminal_appears_and_ends(driver: WindowDriver, other: subprocess.Popen[str]) -> None:
    driver.wait(lambda: states(driver) == ["running"])
    assert driver.main.runs_dock.model.rowCount() == 1
    other.communicate("end\n")
    driver.wait(lambda: states(driver) == ["finished"])


def test_one_that_is_killed_is_interrupted(driver: WindowDriver, other: subprocess.Popen[str]) -> None:
    driver.wait(lambda: states(driver) == ["running"])
    other.kill()
    driver.wait(lambda: states(driver) == ["interrupted"])
    assert driver.main.run_store.runs[0].resumable


def test_one_that_is_deleted_elsewhere_goes(driver: WindowDriver) -> None:
    info = FakeEngine(driver.place).launch(EXPERIMENT, ignore_event, Control())
    driver.wait(lambda: states(driver) == ["finished"])
    Workspace(driver.place).delete(info.id)
    driver.wait(lambda: states(driver) == [])
    Workspace(driver.place).restore(info.id)
    driver.wait(lambda: states(driver) == ["finished"])


def test_what_has_not_changed_is_not_shown_again(driver: WindowDriver) -> None:
    FakeEngine(driver.place).launch(EXPERIMENT, ignore_event, Control())
    driver.wait(lambda: states(driver) == ["finished"])
    driver.qtbot.wait(2500)  # until nothing was written a moment ago
    driver.wait(lambda: not driver.main.background.busy)
    driver.main.run_store.refresh()
    driver.wait(lambda: not driver.main.background.busy)
    listed: list[bool] = []
    driver.main.run_store.listed.connect(lambda: listed.append(True))
    driver.main.run_store.refresh()
    driver.qtbot.wait(300)
    assert listed == []
    assert states(driver) == ["finished"]


def test_a_window_that_is_closed_looks_no_more(driver: WindowDriver) -> None:
    run_store = driver.main.run_store
    driver.shut_down()
    driver.qtbot.wait(200)
    FakeEngine(driver.place).launch(EXPERIMENT, ignore_event, Control())
    driver.qtbot.wait(200)
    assert run_store.runs == []
