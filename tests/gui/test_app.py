"""Startup: Qt alone before the first window, and what happens to those who close it at once or break something."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QThread
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.app import Startup
from studio.gui.controllers.main_controller import MainController
from studio.gui.shell.window import Window
from studio.gui.system import lazy_imports
from studio.gui.system.override_guard import GuardedOverrides, reports
from studio.gui.system.window_settings import WindowSettings

HEAVY = ("torch", "numpy", "pyqtgraph", "pydantic", "sklearn", "studio.experiment")


@pytest.fixture
def startup(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Startup]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    window = Window(WindowSettings(tmp_path))
    qtbot.addWidget(window, before_close_func=end)
    window.show()
    yield Startup(window, tmp_path)
    gc.enable()


def end(window: Window) -> None:
    for main in window.findChildren(MainController):
        main.shut_down()
    window.may_close = lambda: True


def window_of(startup: Startup) -> Window:
    window = startup.parent()
    assert isinstance(window, Window)
    return window


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_window_needs_qt_alone(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.system.window_settings import WindowSettings
from studio.gui.shell.window import Window
app = make_app()
theme.install(app, "light")
window = Window(WindowSettings(Path({str(tmp_path)!r})))
window.show()
app.processEvents()
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    assert run(code).strip() == "[]"


def test_pyqtgraph_is_imported_with_the_first_view_only() -> None:
    code = """
import sys
import studio.gui.controllers.main_controller
from studio.gui import views
before = "pyqtgraph" in sys.modules
views.views()
print(before, "pyqtgraph" in sys.modules)
"""
    assert run(code).split() == ["False", "True"]


def test_it_can_be_used_when_everything_is_imported(qtbot: QtBot, startup: Startup) -> None:
    window = window_of(startup)
    assert not window.actions_["train"].isEnabled()
    with qtbot.waitSignal(startup.ready, timeout=20_000):
        startup.start()
    assert window.actions_["train"].isEnabled()
    assert window.welcome.cards[0].action.isEnabled()


def test_no_garbage_is_looked_for_while_it_starts(qtbot: QtBot, startup: Startup) -> None:
    found: list[str] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        found.append(phase)

    startup.start()
    gc.callbacks.append(note)
    try:
        qtbot.waitSignal(startup.ready, timeout=20_000).wait()
    finally:
        gc.callbacks.remove(note)
    assert found == []


def test_a_program_that_cannot_be_used_collects_its_garbage(
    qtbot: QtBot, startup: Startup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lazy_imports, "MODULES", ("studio.not_there",))
    startup.start()
    qtbot.waitUntil(window_of(startup).notice.isVisible)
    assert gc.isenabled()


def test_a_window_closed_at_once_leaves_no_thread(qtbot: QtBot, startup: Startup) -> None:
    startup.start()
    window_of(startup).close()
    for thread in startup.findChildren(QThread):
        thread.wait()
    qtbot.wait(20)
    assert not [thread for thread in startup.findChildren(QThread) if thread.isRunning()]


def test_an_error_of_the_program_is_said_in_the_window(
    qtbot: QtBot, startup: Startup, capsys: pytest.CaptureFixture[str]
) -> None:
    with qtbot.waitSignal(startup.ready, timeout=20_000):
        startup.start()
    main = window_of(startup).findChildren(MainController)[0]
    error = ZeroDivisionError("odd")
    sys.excepthook(ZeroDivisionError, error, None)
    qtbot.waitUntil(main.views_page.error.isVisible)
    assert "ZeroDivisionError: odd" in main.views_page.error.accessibleDescription()
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_painter_that_fails_is_said_once_with_details(
    qtbot: QtBot, startup: Startup, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The window lives; the traceback stands under the details."""
    with qtbot.waitSignal(startup.ready, timeout=20_000):
        startup.start()
    main = window_of(startup).findChildren(MainController)[0]
    page = main.views_page.error
    shown: list[str] = []
    show_error = page.show_error

    def count_and_show(what: str, *rest: Any) -> None:
        shown.append(what)
        show_error(what, *rest)

    monkeypatch.setattr(page, "show_error", count_and_show)

    class Broken(GuardedOverrides, QWidget):
        def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
            [].pop()

    reports.forget()
    broken = Broken(window_of(startup))
    for _ in range(20):
        broken.grab()
    qtbot.waitUntil(page.isVisible)
    qtbot.wait(50)
    assert len(shown) == 1
    details = page.findChildren(QPlainTextEdit)[0].toPlainText()
    assert "in paintEvent" in details
    assert "Qt had called Broken.paintEvent." in details
    assert "IndexError" in capsys.readouterr().err
    reports.forget()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no polite kill on Windows")
def test_a_polite_kill_stops_and_keeps_the_run(tmp_path: Path) -> None:
    """As when the window is closed: the run can go on afterwards."""
    experiment = tmp_path / "long.toml"
    experiment.write_text(
        '[dataset]\nkey = "digits"\n[teacher]\nkey = "cnn-4"\n[student]\nkey = "cnn-4"\n[method]\nkey = "none"\n'
        "[training]\nepochs = 5000\n",
        encoding="utf-8",
    )
    code = f"""
from pathlib import Path
from studio.gui.app import main
raise SystemExit(main(open_file=Path({str(experiment)!r}), train_at_once=True))
"""
    place = tmp_path / "workspace"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "STUDIO_WORKSPACE": str(place)}
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(place.glob("runs/*/checkpoints/*.pt")):
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    from studio.runs.store.workspace import Workspace

    run = Workspace(place).run("last")
    assert run.state == "stopped"
    assert run.resumable
