"""Room follows what is done: help and runs fold away for a view that needs all of it, and come back after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from studio.gui.runs_dock import RunsDock
from studio.gui.views_page import ViewsPage
from studio.gui.window import Window


@dataclass(frozen=True)
class _Before:
    help_open: bool
    runs_folded: bool


class Room(QObject):
    """Folds and unfolds help and runs; what the person folds is remembered, what a view folds is not."""

    def __init__(self, window: Window, page: ViewsPage, runs: RunsDock, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._page, self._runs = window, page, runs
        self._before: _Before | None = None
        self._action = window.actions_["runs"]
        self._action.triggered.connect(self._wished)
        runs.folded.connect(self._folded)
        runs.fold_wished.connect(self._remember)
        page.view_changed.connect(self._view_changed)
        window.pages.currentChanged.connect(self._page_changed)
        window.compacted.connect(self._compacted)

    def begin(self) -> None:
        """As the person left it."""
        self._runs.fold(self._window.stored.runs_folded)
        self._folded(self._runs.is_folded)

    def _page_changed(self, _number: int) -> None:
        self._view_changed()

    def _compacted(self, compact: bool) -> None:
        """The window opens help where there is room for it; a view that folded it keeps that room."""
        if self._before is not None:
            wished = self._window.stored.help_open
            self._before = replace(self._before, help_open=not compact if wished is None else wished)
            self._window.help_action.setChecked(False)

    def _view_changed(self) -> None:
        view = self._page.view
        roomy = view is not None and view.roomy and self._window.pages.currentWidget() is self._page
        if roomy and self._before is None:
            self._before = _Before(self._window.help_action.isChecked(), self._runs.is_folded)
            self._window.help_action.setChecked(False)
            self._runs.fold(True)
        elif not roomy and self._before is not None:
            before, self._before = self._before, None
            if before.help_open:
                self._window.help_action.setChecked(True)
            if not before.runs_folded:
                self._runs.fold(False)

    def _folded(self, folded: bool) -> None:
        self._window.fold_runs(folded)
        self._action.setChecked(not folded)

    def _wished(self, shown: bool) -> None:
        self._runs.fold(not shown)
        self._remember(not shown)

    def _remember(self, folded: bool) -> None:
        if self._before is None:
            self._window.stored.runs_folded = folded
