"""The runs as the window knows them: the list, which are laid over each other, their values, and the live ones."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import is_
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.core.errors import StudioError
from studio.core.message import NOTHING, Text
from studio.events import Event, Progress, RunEnded, RunStarted, State
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.presenters.shown_run import AveragedAnswers, ShownRun
from studio.gui.run_store.alone_runs import alone_ids, alone_of
from studio.gui.run_store.drawn_runs import DrawnRuns
from studio.gui.run_store.live_runs import LiveRun, LiveRuns
from studio.gui.run_store.run_edits import RunEdits
from studio.gui.run_store.run_histories import RunHistories
from studio.gui.run_store.run_listing import RunListing
from studio.gui.run_store.run_names import names_at_lines, names_in_table, names_of_groups
from studio.gui.run_store.workspace_follower import WorkspaceFollower
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.system.window_settings import WindowSettings
from studio.runs.files.history import RunHistory
from studio.runs.results.chain_text import go_on_words, next_role
from studio.runs.results.seed_group import SeedGroup
from studio.runs.results.table import RowKind
from studio.runs.run_info import RunInfo

if TYPE_CHECKING:
    from studio.runs.store.workspace import Workspace, WorkspacePulse


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
        self._is_listed = False
        #: What follows from the list: made when first asked for, and again when the list is another.
        self._names: dict[str, str] | None = None
        self._listing = RunListing()
        self._drawn = DrawnRuns(settings.ticked, settings.colors, settings.put_away)
        self._histories = RunHistories(background, self.overlaid.emit, self.trouble.emit)
        self._live = LiveRuns()
        #: Names, notes and the bin.
        self.edits = RunEdits(workspace, background, self.refresh, self._histories.pop, self.trouble.emit)
        self._follower = WorkspaceFollower(background, self._look, self._list, self)

    # --- the list ----------------------------------------------------------------------------------------------------

    @property
    def runs(self) -> list[RunInfo]:
        """All runs: those a person asked for, then those that were trained for them, each the newest first."""
        return list(self._infos.values())

    def find(self, run: str) -> RunInfo | None:
        """What is known of a run."""
        return self._infos.get(run)

    def name(self, run: str) -> str:
        """What a run is called, with seed and time where others are called the same; empty while it is not listed yet."""
        if self._names is None:
            self._names = names_in_table(self._infos.values())
        return self._names.get(run, "")

    @property
    def kinds(self) -> Mapping[str, RowKind]:
        """Run id to "teacher" or "alone", as far as the list tells."""
        return self._listing.kinds

    def roles(self) -> Mapping[str, StrokeRole]:
        """Run id to "teacher" or "alone", for the runs that others refer to, or will when they have been trained."""
        return ChainMap(self._listing.kinds, self._live.roles)

    def state(self, info: RunInfo) -> State:
        """What a run is now; of one that has just ended here what it said itself."""
        return self._live.state(info)

    def seed_group(self, run: str) -> SeedGroup | None:
        """What the seeds of a run's experiment reached together; None where fewer than two have come to their end."""
        info = self._infos.get(run)
        if info is None or not info.group or info.is_chain:
            return None
        return SeedGroup.of(one for one in self._infos.values() if one.group == info.group)

    def go_on_words(self, info: RunInfo) -> Text:
        """What a button says that goes on with a run: of a chain that has not ended from which step."""
        from_step = info.is_chain and info.resumable
        return go_on_words(next_role(info, self._infos)) if from_step else Text("Go on with it")

    def refresh(self) -> None:
        """Read the folders again, in the background."""
        self._follower.list_now()

    def follow(self, on: bool) -> None:
        """Show what other processes do in the workspace as well, or no longer."""
        self._follower.follow(on)

    def sweep(self) -> None:
        """Remove, in the background, what processes that are no more left half made."""
        self._background.submit(self.workspace.sweep, self._handle_swept)

    def _handle_swept(self, removed: list[Path]) -> None:
        if removed:
            self.refresh()

    def _look(self) -> WorkspacePulse:
        return self.workspace.pulse(besides=list(self._live))

    def _list(self, listed: Callable[[WorkspacePulse | None], None]) -> None:
        def read() -> tuple[RunListing, WorkspacePulse]:
            return RunListing.of(self.workspace.runs()), self.workspace.pulse_when_listed

        def show(read: tuple[RunListing, WorkspacePulse]) -> None:
            listed(read[1])
            self._show_list(read[0])

        def fail(error: StudioError) -> None:
            listed(None)
            self.trouble.emit(error)

        self._background.submit(read, show, fail)

    def _show_list(self, listing: RunListing) -> None:
        before, self._infos = self._infos, listing.infos
        self._live.refresh(self._infos)
        same = len(before) == len(self._infos) and all(map(is_, before.values(), self._infos.values()))
        if self._is_listed and same:
            return
        self._is_listed = True
        self._names, self._listing = listing.names, listing
        self._take_list(before)
        self.listed.emit()
        self.overlaid.emit()

    def _take_list(self, before: Mapping[str, RunInfo]) -> None:
        self._drawn.keep_only(self._known())
        self._drawn.compare_by(ChainMap(self._listing.tested_on, self._live.tested_on))
        for run in self._drawn.drawn:
            earlier, info = before.get(run), self._infos.get(run)
            if (
                earlier is not info
                and earlier is not None
                and info is not None
                and "running" in (earlier.state, info.state)
            ):
                self._histories.read_again(info)  # another process has gone on with it
            self._read_history(run)

    def _known(self) -> set[str]:
        return {*self._infos, *self._live}

    # --- laid over each other ----------------------------------------------------------------------------------------

    @property
    def ticked(self) -> list[str]:
        """The runs that are to be laid over each other."""
        return self._drawn.ticked

    @property
    def drawn(self) -> list[str]:
        """Those of the ticked runs that are drawn: all, or as many as can be told apart."""
        return self._drawn.drawn

    def is_ticked(self, run: str) -> bool:
        """Whether a run is to be drawn."""
        return run in self._drawn

    @property
    def off(self) -> list[str]:
        """The runs that were ticked and are not drawn, for they were tested on other data than those that are."""
        return self._drawn.off

    def is_drawn(self, run: str) -> bool:
        """Whether it is drawn."""
        return self._drawn.is_drawn(run)

    def is_comparable(self, run: str) -> bool:
        """Whether a run can be laid over those in question: it was tested on the same data."""
        return self._drawn.is_comparable(run)

    def tick(self, runs: Iterable[str], on: bool) -> None:
        """Draw runs, or no longer; where they are of other data than what is drawn, instead of that."""
        (self._drawn.tick if on else self._drawn.untick)(*runs)
        self._show_drawn()

    def tick_only(self, runs: Sequence[str]) -> None:
        """Draw these runs and no others; the first is the one in question, unless another of them was."""
        self._drawn.choose(self.current if self.current in runs else runs[0])
        self._drawn.tick(*runs)
        self._drawn.untick(*[other for other in self._drawn.ticked if other not in runs])
        self._show_drawn()

    def _show_drawn(self) -> None:
        for run in self._drawn.drawn:
            self._read_history(run)
        self._histories.keep_few([*self._drawn.drawn, *alone_ids(self._drawn.drawn, self._infos)])
        self._settings.ticked, self._settings.put_away = self._drawn.kept, self._drawn.put_away
        self._settings.colors = self._drawn.colors_of(self._known())
        self.overlaid.emit()

    @property
    def current(self) -> str:
        """The run the panels, the slider and the result speak of: the chosen one while it is drawn, else the first drawn."""
        return self._drawn.current(self.roles())

    def set_current(self, run: str) -> None:
        """Speak of this run; it is drawn if it was not."""
        self._drawn.choose(run)
        self.tick([run], on=True)

    def color(self, run: str) -> int | None:
        """The colour index of a run; None if it was never drawn."""
        return self._drawn.color(run)

    # --- their values ------------------------------------------------------------------------------------------------

    def history(self, run: str) -> RunHistory | None:
        """The values of a run, live or read from its folder; None while they are being read."""
        live = self._live.find(run)
        return live.history if live is not None else self._histories.find(run)

    def when_read(self, run: str, then: Callable[[], None]) -> None:
        """Call ``then`` once the values of a run are there, or cannot be had."""
        self._read_history(run)
        self._histories.when_read(run, then)

    def _read_history(self, run: str) -> None:
        for each in (run, *alone_ids([run], self._infos)):
            info = self._infos.get(each)
            if info is not None and self._live.find(each) is None:
                self._histories.read(info)

    def shown_runs(self) -> list[ShownRun]:
        """What the views are to draw: the drawn runs whose values are there, and references while they train."""
        roles, current, ids = self.roles(), self.current, self._drawn.drawn
        drawn = [info for run in ids if (info := self._infos.get(run)) is not None]
        names, groups = names_at_lines(drawn), names_of_groups(drawn)
        shown = []
        training = (run for run in self._live if run not in ids and run in roles and self.is_comparable(run))
        for run in [*ids, *training]:
            history = self.history(run)
            if history is None:
                continue
            info, live = self._infos.get(run), self._live.find(run)
            if info is not None:
                name = names[run] if run in names else names_at_lines([*drawn, info])[run]
                history.label = name or history.label
            gap, words = (info.gap, info.gap_words) if info is not None and live is None else (None, NOTHING)
            if live is not None and not live.history.plan:
                words = self._live.before_the_student()
            role, color = roles.get(run, "run"), self._drawn.color(run) or 0
            group, method = (info.group, info.method) if info is not None else ("", "")
            averaged = AveragedAnswers.of(info)
            step, made = self._live.step_of(run), self._histories.made(run)
            seeds = self.seed_group(run) if run == current and live is None else None
            alone, why = alone_of(info, self._infos, self.history)
            told = (history, color, role, run == current, gap, words, group, method, step, averaged, seeds, *made)
            shown.append(ShownRun(*told, alone, why, groups.get(group, history.label), info))
        return shown

    # --- live --------------------------------------------------------------------------------------------------------

    @property
    def asked(self) -> str:
        """The run that trains now, or whose references train; empty where none does."""
        return self._live.asked

    def live(self, run: str) -> LiveRun | None:
        """A run as it trains now, if it does."""
        return self._live.find(run)

    @property
    def live_runs(self) -> list[str]:
        """The ids of the runs that train now."""
        return list(self._live)

    def start_job(self, run: str = "", tested_on: str = "") -> None:
        """The next events are of ``run``, or of a new one, and of the references it asks for.

        Args:
            tested_on: stands for the data they are tested on, see :attr:`RunInfo.tested_on`.
        """
        self._live.start_job(tested_on)
        if run:
            self._start_run(run)

    def handle_events(self, events: Sequence[Event]) -> None:
        """Events of the run that trains and of the references it asked for. Its first event names it."""
        for event in events:
            if event.run:
                self._handle_event(event)

    def _handle_event(self, event: Event) -> None:
        live = self._live.find(event.run) or self._start_run(event.run)
        self._live.handle_event(event)
        match event:
            case Progress():
                live.fraction = event.fraction or 0.0
                return
            case RunStarted():
                self._live.add_plan(event)
            case RunEnded() if event.run != self.asked:
                self._keep(self._live.end_reference(event))
            case _:
                return
        self.refresh()
        self.overlaid.emit()

    def _start_run(self, run: str) -> LiveRun:
        """A run begins, or goes on with what it had."""
        first = not self.asked
        live = self._live.start(self._histories.pop(run) or RunHistory(run))
        if first:
            self._drawn.compare_by(ChainMap(self._listing.tested_on, self._live.tested_on))
            self._drawn.bring_up(run, self._listing.worth_comparing)
            self._show_drawn()
        self.refresh()
        return live

    def _keep(self, ended: RunHistory) -> None:
        """Keep the values of a run that has ended while it is drawn; what was live has all its snapshots in memory."""
        if self.is_drawn(ended.run):
            self._histories.keep(ended)

    def end_job(self, info: RunInfo | None) -> None:
        """The job is over; what was live is now as its folder has it."""
        for ended in self._live.end_job(info):
            self._keep(ended)
        if info is not None:
            self._infos[info.id] = info
            self._names = None
            if (history := self._histories.find(info.id)) is not None:
                history.teacher = info.teacher_accuracy or history.teacher
                history.alone = info.alone_accuracy or history.alone
                history.state = info.state
                self._histories.read_again(info)  # from its folder, its snapshots no longer in memory
        self._histories.keep_few([*self._drawn.drawn, *alone_ids(self._drawn.drawn, self._infos)])
        self.refresh()
        self.overlaid.emit()
