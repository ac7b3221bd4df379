"""The Try it view: what do teacher, taught student and student alone see in the same picture?"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.views.base import View
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.saving import CsvTable, Value
from studio.gui.views.try_it.answer_column import AnswerColumn
from studio.gui.views.try_it.difference_card import DifferenceChoice
from studio.gui.views.try_it.difference_strip import ROLES
from studio.gui.views.try_it.own_pixels import image_in, is_picture
from studio.gui.views.try_it.picture_panel import PicturePanel
from studio.gui.views.try_it.trial import FromTestPart, Given, Trial, try_out
from studio.runs.inspect.asked_model import SEATS, AskedModel, ModelAnswer, NamedModel, RunOverview, Seat
from studio.runs.inspect.differences import DifferingPictures

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.runs.inspect.inspector import Inspector

#: Seconds after which a network that still trains is asked again.
AGAIN = 2.0


class TryItView(View):
    """One picture, three answers. Networks and data are asked for in a worker; nothing that is given is kept."""

    key = "try_it"
    title = str(QT_TRANSLATE_NOOP("views", "Try it"))
    question = str(QT_TRANSLATE_NOOP("views", "What does each of them see in the same picture?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "A bar is how sure it is of an answer, %. Bright is where a late group of its layers answers strongly. All three "
            "answered the very same picture.",
        )
    )
    help_page = "try-it"
    roomy = True
    most = 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overview: RunOverview | None = None
        self._asked_for = ("", "")
        self._chosen: dict[Seat, NamedModel] = {}
        self._picture: Given | None = None
        self._trial: Trial | None = None
        self._like: object = None
        self._asked_at = 0.0
        self.setAcceptDrops(True)
        layout = QVBoxLayout(self.page)
        layout.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
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
        self.panel.named.connect(self._name)
        names: dict[Seat, str] = {
            "teacher": self.tr("Teacher"),
            "student": self.tr("Taught student"),
            "alone": self.tr("Student alone"),
        }
        self._names = names
        self.columns: dict[Seat, AnswerColumn] = {}
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.panel)
        for seat in SEATS:
            line = QFrame()
            line.setProperty("surface", "line")
            line.setFixedWidth(1)
            row.addWidget(line)
            column = AnswerColumn(names[seat], ROLES[seat])
            column.setMinimumWidth(120)
            column.choose.setMenu(self._menu_for(seat))
            self.columns[seat] = column
            row.addWidget(column, 1)
        return row

    def _menu_for(self, seat: Seat) -> QMenu:
        """Filled when it is opened: the runs come and go."""
        menu = QMenu(self)
        menu.setProperty("seat", seat)
        menu.aboutToShow.connect(self._fill_menu)
        return menu

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
        self._chosen.clear()
        self._below.hide()
        for column in self.columns.values():
            column.show_nothing("")

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
            self._ask()
        self._show_owners(run)

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
        if before is None or (before.run, before.classes) != (overview.run, overview.classes):
            self.panel.show_data(overview)
            self._say_of(overview)
        # a drawing is a picture to any network of pictures, a row one only to those of the same table
        like = (overview.kind, () if overview.offers.has_maps else (overview.shape, overview.fields))
        gone = isinstance(self._picture, FromTestPart) and self._picture.row >= overview.tested
        if self._picture is None or like != self._like or gone:
            self.panel.show_row(0)
        else:
            self._ask()
        self._like = like

    def _say_of(self, overview: RunOverview) -> None:
        """Head and how-to-read lines for pictures, points or rows."""
        pictures = overview.offers.has_maps
        bars = self.tr("A bar is how sure it is of an answer, %. All three answered the very same.")
        self.cards[0].set_how_to_read(self.words(self.how_to_read) if pictures else bars)
        self.cards[0].title.setText(
            self.words(self.question) if pictures else self.tr("What does each of them answer?")
        )
        on_pictures, on_rows = self.tr("On which pictures do they differ most?"), self.tr("Where do they differ most?")
        self._below.title.setText(on_pictures if pictures else on_rows)

    def _take(self, given: Given) -> None:
        self._picture = given
        self._ask()

    def _ask(self) -> None:
        """Ask everybody about what was given last."""
        overview, given = self._overview, self._picture
        if self.inspection is None or overview is None or given is None:
            return
        self._asked_at = time.monotonic()
        run, asked = overview.run, self._asked_models(overview)

        def question(inspector: Inspector, stopping: Callable[[], bool]) -> Trial:
            return try_out(inspector, run, given, asked, stopping)

        self.inspection.ask(self._topic("trial"), question, self._show_trial, self._show_trouble)

    def _asked_models(self, overview: RunOverview) -> Mapping[Seat, AskedModel]:
        """Who sits where: as a person chose, else teacher, student and student alone of the run."""
        return dict(overview.seats) | {seat: named.model for seat, named in self._chosen.items()}

    # --- answers -----------------------------------------------------------------------------------------------------

    def _show_trial(self, trial: Trial) -> None:
        self._trial = trial
        self.panel.show_example(trial.given, trial.example)
        for seat, column in self.columns.items():
            answered = trial.answers.get(seat)
            if isinstance(answered, ModelAnswer):
                column.show_answer(trial.example, answered, trial.alike.get(seat))
            elif answered is not None:
                column.show_trouble(answered)
            else:
                column.show_nothing(self._why_nobody(seat))

    def _why_nobody(self, seat: Seat) -> str:
        if seat == "alone":
            return self.tr(
                "No student alone was trained for this run. “Try it without distillation” trains one; or choose another "
                "run above."
            )
        return self.tr("This run has no teacher. Choose another run above.")

    def _show_trouble(self, error: StudioError) -> None:
        words = " ".join(say(part) for part in (error.what, error.why, error.remedy) if part)
        self._trial = None
        self.panel.say_trouble(words)
        for column in self.columns.values():
            column.show_nothing("")

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

    # --- whose columns they are --------------------------------------------------------------------------------------

    def _show_owners(self, run: ShownRun) -> None:
        for seat, column in self.columns.items():
            named = self._chosen.get(seat)
            if named is None:
                column.show_owner(self._names[seat], ROLES[seat], run.color_index)
                continue
            color = next((one.color_index for one in self.shown if one.history.run == named.model.run), None)
            column.show_owner(named.name, "alone" if color is None else "run", color or 0)

    def _fill_menu(self) -> None:
        menu, overview = self.sender(), self._overview
        if not isinstance(menu, QMenu):
            return
        menu.clear()
        seat: Seat = menu.property("seat")
        if overview is not None and seat in overview.seats:
            menu.addAction(self._names[seat]).setData((seat, None))
        for named in overview.others if overview is not None else ():
            menu.addAction(named.name).setData((seat, named))
        menu.addSeparator()
        menu.addAction(self.tr("A network file…")).setData((seat, "file"))
        for action in menu.actions():
            action.triggered.connect(self._choose)

    def _choose(self) -> None:
        action = self.sender()
        data = action.data() if action is not None and hasattr(action, "data") else None
        if not data:
            return
        seat, named = data
        if named == "file":
            chosen, _ = QFileDialog.getOpenFileName(
                self, self.tr("Choose a network"), "", self.tr("Networks (*.safetensors)")
            )
            if chosen:
                self.seat_file(seat, Path(chosen))
        else:
            self.seat_model(seat, named)

    def seat_file(self, seat: Seat, file: Path) -> None:
        """Ask the network in a file in one of the columns."""
        self.seat_model(seat, NamedModel(AskedModel(file=file), file.name))

    def seat_model(self, seat: Seat, named: NamedModel | None) -> None:
        """Ask another model in one of the columns; None for the run's own."""
        if named is None:
            self._chosen.pop(seat, None)
        else:
            self._chosen[seat] = named
        if self.current is not None:
            self._show_owners(self.current)
        self._ask()

    # --- dropped and pasted ------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture, or the file of one; what else is dropped is the window's business."""
        urls = event.mimeData().urls()
        local = len(urls) == 1 and urls[0].isLocalFile()
        if event.mimeData().hasImage() or (local and is_picture(Path(urls[0].toLocalFile()))):
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
                        answer.milliseconds,
                    ]
                    for name, share in zip(answer.classes, answer.probabilities, strict=True)
                ]
        return CsvTable(["network", "class", "probability", "right", "milliseconds"], rows)

    def _difference_table(self) -> CsvTable:
        return self.differences.table()


VIEW = TryItView
