"""Room follows what is done: help and runs fold away for a view or page that needs all of it, and come back after it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.gui.runs_table.runs_dock import RunsDock
from studio.gui.shell.window import Window
from studio.gui.views.views_page import ViewsPage


class DockLayout(QObject):
    """Folds and unfolds help and runs; what the person folds is remembered, what a view folds is not."""

    def __init__(self, window: Window, page: ViewsPage, runs: RunsDock, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._page, self._runs = window, page, runs
        #: What was folded here and comes back.
        self._help_away = self._runs_away = False
        self._action = window.actions_["runs"]
        self._action.triggered.connect(self._wished)
        runs.folded.connect(self._folded)
        runs.fold_wished.connect(self._remember)
        page.view_changed.connect(self._share)
        page.error_shown.connect(self._error_shown)
        window.pages.currentChanged.connect(self._page_changed)
        window.roomed.connect(self._share)
        window.compacted.connect(self._compacted)

    def begin(self) -> None:
        """As the person left it."""
        self._runs.fold(self._window.settings.runs_folded)
        self._folded(self._runs.is_folded)

    def _page_changed(self, _number: int) -> None:
        self._share()

    def _error_shown(self, _shown: bool) -> None:
        self._share()

    def _compacted(self, _compact: bool) -> None:
        """The window has opened or closed the help as its width asks; a view that needs the room has it folded again."""
        self._help_away = False
        self._share()

    def _share(self) -> None:
        """Fold what the view, or an error in a small window, has no room beside; bring back what was folded here."""
        shown = self._window.pages.currentWidget()
        view, here = self._page.view, shown is self._page
        roomy = (here and view is not None and view.roomy) or (shown is not None and bool(shown.property("roomy")))
        error = here and self._window.is_compact and not self._page.error.isHidden()
        self._put_help(away=roomy)
        self._put_runs(away=roomy or error)

    def _put_help(self, away: bool) -> None:
        if away != self._help_away and (self._help_away or self._window.help_action.isChecked()):
            self._help_away = away
            self._window.help_action.setChecked(not away)

    def _put_runs(self, away: bool) -> None:
        if away != self._runs_away and (self._runs_away or not self._runs.is_folded):
            self._runs_away = away
            self._runs.fold(away)

    def _folded(self, folded: bool) -> None:
        self._window.fold_runs(folded)
        self._action.setChecked(not folded)

    def _wished(self, shown: bool) -> None:
        self._runs.fold(not shown)
        self._remember(not shown)

    def _remember(self, folded: bool) -> None:
        if not self._runs_away:
            self._window.settings.runs_folded = folded
