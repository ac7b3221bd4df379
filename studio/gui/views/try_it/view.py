"""The Try it view: what do teacher, taught student and student alone see in the same picture?"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.views.base import View
from studio.gui.views.charts.own_pixels import holds_picture, image_in
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.saving import CsvTable, Value
from studio.gui.views.try_it.answer_column import AnswerColumn
from studio.gui.views.try_it.answer_columns import AnswerColumns
from studio.gui.views.try_it.difference_card import DifferenceChoice
from studio.gui.views.try_it.map_bar import MapBar
from studio.gui.views.try_it.picture_panel import PicturePanel
from studio.gui.widgets.scrolling import frame_focus
from studio.runs.inspect.asked_model import SEATS, ModelAnswer, RunOverview, Seat
from studio.runs.inspect.differences import DifferingPictures
from studio.runs.inspect.trial import FromTestPart, Given, Trial, try_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.runs.inspect.inspector import Inspector

#: Seconds after which a network that still trains is asked again.
AGAIN = 2.0
#: Sides of an example that is a picture: channels, height, width.
PICTURE = 3


class TryItView(View):
    """One picture, three answers. Networks and data are asked for in a worker; nothing that is given is kept."""

    key = "try_it"
    title = str(QT_TRANSLATE_NOOP("views", "Try it"))
    question = str(QT_TRANSLATE_NOOP("views", "What does each of them see in the same picture?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "A bar is how sure it is of an answer, %. Bright is where its layers answer strongly. All three "
            "answered the very same picture.",
        )
    )
    how_to_read_explained = str(
        QT_TRANSLATE_NOOP(
            "views",
            "A bar is how sure it is of an answer, %. Bright is what speaks for what it answers (Grad-CAM). All three answered "
            "the very same picture.",
        )
    )
    help_page = "try-it"
    roomy = True
    most = 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overview: RunOverview | None = None
        self._asked_for = ("", "")
        self._picture: Given | None = None
        self._trial: Trial | None = None
        self._like: object = None
        self._asked_at = 0.0
        self.setAcceptDrops(True)
        layout = QVBoxLayout(self.page)
        layout.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        frame_focus(scroll)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("Try it"))
        layout.addWidget(scroll)
        inside = QWidget()
        inside.setProperty("surface", "window")
        scroll.setWidget(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        card = self.add_card(column, self.words(self.question), self.words(self.how_to_read), self._table)
        card.body.addLayout(self._make_columns())
        self._below = self.add_card(
            column,
            self.tr("On which pictures do they differ most?"),
            self.tr("Most different first. Click one to try it."),
            self._difference_table,
            stretch=0,
        )
        self.differences = DifferenceChoice()
        self.differences.picked.connect(self.panel.show_row)
        self._below.body.addWidget(self.differences)
        self._below.hide()  # until they are known

    def _make_columns(self) -> QHBoxLayout:
        self.panel = PicturePanel()
        self.panel.given.connect(self._take)
        self.panel.emptied.connect(self._take_nothing)
        self.panel.named.connect(self._name)
        self.seats = AnswerColumns()
        self.seats.seated.connect(self._ask_others)
        self.maps = MapBar()
        self.maps.wished.connect(self._ask_maps)
        self.maps.moved.connect(self._show_answers)
        self.maps.hide()  # until somebody has answered who has an inside
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.maps)
        side.addWidget(self.seats, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.panel)
        row.addLayout(side, 1)
        return row

    @property
    def columns(self) -> Mapping[Seat, AnswerColumn]:
        """The three, by who sits there."""
        return self.seats.columns

    # --- told by the window ------------------------------------------------------------------------------------------

    def forget_others(self) -> None:
        """What was asked of a run that is shown no longer."""
        current = self.current
        if self._overview is not None and (current is None or current.history.run != self._overview.run):
            self._forget_run()

    def show_case(self, row: int) -> None:
        """Ask about an example of the test part of the run in question, from 0."""
        self.panel.show_row(row)

    def _forget_run(self) -> None:
        self._overview = self._trial = None
        self._asked_for = ("", "")
        self._below.hide()
        self.seats.forget()

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without a run."""
        reason = super().empty_reason()
        if reason is not None:
            return reason
        if self.inspection is None:
            return EmptyReason(self.tr("Nobody can be asked here."), self.tr("Open the view in the studio's window."))
        return None

    def draw(self) -> None:
        """Ask what has not been asked, and ask a network that trains again."""
        run = self.current
        assert run is not None
        wish = (run.history.run, "" if run.history.state in ACTIVE else run.history.state)
        if wish != self._asked_for:
            self._asked_for = wish
            self._ask_overview(run)
        elif run.history.state in ACTIVE and time.monotonic() - self._asked_at > AGAIN and self._picture is not None:
            if self._overview is None or len(self._overview.seats) < len(SEATS):
                self._asked_at = time.monotonic()
                self._ask_overview(run)  # a teacher or a student alone may be trained for it meanwhile
            else:
                self._ask()
        self.seats.show_owners(run, self.shown)

    # --- asking ------------------------------------------------------------------------------------------------------

    def _ask_overview(self, run: ShownRun) -> None:
        if self.inspection is None:
            return
        wish = run.history.run

        def overview(inspector: Inspector, stopping: Callable[[], bool]) -> RunOverview:
            return inspector.overview(wish, stopping)

        def differences(inspector: Inspector, stopping: Callable[[], bool]) -> DifferingPictures | tuple[()]:
            return inspector.differences(wish, stopping) or ()

        self.inspection.ask(self._topic("overview"), overview, self._show_overview, self._show_trouble)
        self.inspection.ask(self._topic("differences"), differences, self._show_differences, self._hide_differences)

    def _topic(self, of: str) -> str:
        return f"{id(self)} {of}"

    def _show_overview(self, overview: RunOverview) -> None:
        before, self._overview = self._overview, overview
        self.seats.show_overview(overview)
        if before is None or (before.run, before.classes) != (overview.run, overview.classes):
            self.panel.show_data(overview)
            self._say_of(overview)
        # a drawing is a picture to any network of pictures, a row one only to those of the same table
        like = (overview.kind, () if overview.offers.has_maps else (overview.shape, overview.fields))
        gone = isinstance(self._picture, FromTestPart) and self._picture.row >= overview.tested
        if like != self._like or gone or (self._picture is None and not self.panel.waits):
            self.panel.show_row(0)
        else:
            self._ask()
        self._like = like

    def _say_of(self, overview: RunOverview) -> None:
        """Head and how-to-read lines for pictures, points or rows."""
        pictures = overview.offers.has_maps
        self._say_how_to_read()
        self.cards[0].title.setText(
            self.words(self.question) if pictures else self.tr("What does each of them answer?")
        )
        on_pictures, on_rows = self.tr("On which pictures do they differ most?"), self.tr("Where do they differ most?")
        self._below.title.setText(on_pictures if pictures else on_rows)

    def _say_how_to_read(self) -> None:
        """What a bar is, and what is bright."""
        if self._overview is None or not self._overview.offers.has_maps:
            words = self.tr("A bar is how sure it is of an answer, %. All three answered the very same.")
        else:
            explained = self.maps.wish.kind == "grad_cam"
            words = self.words(self.how_to_read_explained if explained else self.how_to_read)
        self.cards[0].set_how_to_read(words)

    def _take(self, given: Given) -> None:
        self._picture = given
        self._ask()

    def _take_nothing(self) -> None:
        """What was answered before was about another picture."""
        self._picture = self._trial = None
        if self.inspection is not None:
            self.inspection.take_back(self._topic("trial"))
        self.seats.show_nothing()

    def _ask(self) -> None:
        """Ask everybody about what was given last."""
        overview, given = self._overview, self._picture
        if self.inspection is None or overview is None or given is None:
            return
        self._asked_at = time.monotonic()
        run, asked, wish = overview.run, self.seats.asked, self.maps.wish

        def question(inspector: Inspector, stopping: Callable[[], bool]) -> Trial:
            return try_out(inspector, run, given, asked, stopping, wish)

        self.inspection.ask(self._topic("trial"), question, self._show_trial, self._show_trouble)

    def _ask_maps(self) -> None:
        """Other maps are wanted."""
        self._say_how_to_read()
        self._ask()

    def _ask_others(self) -> None:
        """Somebody else sits in a column."""
        if self.current is not None:
            self.seats.show_owners(self.current, self.shown)
        self._ask()

    # --- answers -----------------------------------------------------------------------------------------------------

    def _show_trial(self, trial: Trial) -> None:
        self._trial = trial
        self.panel.show_example(trial.given, trial.example)
        self._show_answers()

    def _show_answers(self) -> None:
        """The answers to what was given last, with the maps a person wants to see."""
        trial = self._trial
        if trial is not None:
            pictured = trial.example.values.ndim == PICTURE
            given = [one for one in trial.answers.values() if isinstance(one, ModelAnswer)]
            self.maps.show_answers(given if pictured else ())
            self.seats.show_trial(trial, self.maps.depth_chosen)

    def _show_trouble(self, error: StudioError) -> None:
        words = " ".join(say(part) for part in (error.what, error.why, error.remedy) if part)
        self._trial = None
        self.panel.say_trouble(words)
        self.seats.show_nothing()

    def _name(self, truth: str) -> None:
        """A person says what their picture is."""
        if self._trial is not None:
            self._show_trial(replace(self._trial, example=replace(self._trial.example, truth=truth)))

    def _show_differences(self, found: DifferingPictures | tuple[()]) -> None:
        run, overview = self.current, self._overview
        if isinstance(found, DifferingPictures) and found.sets and run is not None and overview is not None:
            self.differences.show_differences(found, overview.classes, run.color_index)
            self._below.setVisible(self.may_show(self.cards[1]))
        else:
            self._below.hide()

    def _hide_differences(self, _error: StudioError) -> None:
        self._below.hide()

    # --- dropped and pasted ------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture, or the file of one; what else is dropped is the window's business."""
        if holds_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """It is tried at once."""
        data = event.mimeData()
        image = image_in(data)
        if image is not None:
            self.panel.take_image(image, self.tr("the dropped picture"))
        elif data.urls():
            self.panel.take_file(Path(data.urls()[0].toLocalFile()))
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste a picture."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.panel.paste_picture()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """What was asked for a view nobody sees, or that closes with its window, is taken back; it asks again when shown."""
        super().hideEvent(event)
        if self.inspection is not None:
            topics = [self._topic(of) for of in ("overview", "differences", "trial")]
            if any(self.inspection.waits(topic) for topic in topics):
                self._asked_for = ("", "")
            for topic in topics:
                self.inspection.take_back(topic)

    # --- values ------------------------------------------------------------------------------------------------------

    def _table(self) -> CsvTable:
        rows: list[list[Value]] = []
        trial = self._trial
        for seat, answered in (trial.answers if trial is not None else {}).items():
            if isinstance(answered, ModelAnswer) and trial is not None:
                answer = answered.answer
                rows += [
                    [
                        self.columns[seat].title.text(),
                        name,
                        float(share),
                        name == trial.example.truth,
                        answer.time.milliseconds,
                    ]
                    for name, share in zip(answer.classes, answer.probabilities, strict=True)
                ]
        return CsvTable(["network", "class", "probability", "right", "milliseconds"], rows)

    def _difference_table(self) -> CsvTable:
        return self.differences.table()


VIEW = TryItView
