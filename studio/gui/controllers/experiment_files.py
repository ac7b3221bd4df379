"""Experiments and reports as files: new, open, save, the gallery, the draft that is kept between two times."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from studio.core.errors import StudioError
from studio.core.files import write_whole
from studio.experiment import load, loads, to_toml
from studio.gui.experiment.draft import SEEDS, ExperimentDraft
from studio.gui.shell.window import Window
from studio.gui.system import repolish
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.views.base import View
from studio.gui.views.saving import png
from studio.gui.views.view_picture import picture_of
from studio.runs.comparison.report_sections import write_report_beside
from studio.runs.presets.preset_sets import load_all
from studio.runs.presets.presets import all_presets, find_preset
from studio.runs.results.html_report import Illustration
from studio.runs.store.workspace import Workspace
from studio.runs.teacher_source import with_network_of_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.experiment import Experiment
    from studio.gui.presenters.draft_info import Values
    from studio.runs.run_info import RunInfo


class ExperimentFiles(QObject):
    """Fills the draft from files and writes it to them.

    A teacher that is the student of a run comes with that run's network, whatever a file says beside it.

    Signals:
        trouble: a :class:`StudioError` to be shown.
        saved: a sentence, what was written where.
    """

    trouble = Signal(object)
    saved = Signal(str)

    def __init__(self, window: Window, workspace: Workspace, background: BackgroundJobs, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._workspace = workspace
        self._background = background
        self._draft: ExperimentDraft = window.draft

    def new(self) -> None:
        """Start with the first ready experiment; the one before can be brought back by undoing."""
        self.load_preset(all_presets()[0].key)

    def load_preset(self, key: str) -> bool:
        """Take a ready experiment into the panels; False where its file is broken."""
        try:
            shown = find_preset(key)
            self._draft.load_experiment(load(shown.path, shown.overrides), self.tr("ready experiment"))
        except StudioError as error:
            self.trouble.emit(error)
            return False
        return True

    def variants(self, key: str) -> list[Experiment]:
        """The runs of a ready experiment, one where it is no set; empty where its file is broken."""
        try:
            shown = find_preset(key)
            return load_all(shown.path, shown.overrides)
        except StudioError as error:
            self.trouble.emit(error)
            return []

    def ask_open(self) -> None:
        """Ask for an experiment file and take it into the panels."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open an experiment file"), "", self.tr("Experiments (*.toml)")
        )
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Take an experiment file into the panels."""
        try:
            self._show(load(path), self.tr("opening of {name}").format(name=path.name))
        except StudioError as error:
            self.trouble.emit(error)

    def reuse(self, info: RunInfo) -> None:
        """Take the experiment of a run into the panels."""
        try:
            self._show(info.experiment_to_change, self.tr("experiment of {name}").format(name=info.name))
        except StudioError as error:
            self.trouble.emit(error)

    def _show(self, experiment: Experiment, words: str = "", beside: Values | None = None) -> None:
        self._draft.load_experiment(with_network_of_runs(experiment, self._workspace), words, beside)

    def ask_save(self) -> None:
        """Ask for a file and write the experiment in the panels into it."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the experiment"), "experiment.toml", self.tr("Experiments (*.toml)")
        )
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write the experiment in the panels into ``path``; of several seeds the first."""
        try:
            write_whole(path, to_toml(self._draft.experiments()[0]).encode())
        except StudioError as error:
            self.trouble.emit(error)
        else:
            self.saved.emit(self.tr("The experiment is saved as {path}").format(path=path))

    # --- between two times --------------------------------------------------------------------------------------------

    def restore(self, toml: str, seeds: Sequence[int] = (), beside: Values | None = None) -> None:
        """The draft of the last time, with its seeds where they were several; else the first ready experiment.

        Nothing to undo afterwards; ``beside`` tells what had been changed by hand.
        """
        try:
            self._show(loads(toml, Path.cwd()), beside=beside)
            if len(seeds) > 1:
                self._draft.set(SEEDS, list(seeds))
        except StudioError:
            self.new()
        self._draft.edits.clear()

    def draft_toml(self) -> str:
        """The draft for the next time, empty where it cannot be an experiment."""
        try:
            return to_toml(self._draft.experiments()[0])
        except StudioError:
            return ""

    # --- reports ------------------------------------------------------------------------------------------------------

    def ask_report(
        self, info: RunInfo, views: Sequence[View], others: Sequence[RunInfo] = (), runs: Sequence[RunInfo] = ()
    ) -> None:
        """Ask for a file and write a report of a run into it; see :meth:`report`."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save a report"), f"{info.id}.html", self.tr("Web pages (*.html)")
        )
        if name:
            self.report(Path(name), info, views, others, runs)

    def report(
        self,
        path: Path,
        info: RunInfo,
        views: Sequence[View],
        others: Sequence[RunInfo] = (),
        runs: Sequence[RunInfo] = (),
    ) -> None:
        """Write a report of a run, with these views as they are drawn now.

        Args:
            others: runs it is compared with, a section for each.
            runs: among which further seeds of both are looked for.
        """
        pictures = [_illustration(view) for view in views if view.empty_reason() is None]
        sentence = self.tr("The report is saved as {path}").format(path=path)
        job = partial(write_report_beside, path, info, tuple(others), tuple(runs), pictures)
        self._background.submit(job, partial(self._written, sentence), self.trouble.emit)

    def _written(self, sentence: str, _nothing: object) -> None:
        self.saved.emit(sentence)


def _illustration(view: View) -> Illustration:
    repolish.catch_up(view)
    return Illustration(view.words(view.question), view.words(view.how_to_read), png(picture_of(view)))
