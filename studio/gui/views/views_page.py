"""The page of the views: tabs, what was reached or went wrong, the view, and the time slider for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.training.inspection import Inspection
from studio.gui.views.base import View
from studio.gui.views.charts.time_slider import TimeSlider
from studio.gui.views.result_bar import ResultBar
from studio.gui.views.view_tabs import SMALL, WIDE, ViewTabs
from studio.gui.widgets.error_page import ErrorPage
from studio.gui.widgets.notice import NoticeBox


class ViewsPage(GuardedOverrides, QWidget):
    """All views share the runs, the moment and the refresh; only the one that is seen is drawn.

    It stands before its views: they need pyqtgraph, which is imported last, and are put in by :meth:`add_views`.

    Signals:
        wanted: what the button of an empty view asks for.
        help_requested: the name of a help page.
        view_changed: another tab.
        filled: the views are there.
        error_shown: whether an error takes the upper half now.
        trouble: a :class:`StudioError` to be shown.
        case_chosen: a test example was clicked: the id of a run, and the example's place in its test part.
    """

    wanted = Signal(str)
    help_requested = Signal(str)
    view_changed = Signal()
    filled = Signal()
    error_shown = Signal(bool)
    trouble = Signal(object)
    case_chosen = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views: list[View] = []
        self.tabs = ViewTabs()
        self.result = ResultBar()
        self.notice = NoticeBox()
        self.error = ErrorPage()
        self.error.hide()
        self.slider = TimeSlider()
        self._stack = QStackedWidget()
        self._stack.setMinimumWidth(360)  # a view that is not seen must not keep the window wide
        self._runs: Sequence[ShownRun] = ()
        self._ticked = 0
        self.tabs.chosen.connect(self._show_view)
        self.slider.moment_changed.connect(self._set_moment)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._make_strips())
        column.addWidget(self._stack, 1)
        column.addWidget(self.slider)

    def _make_strips(self) -> QWidget:
        """Result, notice and error above the view; they take room, and their margins too, only while one is shown."""
        self._strips = QWidget()
        column = QVBoxLayout(self._strips)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(8)
        for strip in (self.result, self.notice, self.error):
            column.addWidget(strip)
            strip.installEventFilter(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)  # an error is never squeezed; the view gives way
        self._strips.setSizePolicy(policy)
        self._strips.hide()
        return self._strips

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._strips.updateGeometry()
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._strips.setHidden(all(strip.isHidden() for strip in (self.result, self.notice, self.error)))
            if watched is self.error:
                self.error_shown.emit(not self.error.isHidden())
        return super().eventFilter(watched, event)

    def add_views(
        self, view_classes: Sequence[type[View]], inspection: Inspection | None = None, order: Sequence[str] = ()
    ) -> None:
        """Make the views and show the first.

        Args:
            inspection: whom they ask about networks and pictures.
            order: keys of views, as a person had their tabs.
        """
        for view_class in view_classes:
            view = view_class(self._stack)  # where it belongs from the start: moved, all in it would be styled anew
            if inspection is not None:
                view.set_inspection(inspection)
            view.setProperty("help_page", view.help_page.removesuffix(".md"))
            view.wanted.connect(self.wanted)
            view.help_requested.connect(self.help_requested)
            view.trouble.connect(self.trouble)
            view.case_chosen.connect(self.case_chosen)
            view.moment_picked.connect(self.slider.set_moment)
            self.views.append(view)
            self._stack.addWidget(view)
        numbers = {view.key: number for number, view in enumerate(self.views)}
        kept = [numbers[key] for key in order if key in numbers]
        self.tabs.set_titles([view.words(view.title) for view in self.views], kept)
        self.set_runs(self._runs, self._ticked)
        self.filled.emit()

    @property
    def order(self) -> list[str]:
        """The keys of the views, in the order of their tabs."""
        return [self.views[number].key for number in self.tabs.order]

    @property
    def view(self) -> View | None:
        """The view that is seen; None before there are any."""
        return self.views[self.tabs.current] if self.views else None

    def set_runs(self, runs: Sequence[ShownRun], ticked: int = 0) -> None:
        """Other runs, or other colours; ``ticked`` says how many there are where not all of them are drawn."""
        self._runs, self._ticked = tuple(runs), ticked
        current = next((run for run in runs if run.current), None)
        self.slider.set_history(current.history if current is not None else None)
        for view in self.views:
            view.set_runs(runs, ticked)
            view.set_moment(self.slider.moment)
        self.refresh()

    def refresh_numbers(self) -> None:
        """Bring clock and numbers up to date, which must agree at any moment; what is dear to draw waits its turn."""
        self.slider.refresh()
        if self.view is not None:
            self.view.refresh_numbers()

    def refresh(self) -> None:
        """Draw what has come, in the view that is seen."""
        self.slider.refresh()
        off = ((number, view.off_words()) for number, view in enumerate(self.views))
        self.tabs.set_off({number: why for number, why in off if why})
        for view in self.views:  # those that are hidden draw only their copies in windows of their own
            view.refresh()

    def show_view(self, key: str) -> None:
        """Show the view called ``key``; KeyError if there is none."""
        numbers = {view.key: number for number, view in enumerate(self.views)}
        self.tabs.choose(numbers[key])

    def show_case(self, row: int) -> None:
        """Give the view that is seen an example of the test part."""
        if self.view is not None:
            self.view.show_case(row)

    def set_compact(self, compact: bool) -> None:
        """Under 1200 px fewer tabs and shorter words."""
        self.result.set_compact(compact)
        self.tabs.set_room(SMALL if compact else WIDE)

    def _show_view(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self.view_changed.emit()

    def _set_moment(self, step: int | None) -> None:
        for view in self.views:
            view.set_moment(step)
            view.refresh()
