"""Which page is in the centre: welcome, gallery, a chooser, or the views."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.presenters.draft_info import Presenter, Step
from studio.gui.shell.gallery_page import GalleryPage
from studio.gui.shell.window import Window
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.views.views_page import ViewsPage
from studio.runs.presets.presets import all_presets


class PageRouter(QObject):
    """Opens pages and finds the way back.

    Signals:
        start: the key of a ready experiment to train at once.
        fill: the key of one to take into the panels.
        pointed: another choice is looked at in the chooser.
    """

    start = Signal(str)
    fill = Signal(str)
    pointed = Signal()

    def __init__(
        self,
        window: Window,
        views: ViewsPage,
        presenter: Presenter,
        background: BackgroundJobs,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._views = window, views
        self._presenter, self._background = presenter, background
        self._chooser: ChooserPage | None = None
        self._gallery: GalleryPage | None = None
        self._before: QWidget = window.welcome
        window.panel.choose_requested.connect(self.choose)
        window.welcome.show_gallery.connect(self.show_gallery)
        window.welcome.start.connect(self.start)

    @property
    def chooser(self) -> ChooserPage | None:
        """The chooser that is open."""
        return self._chooser

    @property
    def gallery(self) -> GalleryPage | None:
        """The gallery, once it was opened."""
        return self._gallery

    def show_views(self) -> None:
        """The views."""
        self._leave_chooser()
        self._window.show_page(self._views)

    def show_view(self, key: str) -> None:
        """One of the views."""
        self.show_views()
        self._views.show_view(key)

    def show_welcome(self) -> None:
        """The first page."""
        self._leave_chooser()
        self._window.show_page(self._window.welcome)

    def show_gallery(self) -> None:
        """All ready experiments."""
        self._leave_chooser()
        if self._gallery is None:
            self._gallery = GalleryPage(all_presets())
            self._gallery.start.connect(self.start)
            self._gallery.fill.connect(self._filled)
            self._gallery.closed.connect(self._back)
        self._remember()
        self._window.show_page(self._gallery)

    def _filled(self, key: str) -> None:
        self._back()
        self.fill.emit(key)

    def choose(self, step: str) -> None:
        """The page on which a step is chosen."""
        self._leave_chooser()
        self._remember()
        back = self.tr("the start")
        view = self._views.view
        if self._before is self._views and view is not None:
            back = view.words(view.title)
        draft, submit = self._window.draft, self._background.submit
        self._chooser = ChooserPage(cast("Step", step), draft, self._presenter, submit, back)
        self._chooser.closed.connect(self._chosen)
        self._chooser.list.pointed.connect(self._pointed)
        self._chooser.roomed.connect(self._window.roomed)
        self._window.show_page(self._chooser)
        self._window.panel.set_open(self._chooser.step)

    def _pointed(self, _choice: object) -> None:
        self.pointed.emit()

    def _chosen(self) -> None:
        step = self._chooser.step if self._chooser is not None else None
        self._back()
        self._leave_chooser()
        if step is not None:
            self._window.panel.cards[step].setFocus()

    def _leave_chooser(self) -> None:
        chooser, self._chooser = self._chooser, None
        if chooser is not None:
            chooser.forget()
            self._window.panel.set_open(None)
            self._window.pages.removeWidget(chooser)
            chooser.deleteLater()

    def _remember(self) -> None:
        page = self._window.pages.currentWidget()
        if page is self._views or page is self._window.welcome:
            self._before = page

    def _back(self) -> None:
        self._window.show_page(self._before)
