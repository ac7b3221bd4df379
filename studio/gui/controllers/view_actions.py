"""The views in the window: an entry of the menu and a key for each, and which of them is remembered for the next time."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from studio.gui.controllers.page_router import PageRouter
from studio.gui.shell.window import Window
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.training.inspection import Inspection
from studio.gui.views.base import View
from studio.gui.views.view_picture import ask_printer, copy_picture
from studio.gui.views.views_page import ViewsPage

#: With Ctrl they show a view, the first ten of them.
VIEW_DIGITS = "1234567890"


class ViewActions(QObject):
    """Makes the views when they have been imported, and does what is asked of the one that is shown."""

    def __init__(
        self,
        window: Window,
        views_page: ViewsPage,
        page_router: PageRouter,
        inspection: Inspection,
        background: BackgroundJobs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._views_page, self._page_router = window, views_page, page_router
        self._inspection, self._background = inspection, background

    def add_views(self, view_classes: list[type[View]]) -> None:
        """Make the views, with the one in front that was shown last, in the order they were put in."""
        settings = self._window.settings
        self._views_page.add_views(view_classes, self._inspection, settings.view_order)
        menu = self._window.menus["View"]
        first = menu.actions()[0]
        for number, view in enumerate(self._views_page.views):
            view.use_background(self._background.submit)
            action = menu.addAction(view.words(view.title), partial(self._page_router.show_view, view.key))
            if number < len(VIEW_DIGITS):
                action.setShortcut(f"Ctrl+{VIEW_DIGITS[number]}")
            menu.insertAction(first, action)
            self._window.addAction(action)
        if any(view.key == settings.view for view in self._views_page.views):
            self._views_page.show_view(settings.view)
        self._views_page.view_changed.connect(self._remember_view)
        self._views_page.tabs.moved.connect(self._remember_order)

    def look_at(self, view: str) -> None:
        """Show a view; the first time the program starts it may still have to be imported."""
        if self._views_page.views:
            self._page_router.show_view(view)
        else:
            self._window.settings.view = view

    def copy_picture(self) -> None:
        """Put the view as it is drawn into the clipboard."""
        if self._views_page.view is not None:
            copy_picture(self._views_page.view)

    def print_picture(self) -> None:
        """Ask for a printer and print the view as it is drawn."""
        if self._views_page.view is not None:
            ask_printer(self._views_page.view)

    def _remember_view(self) -> None:
        if self._views_page.view is not None:
            self._window.settings.view = self._views_page.view.key

    def _remember_order(self) -> None:
        self._window.settings.view_order = self._views_page.order
