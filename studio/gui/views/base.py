"""What all views have in common: the runs they are given, the moment they show, and what they ask the window for.

A view takes plain values (:class:`~studio.gui.presenters.shown_run.ShownRun`) and knows no engine object; it can be
opened alone. It draws only while it is to be seen: the window calls :meth:`View.refresh` at most ten times a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.system.background_jobs import Submit
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.training.inspection import Inspection
from studio.gui.views.charts.snapshot_names import can_fill
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyPage, EmptyReason
from studio.gui.views.own_window import OwnWindow, OwnWindows, Shows
from studio.gui.views.saving import CsvTable, save_picture
from studio.gui.views.view_card import ViewCard
from studio.gui.views.view_picture import picture_of
from studio.gui.widgets.labels import ClampedLabel

#: The context the words in class attributes are translated in.
CONTEXT = "views"
#: Runs of which one snapshot each is read to know whether a view can be filled.
FEW_ASKED = 6


class View(GuardedOverrides, QWidget):
    """A page of the centre: a question, how to read the answer, and the drawing.

    A subclass names itself in the class attributes (English, translated on display), adds its cards to ``page`` in its
    constructor, and implements :meth:`draw` and, if there may be nothing to draw, :meth:`empty_reason`.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    how_to_read: ClassVar[str]
    help_page: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    """How the names of the arrays begin that it draws; who computes them, when and at what cost says
    :mod:`studio.insight.snapshot_parts`."""
    fills_from: ClassVar[tuple[str, ...]] = ()
    """Those of them without one of which there is nothing to draw; empty where it draws from other values as well."""
    roomy: ClassVar[bool] = False
    """Whether it needs the room of the runs: the first view that does folds them, once."""
    most: ClassVar[int] = 30
    """The most students that can be told apart in it: six by colour, thirty where lines have marks as well. Of more it draws
    the current one and those ticked last."""

    wanted = Signal(str)
    """The button of an empty view: what would fill it. "train", "alone", "teacher", "points", "pictures"."""
    help_requested = Signal(str)
    """The info button: the name of a help page."""
    moment_picked = Signal(int)
    """A click in a plot: a step of the current run."""
    trouble = Signal(object)
    """A ``StudioError`` to be shown: a file could not be written."""
    case_chosen = Signal(str, int)
    """A test example was clicked: the id of a run, and the place of the example in its test part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given: tuple[ShownRun, ...] = ()
        self._runs: tuple[ShownRun, ...] = ()
        self._ticked = 0
        self._moment: int | None = None
        self._cards: list[ViewCard] = []
        self._only: int | None = None
        self._windows: OwnWindows[View] = OwnWindows()
        self._owner: View | None = None
        self.inspection: Inspection | None = None
        self._submit: Submit | None = None
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self.refresh)
        theme.notifier().changed.connect(self._redraw.start)
        self._empty = EmptyPage(self.words(self.question))
        self._empty.wanted.connect(self.wanted)
        self.page = QWidget(self)
        self.left_out = ClampedLabel("", "explain", lines=2)
        self.left_out.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.left_out)
        layout.addWidget(self.page)
        layout.addWidget(self._empty)
        self._empty.hide()
        self.setAccessibleName(self.words(self.title))
        self.setAccessibleDescription(f"{self.words(self.question)} {self.words(self.how_to_read)}")

    # --- told by the window ------------------------------------------------------------------------------------------

    def use_background(self, submit: Submit) -> None:
        """Where a view does what would keep the window waiting. Without it such a view says that it waits."""
        self._submit = submit

    def set_runs(self, runs: Sequence[ShownRun], ticked: int = 0) -> None:
        """The ticked runs. Their histories may grow afterwards; :meth:`refresh` draws what has come.

        Args:
            ticked: how many there are where not all of them are among ``runs``.
        """
        self._given, self._ticked = tuple(runs), max(ticked, len(runs))
        self._runs = self._told_apart(self._given)
        self.forget_others()
        for copy in self._windows.views:
            copy.set_runs(runs, ticked)

    def set_moment(self, step: int | None) -> None:
        """The step of the current run everything is shown at; None follows it live."""
        self._moment = step
        for copy in self._windows.views:
            copy.set_moment(step)

    def set_inspection(self, inspection: Inspection) -> None:
        """Whom to ask about networks and pictures; most views draw what their runs have and ask nothing."""
        self.inspection = inspection

    def show_case(self, row: int) -> None:
        """An example of the current run's test part was clicked in another view, from 0; most views pass over it."""

    def refresh(self) -> None:
        """Draw what has changed, if the view is to be seen. Also draws the copies in windows of their own."""
        for copy in self._windows.views:
            copy.refresh()
        if not self.isVisible():
            return
        reason = self.empty_reason()
        if reason is not None:
            self._empty.show_reason(reason)
        self._empty.setVisible(reason is not None)
        self.page.setVisible(reason is None)
        self._say_left_out(drawn=reason is None)
        if reason is None:
            self.draw()

    def export_picture(self, path: Path) -> None:
        """Save the view as it is drawn. Raises StudioError where the file cannot be written."""
        save_picture(picture_of(self), path)

    def export_csv(self, path: Path) -> None:
        """Save the values of the view's first card. Raises StudioError where the file cannot be written."""
        self._cards[0].export_csv(path)

    # --- told by the subclass ----------------------------------------------------------------------------------------

    def refresh_numbers(self) -> None:
        """Bring numbers up to date that cost next to nothing, between two drawings."""
        if self.isVisible() and self.shown and not self.page.isHidden():
            self.draw_numbers()

    def draw_numbers(self) -> None:
        """The part of :meth:`draw` that must agree with what is told elsewhere at any moment."""

    def draw(self) -> None:
        """Bring the drawing up to date with the runs and the moment. Cheap where nothing has changed."""
        raise NotImplementedError  # every view has its own; Qt's metaclass leaves no room for an abstract method

    def forget_others(self) -> None:
        """Let go of what was read or drawn for runs that are shown no longer."""

    def is_useful(self) -> bool:
        """Whether it has a tab while these runs are ticked."""
        return not self.off_words()

    def off_words(self) -> str:
        """Why these runs cannot fill it, in a few words beside its name; empty where they can, may yet, or none is ticked.

        A few are asked: all that are laid over each other learn from the same data.
        """
        runs = sorted(self.runs, key=lambda run: not run.current)[:FEW_ASKED]
        lacking = runs and self.fills_from and all(can_fill(run.history, self.fills_from) is False for run in runs)
        return self.lacking_words() if lacking else ""

    def lacking_words(self) -> str:
        """What these runs have no snapshots of, in a few words, where no snapshot of theirs holds what it needs."""
        return self.tr("no snapshots in these runs")

    def empty_reason(self) -> EmptyReason | None:
        """Why there is nothing to draw and what would help, or None."""
        if self.current is None:
            return EmptyReason(
                self.tr("Nothing to see yet."),
                self.tr("Train the experiment at the left, or tick a run below: it is drawn here while it learns."),
                self.tr("Train the experiment"),
                "train",
            )
        return None

    def damaged_reason(self) -> EmptyReason:
        """Why nothing is drawn where the snapshot of the moment is gone, damaged, or not what its names say."""
        return EmptyReason(
            self.tr("The snapshot of this moment cannot be shown."),
            self.tr(
                "Its file in the folder of the run is missing or damaged, or what it holds does not fit. Other moments may "
                "be whole: move the time slider. To have new ones, train the experiment again."
            ),
            self.tr("Train the experiment"),
            "train",
        )

    def no_snapshot_reason(self, sentence: str) -> EmptyReason:
        """Why there are no arrays of the current run yet: what is done before its student begins, where that is known.

        Args:
            sentence: what is taken, and when.
        """
        doing = self._before_it_begins()
        if not doing:
            return EmptyReason(self.tr("No snapshot yet."), sentence)
        return EmptyReason(f"{doing}.", self.tr("Then the student begins. {sentence}").format(sentence=sentence))

    def remark(self) -> str:
        """What is to be known of the drawing, above it; here that what is drawn is not what was asked for last."""
        doing, current = self._before_it_begins(), self.current
        if not doing or current is None or len(self.runs) < 2:
            return ""
        words = self.tr("{doing}. Until “{run}” has its first point, the other ticked runs are drawn.")
        return words.format(doing=doing, run=current.history.label)

    def _before_it_begins(self) -> str:
        """What is done for the current run while its own student has not begun; empty where it has, or where that ended."""
        history = self.current.history if self.current is not None else None
        waits = history is not None and history.state in ACTIVE and history.step == 0 and not history.moments
        return say(history.phase) if history is not None and waits else ""

    def left_out_words(self, drawn: int, ticked: int) -> str:
        """What is said where not all ticked runs are drawn."""
        words = self.tr(
            "{drawn} of {ticked} ticked runs are drawn: the one in question and those ticked last. More could not be told "
            "apart."
        )
        return words.format(drawn=drawn, ticked=ticked)

    def add_card(
        self, layout: QBoxLayout, question: str, how_to_read: str, table: Callable[[], CsvTable], stretch: int = 1
    ) -> ViewCard:
        """A framed part of the page with its own question and tools. The first one has a window of its own."""
        name = f"{self.key}-{len(self._cards) + 1}"
        card = ViewCard(question, how_to_read, name, table, own_window=not self._cards, parent=layout.parentWidget())
        card.help_requested.connect(self._request_help)
        card.trouble.connect(self.trouble)
        card.own_window_requested.connect(self._open_window)
        card.full_screen_requested.connect(self._open_full_screen)
        self._cards.append(card)
        layout.addWidget(card, stretch)
        return card

    def request_redraw(self) -> None:
        """Ask for another :meth:`refresh`: not all could be read within the time of one repaint."""
        self._redraw.start()

    def pick_epoch(self, epoch: float) -> None:
        """A plot was clicked at an epoch: ask for that moment."""
        if self.current is not None:
            self.moment_picked.emit(round(epoch * self.current.history.steps_per_epoch))

    # --- what subclasses look at -------------------------------------------------------------------------------------

    @property
    def shown(self) -> tuple[ShownRun, ...]:
        """Everything that is ticked."""
        return self._runs

    @property
    def runs(self) -> tuple[ShownRun, ...]:
        """The ticked students; the references left out."""
        return tuple(run for run in self._runs if run.role == "run")

    @property
    def current(self) -> ShownRun | None:
        """The run in question: the current one, else the first ticked student."""
        students = self.runs
        return next((run for run in students if run.current), students[0] if students else None)

    @property
    def moment(self) -> int | None:
        """The step shown; None is live."""
        return self._moment

    @property
    def epoch(self) -> float | None:
        """The moment on the common axis of all runs, in epochs; None is live."""
        current = self.current
        return None if self._moment is None or current is None else self._moment / current.history.steps_per_epoch

    @property
    def cards(self) -> tuple[ViewCard, ...]:
        """The framed parts, in order."""
        return tuple(self._cards)

    @classmethod
    def words(cls, sentence: str) -> str:
        """A class attribute in the person's language."""
        return QCoreApplication.translate(CONTEXT, sentence)

    def first_run(self, fits: Callable[[ShownRun], bool]) -> ShownRun | None:
        """The run that a view of one run is about: the one in question where it fits, else the first that does."""
        current = self.current
        if current is not None and fits(current):
            return current
        return next((run for run in self.runs if fits(run)), None)

    def _told_apart(self, runs: tuple[ShownRun, ...]) -> tuple[ShownRun, ...]:
        """The references, and as many students as can be told apart."""
        students = [run for run in runs if run.role == "run"]
        last = students[-self.most :]
        current = next((run for run in students if run.current), None)
        if current is not None and current not in last:
            last[0] = current
        return tuple(run for run in runs if run.role != "run" or run in last)

    def _say_left_out(self, drawn: bool) -> None:
        shown = len(self._runs)
        words = self.left_out_words(shown, self._ticked) if drawn and 0 < shown < self._ticked else ""
        words = " ".join(part for part in (self.remark() if drawn else "", words) if part)
        self.left_out.setText(words)
        self.left_out.setVisible(bool(words))

    # --- windows of its own ------------------------------------------------------------------------------------------

    def show_only(self, number: int) -> None:
        """Leave one card; the others are hidden."""
        self._only = number
        for i, card in enumerate(self._cards):
            card.setVisible(i == number)

    def may_show(self, card: ViewCard) -> bool:
        """Whether a card is not hidden because another was asked for alone."""
        return self._only is None or self._cards[self._only] is card

    def open_window(self, full_screen: bool = False, only: int | None = None) -> OwnWindow[View]:
        """Open a copy of this view in a window of its own, fed as this one is; one that is open already comes to the front.

        Args:
            full_screen: over the whole screen; Escape closes it.
            only: the card to show, all if None.
        """
        return self._windows.open(self._make_window, Shows(full_screen, only))

    def _make_window(self, shows: Shows) -> OwnWindow[View]:
        """The same view once more, with what it was given."""
        copy = type(self)()
        if shows.only is not None:
            copy.show_only(shows.only)
        copy.inspection, copy._submit = self.inspection, self._submit
        copy.set_runs(self._given, self._ticked)
        copy.set_moment(self._moment)
        for name in ("wanted", "help_requested", "moment_picked", "trouble", "case_chosen"):
            getattr(copy, name).connect(getattr(self, name))
        copy.give_windows_to(self)
        return OwnWindow(copy, self.words(self.question), self, shows)

    def give_windows_to(self, owner: View) -> None:
        """Have ``owner`` open the windows this copy of it is asked for: copies of copies would have no end."""
        self._owner = owner

    def _open_window(self) -> None:
        (self._owner or self).open_window()

    def _open_full_screen(self, card: ViewCard) -> None:
        (self._owner or self).open_window(full_screen=True, only=self._cards.index(card))

    def _request_help(self) -> None:
        self.help_requested.emit(self.help_page)

    def showEvent(self, event: QShowEvent) -> None:
        """What was not drawn while hidden is drawn now."""
        super().showEvent(event)
        self.refresh()
