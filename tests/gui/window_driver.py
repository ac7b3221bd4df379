"""A window with everything behind it but the real engine, for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fake_engine import FakeEngine

from studio.gui.controllers.main_controller import MainController
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings


class WindowDriver:
    """A window over a workspace; ``open`` opens it, again after ``close``."""

    def __init__(self, qtbot, place: Path, seconds: float = 0.0) -> None:
        self.qtbot, self.place = qtbot, place
        self.engine = FakeEngine(place, seconds)
        self._work: MainController | None = None

    @property
    def work(self) -> MainController:
        assert self._work is not None
        return self._work

    @property
    def window(self) -> Window:
        return self.work.window

    def open(self, width: int = 1440, height: int = 900, real: bool = False, **wishes) -> MainController:
        window = Window(WindowSettings(self.place))
        window.resize(width, height)
        self.qtbot.addWidget(window, before_close_func=self._let_go)
        window.show()
        self._work = MainController(window, self.place, None if real else self.engine)
        self._work.begin(**wishes)
        self.wait(lambda: window.panel.draft_info is not None and self.work.page.views)
        self.wait(lambda: not self.work.background.busy)
        return self._work

    def close(self) -> None:
        """Close the window and let everything behind it end."""
        self.window.close()
        self.shut_down()

    def shut_down(self) -> None:
        if self._work is not None:
            self._work.shut_down()

    @staticmethod
    def _let_go(window: Window) -> None:
        """At the end of a test nobody is asked."""
        for work in window.findChildren(MainController):
            work.shut_down()
        window.may_close = lambda: True

    def wait(self, condition: Callable[[], bool], timeout: int = 8000) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)

    def wait_idle(self) -> None:
        """Until nothing trains and the list of runs is up to date."""
        self.wait(lambda: self.work.queue.doing == "idle" and not self.work.queue.waiting)
        self.wait(lambda: not self.work.background.busy)

    @property
    def said(self) -> str:
        """What the bar on top says."""
        return self.window.top.phase.words.text()
