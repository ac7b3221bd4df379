"""The docks share the room by what is shown.

Help and runs fold for a page that needs the room, and come back after it. The tabs of the views move them once at most:
the first view that needs room folds the runs, which stay so until a person unfolds them, and the help stays where it is.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.gui.runs_table.runs_dock import RunsDock
from studio.gui.shell.window import Window
from studio.gui.views.views_page import ViewsPage


class DockLayout(QObject):
    """Folds and unfolds help and runs; what the person folds is remembered, what is folded here is not."""

    def __init__(self, window: Window, views_page: ViewsPage, runs_dock: RunsDock, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._views_page, self._runs_dock = window, views_page, runs_dock
        #: Whether it was folded here, and comes back.
        self._help_folded = self._runs_folded = False
        #: Whether a view has folded the runs, or a person said how they are to be: no view folds them again.
        self._settled = False
        self._action = window.actions_["runs"]
        self._action.triggered.connect(self._toggle_runs)
        runs_dock.folded.connect(self._show_folded)
        runs_dock.fold_requested.connect(self._remember)
        views_page.view_changed.connect(self._refresh)
        views_page.error_shown.connect(self._error_shown)
        window.pages.currentChanged.connect(self._page_changed)
        window.roomed.connect(self._refresh)
        window.compacted.connect(self._compacted)

    def restore(self) -> None:
        """As the person left it, as far as the page in front has room beside it."""
        self._runs_dock.fold(self._window.settings.runs_folded)
        self._show_folded(self._runs_dock.is_folded)
        self._refresh()

    def _page_changed(self, _number: int) -> None:
        self._refresh()

    def _error_shown(self, _shown: bool) -> None:
        self._refresh()

    def _compacted(self, _compact: bool) -> None:
        """The window has opened or closed the help as its width asks; a view that needs the room has it folded again."""
        self._help_folded = False
        self._refresh()

    def _refresh(self) -> None:
        """Fold what the view, or in a small window an error or the first page, has no room beside; bring back the rest."""
        shown = self._window.pages.currentWidget()
        view, here = self._views_page.view, shown is self._views_page
        roomy = shown is not None and bool(shown.property("roomy"))
        error = here and self._window.is_compact and not self._views_page.error.isHidden()
        # beside the runs there would be half the height for the pictures of the first page, too little to read them
        first = self._window.is_compact and shown is self._window.welcome
        self._fold_help(roomy)
        self._fold_runs(roomy or error or first)
        if here and view is not None and view.roomy and not self._settled and not error:
            self._settled = True
            self._runs_dock.fold(True)

    def _fold_help(self, folded: bool) -> None:
        if folded != self._help_folded and (self._help_folded or self._window.help_action.isChecked()):
            self._help_folded = folded
            self._window.help_action.setChecked(not folded)

    def _fold_runs(self, folded: bool) -> None:
        if folded != self._runs_folded and (self._runs_folded or not self._runs_dock.is_folded):
            self._runs_folded = folded
            self._runs_dock.fold(folded)

    def _show_folded(self, folded: bool) -> None:
        self._window.fold_runs(folded)
        self._action.setChecked(not folded)

    def _toggle_runs(self, shown: bool) -> None:
        self._runs_dock.fold(not shown)
        self._remember(not shown)

    def _remember(self, folded: bool) -> None:
        self._settled = True
        if not self._runs_folded:
            self._window.settings.runs_folded = folded
