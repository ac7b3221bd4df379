"""Opens every page of a window once, so that what stays of a first opening is not taken for growth by what comes later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtWidgets import QApplication, QDialog

from studio.core import resources
from studio.experiment import Experiment
from studio.gui import theme
from studio.gui.controllers.main_controller import MainController
from studio.gui.help.help_history import HelpTopic
from studio.gui.presenters.draft_info import STEPS
from studio.gui.views.base import View


class Sightseer:
    """Takes a step a call: each asks for one page, and counts on the window having shown the one before.

    Args:
        main: the window's controller.
        experiments: trained one after the other; all views are looked at after each.
    """

    def __init__(self, main: MainController, experiments: Sequence[Experiment]) -> None:
        self._main, self._experiments = main, experiments
        self._steps = self._all_steps()
        self._is_done = False

    def look_on(self) -> bool:
        """Ask for the next page, unless something is under way. Returns whether there may be more to see."""
        if self._is_done:
            return False
        if not self._main.background.busy and self._main.queue.doing == "idle":
            step = next(self._steps, None)
            self._is_done = step is None
            if step is not None:
                step()
        return not self._is_done

    def _all_steps(self) -> Iterator[Callable[[], object]]:
        main = self._main
        window = main.window
        yield partial(window.panel.level.choose, "expert")
        yield main.page_router.show_gallery
        for step in STEPS:
            yield partial(main.page_router.show_chooser, step)
            chooser = main.page_router.chooser
            for choice in chooser.list.rows.on_show if chooser is not None else ():
                yield partial(self._point_at, choice.key)
        for experiment in self._experiments:
            yield partial(main.training_controller.train_all, [experiment])
            yield main.page_router.show_views
            for number, view in enumerate(main.views_page.views):
                yield partial(main.views_page.tabs.choose, number)
                yield main.views_page.refresh
                yield partial(self._look_in_window, view)
        yield partial(main.runs_dock.group.setChecked, True)
        yield partial(main.runs_dock.group.setChecked, False)
        pages = resources.folder("help")
        for page in sorted(pages.rglob("*.md")):
            name = page.relative_to(pages).with_suffix("").as_posix()
            yield partial(window.help.show_topic, HelpTopic(name))
        for ask in (main.run_actions.show_bin, main.help_controller.show_about):
            yield ask
            yield self._close_dialogs
        for _ in range(2):
            yield self._change_theme

    def _look_in_window(self, view: View) -> None:
        window = view.open_window()
        view.refresh()
        window.close()

    def _point_at(self, key: str) -> None:
        chooser = self._main.page_router.chooser
        if chooser is not None:
            chooser.list.point_at(key)

    def _change_theme(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.toggle(app)

    def _close_dialogs(self) -> None:
        for dialog in self._main.window.findChildren(QDialog):
            dialog.close()
