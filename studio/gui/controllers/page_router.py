"""Which page is in the centre: welcome, gallery, a chooser, or the views."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.chooser.pair_choice import Picked
from studio.gui.presenters.draft_info import Presenter, Step
from studio.gui.shell.gallery_page import GalleryPage
from studio.gui.shell.window import Window
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.views.views_page import ViewsPage
from studio.runs.presets.presets import all_presets, all_recipes


class PageRouter(QObject):
    """Opens pages and finds the way back.

    Signals:
        train_requested: the key of a ready experiment to train at once.
        fill_requested: the key of one to take into the panels.
        choice_shown: another choice is looked at in the chooser.
    """

    train_requested = Signal(str)
    fill_requested = Signal(str)
    choice_shown = Signal()

    def __init__(
        self,
        window: Window,
        views_page: ViewsPage,
        presenter: Presenter,
        background: BackgroundJobs,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._views_page = window, views_page
        self._presenter, self._background = presenter, background
        self._chooser: ChooserPage | None = None
        self._gallery: GalleryPage | None = None
        self._busy = False
        self._times: tuple[Mapping[str, float], bool] = ({}, False)
        self._previous: QWidget = window.welcome
        window.panel.choose_requested.connect(self.show_chooser)
        window.welcome.gallery_requested.connect(self.show_gallery)
        window.welcome.train_requested.connect(self.train_requested)
        window.pages.currentChanged.connect(self._wait_for_views)
        views_page.filled.connect(self._end_waiting)
        views_page.error_shown.connect(self._show_error)

    @property
    def chooser(self) -> ChooserPage | None:
        """The chooser that is open."""
        return self._chooser

    @property
    def gallery(self) -> GalleryPage | None:
        """The page of ready experiments, once it was asked for."""
        return self._gallery

    def show_views(self) -> None:
        """The views."""
        self._close_chooser()
        self._window.show_page(self._views_page)

    def show_view(self, key: str) -> None:
        """One of the views."""
        self.show_views()
        self._views_page.show_view(key)

    def _wait_for_views(self, _number: int) -> None:
        """Before there are any, what says that it starts stays in front, unless something else is said."""
        window, page = self._window, self._views_page
        is_empty = not page.views and page.error.isHidden()
        if window.starting is not None and is_empty and window.pages.currentWidget() is page:
            window.show_page(window.starting)

    def _end_waiting(self) -> None:
        if self._window.starting is not None and self._window.pages.currentWidget() is self._window.starting:
            self._window.show_page(self._views_page)

    def _show_error(self, shown: bool) -> None:
        if shown:
            self._end_waiting()

    def show_welcome(self) -> None:
        """The first page."""
        self._close_chooser()
        self._window.show_page(self._window.welcome)

    def show_gallery(self) -> None:
        """All ready experiments."""
        self._close_chooser()
        if self._gallery is None:
            self._gallery = GalleryPage(all_presets(), all_recipes())
            self._gallery.show_times(*self._times)
            self._gallery.show_busy(self._busy)
            self._gallery.train_requested.connect(self.train_requested)
            self._gallery.fill_requested.connect(self._fill_panels)
            self._gallery.closed.connect(self._go_back)
        self._remember_page()
        self._window.show_page(self._gallery)

    def ask_times(self) -> None:
        """Ask how long the ready experiments will take here; what was trained meanwhile need not be trained again."""
        self._background.submit(partial(_preset_times, self._presenter), self._show_times)

    def _show_times(self, times: tuple[Mapping[str, float], bool]) -> None:
        self._times = times
        self._window.welcome.show_times(*times)
        if self._gallery is not None:
            self._gallery.show_times(*times)

    def show_busy(self, busy: bool) -> None:
        """Whether something trains, so that what is started has to wait."""
        if self._busy and not busy:
            self.ask_times()
        self._busy = busy
        self._window.welcome.show_busy(busy)
        if self._gallery is not None:
            self._gallery.show_busy(busy)

    def _fill_panels(self, key: str) -> None:
        self._go_back()
        self.fill_requested.emit(key)

    def show_chooser(self, step: str) -> None:
        """The page on which a step is chosen."""
        self._open_chooser(step, {})

    def _turn_chooser(self, step: str) -> None:
        """To the other of teacher and student, with what is picked so far."""
        self._open_chooser(step, self._chooser.picked() if self._chooser is not None else {})

    def _open_chooser(self, step: str, together: Picked) -> None:
        self._remember_page()  # before the one that is open gives way to whatever page lies next to it
        self._close_chooser()
        back = self.tr("the start")
        view = self._views_page.view
        if self._previous is self._views_page and view is not None:
            back = view.words(view.title)
        draft, submit = self._window.draft, self._background.submit
        self._chooser = ChooserPage(cast("Step", step), draft, self._presenter, submit, back, together=together)
        self._chooser.turned.connect(self._turn_chooser)
        self._chooser.closed.connect(self._handle_chosen)
        self._chooser.list.pointed.connect(self._show_choice)
        self._chooser.roomed.connect(self._window.roomed)
        self._window.show_page(self._chooser)
        self._window.panel.set_open(self._chooser.step)

    def _show_choice(self, _choice: object) -> None:
        self.choice_shown.emit()

    def _handle_chosen(self) -> None:
        step = self._chooser.step if self._chooser is not None else None
        self._go_back()
        self._close_chooser()
        if step is not None:
            self._window.panel.cards[step].setFocus()

    def _close_chooser(self) -> None:
        chooser, self._chooser = self._chooser, None
        if chooser is not None:
            chooser.forget()
            self._window.panel.set_open(None)
            self._window.pages.removeWidget(chooser)
            chooser.deleteLater()

    def _remember_page(self) -> None:
        page = self._window.pages.currentWidget()
        if page is self._views_page or page is self._window.welcome:
            self._previous = page

    def _go_back(self) -> None:
        self._window.show_page(self._previous)


def _preset_times(presenter: Presenter) -> tuple[Mapping[str, float], bool]:
    """Seconds by key, and whether they are of this computer. Done in a worker."""
    return presenter.preset_seconds(all_presets()), presenter.knows_pace()
