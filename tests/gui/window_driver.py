"""A window with everything behind it but the real engine, for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.controllers.main_controller import MainController
from studio.gui.run_store.live_runs import LiveRun
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings
from tests.gui.fake_engine import FakeEngine


class WindowDriver:
    """A window over a workspace; ``open`` opens it, again after ``close``."""

    def __init__(self, qtbot: QtBot, place: Path, seconds: float = 0.0) -> None:
        self.qtbot, self.place = qtbot, place
        self.engine = FakeEngine(place, seconds)
        self._main: MainController | None = None

    @property
    def main(self) -> MainController:
        assert self._main is not None
        return self._main

    @property
    def window(self) -> Window:
        return self.main.window

    def open(self, width: int = 1440, height: int = 900, real: bool = False, **wishes: Any) -> MainController:
        window = Window(WindowSettings(self.place))
        window.resize(width, height)
        self.qtbot.addWidget(window, before_close_func=self._let_go)
        window.show()
        self._main = MainController(window, self.place, None if real else self.engine)
        self._main.start(**wishes)
        self.wait(lambda: window.panel.draft_info is not None and self.main.views_page.views)
        self.wait(lambda: not self.main.background.busy)
        return self._main

    def close(self) -> None:
        """Close the window and let everything behind it end."""
        self.window.close()
        self.shut_down()

    def shut_down(self) -> None:
        if self._main is not None:
            self._main.shut_down()

    @staticmethod
    def _let_go(window: Window) -> None:
        """At the end of a test nobody is asked."""
        for main in window.findChildren(MainController):
            main.shut_down()
        window.may_close = lambda: True

    @property
    def chooser(self) -> ChooserPage:
        """The page on which something is chosen, which must be open."""
        chooser = self.main.page_router.chooser
        assert chooser is not None
        return chooser

    @property
    def live(self) -> LiveRun:
        """The run that was asked for, which must be training."""
        live = self.main.run_store.live(self.main.run_store.asked)
        assert live is not None
        return live

    def wait(self, condition: Callable[[], object], timeout: int = 30_000) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)

    def wait_idle(self) -> None:
        """Until nothing trains and the list of runs is up to date."""
        self.wait(lambda: self.main.queue.doing == "idle" and not self.main.queue.waiting)
        self.wait(lambda: not self.main.background.busy)

    @property
    def status(self) -> str:
        """What the bar on top says."""
        return self.window.top_bar.phase.words.text()
