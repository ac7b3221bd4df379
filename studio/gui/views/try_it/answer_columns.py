"""The three columns side by side, and whom each of them asks: the run's own, another run, or a network in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QWidget

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.try_it.answer_column import AnswerColumn
from studio.gui.views.try_it.difference_strip import ROLES
from studio.runs.inspect.asked_model import SEATS, AskedModel, ModelAnswer, NamedModel, RunOverview, Seat, maps_alike
from studio.runs.inspect.trial import Trial


class AnswerColumns(QWidget):
    """``seated``: another model sits in one of them, and is to be asked."""

    seated = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: dict[Seat, str] = {
            "teacher": self.tr("Teacher"),
            "student": self.tr("Taught student"),
            "alone": self.tr("Student alone"),
        }
        self._overview: RunOverview | None = None
        self._is_training = False
        self._chosen: dict[Seat, NamedModel] = {}
        self.columns: dict[Seat, AnswerColumn] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for seat in SEATS:
            line = QFrame()
            line.setProperty("surface", "line")
            line.setFixedWidth(1)
            row.addWidget(line)
            column = AnswerColumn(self._names[seat], ROLES[seat])
            column.setMinimumWidth(120)
            column.choose.setMenu(self._menu_for(seat))
            self.columns[seat] = column
            row.addWidget(column, 1)

    def _menu_for(self, seat: Seat) -> QMenu:
        """Filled when it is opened: the runs come and go."""
        menu = QMenu(self)
        menu.setProperty("seat", seat)
        menu.aboutToShow.connect(self._fill_menu)
        return menu

    # --- told by the view --------------------------------------------------------------------------------------------

    def show_overview(self, overview: RunOverview) -> None:
        """Whom there is to ask."""
        self._overview = overview

    def forget(self) -> None:
        """Another run is shown: nobody sits here yet."""
        self._overview = None
        self._chosen.clear()
        self.show_nothing()

    def show_nothing(self) -> None:
        """There is no answer."""
        for column in self.columns.values():
            column.show_nothing("")

    def show_trial(self, trial: Trial, depth: float | None) -> None:
        """The answers of all.

        Args:
            depth: which maps, see :meth:`ModelAnswer.place_at`.
        """
        alike = maps_alike(trial.answers, depth)
        times = {seat: each.answer.time for seat, each in trial.answers.items() if isinstance(each, ModelAnswer)}
        for seat, column in self.columns.items():
            answered = trial.answers.get(seat)
            if isinstance(answered, ModelAnswer):
                others = [time for other, time in times.items() if other != seat]
                column.show_answer(trial.example, answered, answered.place_at(depth), alike.get(seat))
                column.show_time(times[seat], times[seat].standing(others))
            elif answered is not None:
                column.show_trouble(answered)
            else:
                column.show_nothing(self._why_nobody(seat))

    def show_owners(self, run: ShownRun, shown: Sequence[ShownRun]) -> None:
        """Whose columns they are, in the colours of their runs."""
        self._is_training = run.history.state in ACTIVE
        for seat, column in self.columns.items():
            named = self._chosen.get(seat)
            if named is None:
                column.show_owner(self._names[seat], ROLES[seat], run.color_index)
                continue
            color = next((one.color_index for one in shown if one.history.run == named.model.run), None)
            column.show_owner(named.name, "alone" if color is None else "run", color or 0)

    @property
    def asked(self) -> Mapping[Seat, AskedModel]:
        """Who sits where: as a person chose, else teacher, student and student alone of the run."""
        own = {} if self._overview is None else dict(self._overview.seats)
        return own | {seat: named.model for seat, named in self._chosen.items()}

    def seat_file(self, seat: Seat, file: Path) -> None:
        """Ask the network in a file in one of the columns."""
        self.seat_model(seat, NamedModel(AskedModel(file=file), file.name))

    def seat_model(self, seat: Seat, named: NamedModel | None) -> None:
        """Ask another model in one of the columns; None for the run's own."""
        if named is None:
            self._chosen.pop(seat, None)
        else:
            self._chosen[seat] = named
        self.seated.emit()

    # --- menus -------------------------------------------------------------------------------------------------------

    def _why_nobody(self, seat: Seat) -> str:
        if self._is_training:
            return self.tr("Not there, or not there yet: this run still trains. Choose another run above, or wait.")
        if seat == "alone":
            return self.tr(
                "No student alone was trained for this run. “Try it without distillation” trains one; or choose another "
                "run above."
            )
        return self.tr("This run has no teacher. Choose another run above.")

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
        if named != "file":
            self.seat_model(seat, named)
            return
        words, kinds = self.tr("Choose a network"), self.tr("Networks (*.safetensors)")
        chosen, _ = QFileDialog.getOpenFileName(self, words, "", kinds)
        if chosen:
            self.seat_file(seat, Path(chosen))
