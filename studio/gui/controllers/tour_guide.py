"""The tour of the window: its four stops, once at the first start, and whenever somebody asks for it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.gui.runs_table.runs_dock import RunsDock
from studio.gui.shell.window import Window
from studio.gui.widgets.tour_overlay import TourOverlay, TourStop


class TourGuide(QObject):
    """Shows the tour and remembers that it was seen."""

    def __init__(self, window: Window, runs_dock: RunsDock, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._runs_dock = window, runs_dock
        self._overlay: TourOverlay | None = None
        window.welcome.tour_requested.connect(self.start)

    @property
    def overlay(self) -> TourOverlay | None:
        """What lies over the window; None while there is no tour."""
        return self._overlay

    def start_once(self) -> None:
        """Start unless it was seen before."""
        if not self._window.settings.tour_seen:
            self.start()

    def start(self) -> None:
        """Start from the first stop."""
        if self._overlay is None:
            self._overlay = TourOverlay(self._window, self._stops())
            self._overlay.ended.connect(self._remember)

    def _remember(self) -> None:
        self._overlay = None
        self._window.settings.tour_seen = True

    def _stops(self) -> tuple[TourStop, ...]:
        window, bar = self._window, self._window.top_bar
        return (
            TourStop(
                tuple(window.panel.cards.values()),
                self.tr("Four cards make an experiment"),
                self.tr(
                    "What is learnt, the large network that knows, the small one that learns, and what it copies. The "
                    "studio fills them in at the start. Press a card to change it; the settings stand below."
                ),
            ),
            TourStop(
                (bar.train, *bar.held),
                self.tr("Train"),
                self.tr(
                    "First the teacher learns, then the student alone, then the student with its teacher. Pause and Step let "
                    "you look closely. Stop keeps what was learnt, and so does closing the window."
                ),
            ),
            TourStop(
                (window.pages,),
                self.tr("Watch"),
                self.tr(
                    "Once you have pressed Train, the student can be watched here while it learns. Tabs come up, each for a "
                    "question: does it get better, where does it look, which of its neurons fire? A slider below them goes "
                    "back in time."
                ),
            ),
            TourStop(
                (self._runs_dock,),
                self.tr("Compare"),
                self.tr(
                    "Every run is a row; tick some to lay them over each other. Gap closed tells how far the teacher has "
                    "brought the student. Words with dots below them are explained where they stand, F1 tells the rest."
                ),
            ),
        )
