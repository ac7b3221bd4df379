"""The runs as the window knows them: the list, which are laid over each other, their colours, and the live ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.core.errors import StudioError
from studio.core.message import NOTHING, Text
from studio.events import Event, Progress, RunEnded, RunStarted, State
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.system.window_settings import WindowSettings
from studio.runs.files.history import Reference, RunHistory
from studio.runs.references import wanted
from studio.runs.results.table import kinds
from studio.runs.run_info import RunInfo, read_history

if TYPE_CHECKING:
    from studio.experiment import Experiment
    from studio.runs.store.workspace import Workspace

#: Colours before they repeat.
COLORS = 6


@dataclass
class Live:
    """A run that this window trains, while it trains."""

    history: RunHistory
    began: float
    fraction: float = 0.0

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.began


class RunStore(QObject):
    """All runs of the workspace. Reading and writing happen in the background.

    Signals:
        listed: the list is another.
        overlaid: other runs are laid over each other, or in other colours, or their values have arrived.
        trouble: a :class:`StudioError` to be shown.
    """

    listed = Signal()
    overlaid = Signal()
    trouble = Signal(object)

    def __init__(
        self, workspace: Workspace, background: BackgroundJobs, settings: WindowSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._background = background
        self._settings = settings
        self._infos: dict[str, RunInfo] = {}
        self._ticked = settings.ticked
        self._colors = settings.colors
        self._histories: dict[str, RunHistory] = {}
        self._live: dict[str, Live] = {}
        self._reading: set[str] = set()
        self._waiting: dict[str, list[Callable[[], None]]] = {}
        self._current = ""
        self._asked = ""
        self._expected: dict[str, StrokeRole] = {}
        self._roles: dict[str, StrokeRole] = {}
        self._ended: dict[str, State] = {}

    # --- the list ----------------------------------------------------------------------------------------------------

    @property
    def runs(self) -> list[RunInfo]:
        """All runs, the newest first."""
        return list(self._infos.values())

    def roles(self) -> dict[str, StrokeRole]:
        """Run id to "teacher" or "alone", for the runs that others refer to, or will when they have been trained."""
        expected = {
            info.id: self._expected[info.name]
            for info in self._infos.values()
            if info.parent and info.parent == self._asked and info.name in self._expected
        }
        return {**expected, **self._roles, **kinds(self._infos.values())}

    def find(self, run: str) -> RunInfo | None:
        """What is known of a run."""
        return self._infos.get(run)

    def name(self, run: str) -> str:
        """What a run is called, with seed and time where others are called the same; empty while it is not listed yet."""
        info = self._infos.get(run)
        if info is None:
            return ""
        alike = [other for other in self._infos.values() if other.name == info.name and other.id != run]
        if not alike:
            return info.name
        name = self.tr("{name}, seed {seed}").format(name=info.name, seed=info.seed)
        if any(other.seed == info.seed for other in alike):
            name += info.created.astimezone().strftime(", %H:%M")
        return name

    def _name_at_line(self, run: str) -> str:
        """What a drawn run is called beside others that are drawn: no longer than what tells it from them.

        A run without a name of its own is called by its method where all are of the same data.
        """
        infos = [info for one in {run, *self._ticked} if (info := self._infos.get(one)) is not None]
        here = self._infos.get(run)
        if here is None:
            return ""
        same_data = len({info.dataset_title for info in infos}) == 1
        names = {info.id: _method_name(info) if same_data else info.name for info in infos}
        alike = [info for info in infos if info.id != run and names[info.id] == names[run]]
        if not alike:
            return names[run]
        name = self.tr("{name}, seed {seed}").format(name=names[run], seed=here.seed)
        if any(info.seed == here.seed for info in alike):
            name += here.created.astimezone().strftime(", %H:%M")
        return name

    def live(self, run: str) -> Live | None:
        """A run as it trains now, if it does."""
        return self._live.get(run)

    def list_again(self) -> None:
        """Read the folders again, in the background."""
        self._background.submit(self.workspace.runs, self._listed, self.trouble.emit)

    def _listed(self, infos: list[RunInfo]) -> None:
        self._infos = {info.id: info for info in infos}
        known = self._infos.keys() | self._live.keys()
        for run, live in self._live.items():
            if (info := self._infos.get(run)) is not None:  # references that were found, not trained
                live.history.teacher = live.history.teacher or info.teacher_reference
                live.history.alone = live.history.alone or info.alone_reference
        self._ended = {run: state for run, state in self._ended.items() if self._is_late(run)}
        self._ticked = [run for run in self._ticked if run in known]
        for run in self._ticked:
            self._want_history(run)
        self.listed.emit()
        self.overlaid.emit()

    def _is_late(self, run: str) -> bool:
        """Whether the list was read when a run that has ended here had not written that down yet."""
        info = self._infos.get(run)
        return info is None or info.state == "running"

    def state(self, info: RunInfo) -> State:
        """What a run is now; of one that has just ended here what it said itself."""
        return self._ended.get(info.id, info.state)

    def change(self, run: str, **labels: object) -> None:
        """Change name, notes, tags or favourite of a run."""
        self._background.submit(partial(self.workspace.label, run, **labels), self._changed, self.trouble.emit)

    def delete(self, run: str, then: Callable[[], None]) -> None:
        """Move a run to the bin, then call ``then``."""
        self._background.submit(
            partial(self.workspace.delete, run), partial(self._deleted, run, then), self.trouble.emit
        )

    def _deleted(self, run: str, then: Callable[[], None], _where: object) -> None:
        self._histories.pop(run, None)
        self.list_again()
        then()

    def restore(self, run: str) -> None:
        """Bring a deleted run back."""
        self._background.submit(partial(self.workspace.restore, run), self._changed, self.trouble.emit)

    def _changed(self, _result: object) -> None:
        self.list_again()

    # --- laid over each other ----------------------------------------------------------------------------------------

    @property
    def ticked(self) -> list[str]:
        """The runs laid over each other."""
        return list(self._ticked)

    def is_ticked(self, run: str) -> bool:
        """Whether a run is drawn."""
        return run in self._ticked

    def tick(self, runs: Iterable[str], on: bool) -> None:
        """Draw runs, or no longer."""
        for run in runs:
            if on and run not in self._ticked:
                self._give_color(run)
                self._ticked.append(run)
                self._want_history(run)
            elif not on and run in self._ticked:
                self._ticked.remove(run)
        self._remember()
        self.overlaid.emit()

    @property
    def current(self) -> str:
        """The run the panels, the slider and the result speak of: the chosen one while it is drawn, else the first drawn."""
        if self._current in self._ticked:
            return self._current
        roles = self.roles()
        return next((run for run in self._ticked if run not in roles), "")

    def make_current(self, run: str) -> None:
        """Speak of this run; it is drawn if it was not."""
        self._current = run
        self.tick([run], on=True)

    def color(self, run: str) -> int | None:
        """The colour index of a run; None if it was never drawn."""
        return self._colors.get(run)

    def _give_color(self, run: str) -> None:
        """The first colour that no drawn run has; a run keeps the one it had unless a drawn run has it now."""
        taken = {self._colors[other] for other in self._ticked if other in self._colors}
        if self._colors.get(run) in taken or run not in self._colors:
            self._colors[run] = next(index for index in range(len(taken) + 1) if index not in taken)

    def _remember(self) -> None:
        self._settings.ticked = self._ticked
        self._settings.colors = {
            run: index for run, index in self._colors.items() if run in self._infos or run in self._live
        }

    def when_read(self, run: str, then: Callable[[], None]) -> None:
        """Call ``then`` once the values of a run are there, or cannot be had."""
        self._want_history(run)
        if run in self._reading:
            self._waiting.setdefault(run, []).append(then)
        else:
            then()

    def _want_history(self, run: str) -> None:
        info = self._infos.get(run)
        if info is None or run in self._histories or run in self._live or run in self._reading:
            return
        self._reading.add(run)

        self._background.submit(partial(read_history, info), self._arrived, partial(self._not_read, run))

    def _arrived(self, history: RunHistory) -> None:
        if history.run not in self._live:
            self._histories[history.run] = history
        self.overlaid.emit()
        self._was_read(history.run)

    def _not_read(self, run: str, error: StudioError) -> None:
        self.trouble.emit(error)
        self._was_read(run)

    def _was_read(self, run: str) -> None:
        self._reading.discard(run)
        for then in self._waiting.pop(run, []):
            then()

    def history(self, run: str) -> RunHistory | None:
        """The values of a run, live or read from its folder; None while they are being read."""
        live = self._live.get(run)
        return live.history if live is not None else self._histories.get(run)

    def shown(self) -> list[ShownRun]:
        """What the views are to draw: the ticked runs whose values are there, and references while they train."""
        roles = self.roles()
        current = self.current
        made = []
        for run in [*self._ticked, *(run for run in self._live if run not in self._ticked and run in roles)]:
            history = self.history(run)
            if history is None:
                continue
            info = self._infos.get(run)
            history.label = self._name_at_line(run) or history.label
            made.append(
                ShownRun(
                    history,
                    self._colors.get(run, 0),
                    roles.get(run, "run"),
                    run == current,
                    info.gap if info is not None and run not in self._live else None,
                    self._gap_words(run, info),
                )
            )
        return made

    def _gap_words(self, run: str, info: RunInfo | None) -> Text:
        """Why no share of the gap is given."""
        live = self._live.get(run)
        if live is not None and not live.history.plan:
            return Text("The student begins when its references are there.")
        return info.gap_words if info is not None and live is None else NOTHING

    # --- live --------------------------------------------------------------------------------------------------------

    @property
    def asked(self) -> str:
        """The run that trains now, or whose references train; empty where none does."""
        return self._asked

    def expect(self, experiment: Experiment, run: str = "") -> None:
        """The next events are of ``run``, or of a new one, of ``experiment``; its references are told by their names."""
        self._asked = ""
        if run:
            self._begin(run)
        self._expected = {wish.title: role for role, wish in wanted(experiment).items()}

    def take(self, events: Sequence[Event]) -> None:
        """Events of the run that trains and of the references it asked for. Its first event names it."""
        for event in events:
            if not event.run:
                continue
            live = self._live.get(event.run)
            if live is None:
                live = self._begin(event.run)
            if isinstance(event, Progress):
                live.fraction = event.fraction or 0.0
            live.history.take(event)
            if isinstance(event, RunStarted):
                self._started(event, live)
            if isinstance(event, RunEnded) and event.run != self._asked:
                self._reference_ended(event)

    def _started(self, event: RunStarted, live: Live) -> None:
        live.history.label = live.history.label or event.name
        if event.run != self._asked and event.name in self._expected:
            self._roles[event.run] = self._expected[event.name]
        self.list_again()
        self.overlaid.emit()

    def _begin(self, run: str) -> Live:
        """A run begins, or goes on with what it had."""
        history = self._histories.pop(run, None) or RunHistory(run)
        live = self._live[run] = Live(history, time.monotonic())
        self._ended.pop(run, None)
        if not self._asked:
            self._asked = self._current = run
            self.tick([run], on=True)
        self.list_again()
        return live

    def _reference_ended(self, event: RunEnded) -> None:
        """What a reference reached is a line to compare with from now on; it is a run like any other now."""
        asked = self._live.get(self._asked)
        self._histories[event.run] = self._live.pop(event.run).history
        self._ended[event.run] = event.state
        self.list_again()
        self.overlaid.emit()
        role = self._roles.get(event.run)
        if asked is not None and event.test_accuracy is not None and role is not None:
            setattr(asked.history, role, Reference(event.test_accuracy))

    def end(self, info: RunInfo | None) -> None:
        """The job is over; what was live is now as its folder has it."""
        for run, live in self._live.items():
            if live.history.state == "running" and info is not None and run == info.id:
                live.history.state = info.state
            self._histories[run] = live.history
            self._ended[run] = live.history.state if live.history.state != "running" else "interrupted"
        if info is not None and info.id in self._histories:
            history = self._histories[info.id]
            history.teacher = info.teacher_reference or history.teacher
            history.alone = info.alone_reference or history.alone
            history.state, history.reason = info.state, info.reason
            self._infos[info.id] = info
        self._live.clear()
        self._asked = ""
        self.list_again()
        self.overlaid.emit()


def _method_name(info: RunInfo) -> str:
    """The method of a run that was given no name of its own, else that name."""
    return info.method_title if info.name == f"{info.method_title} on {info.dataset_title}" else info.name
