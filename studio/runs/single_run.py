"""A run that is one training: its references first, then itself, then what it reached beside them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from studio.core.errors import StoppedEarly
from studio.core.message import NOTHING, Text
from studio.events import Notice, Progress, State
from studio.experiment import Experiment
from studio.runs.files.folder import RunFolder
from studio.runs.files.summary import Summary
from studio.runs.references import ROLES, ReferenceRole, wanted
from studio.runs.results import summarise
from studio.runs.run_emitter import RunEmitter
from studio.runs.run_obtainer import RunObtainer
from studio.runs.store.workspace import Workspace
from studio.runs.student_start import bring_start
from studio.runs.summary_writer import SummaryWriter
from studio.runs.teacher_source import bring_teacher, drop_given_teacher
from studio.runs.unverified import TeacherDiffers, record_sums
from studio.training import session
from studio.training.control import Control
from studio.training.hooks import Hook
from studio.training.predictions import Predictions
from studio.training.setup import Places

_STOPPED: dict[ReferenceRole, str] = {
    "teacher": "Stopped while the teacher was being trained.",
    "alone": "Stopped while the student was being trained alone.",
}


@dataclass(frozen=True)
class Reached:
    """What a sitting has come to: the summary with it, how it ended, and the run's sentence where it has one of its own."""

    summary: Summary
    state: State
    reason: Text
    told: Text = NOTHING


@dataclass(frozen=True)
class SingleRun:
    """One sitting of it, from where its folder stands to its end.

    Attributes:
        hooks: called while it learns, not while its references do.
        obtainer: gives its references.
    """

    folder: RunFolder
    experiment: Experiment
    workspace: Workspace
    control: Control
    hooks: tuple[Hook, ...]
    emit: RunEmitter
    writer: SummaryWriter
    obtainer: RunObtainer

    def run(self) -> None:
        """What the student begins with, references with the teacher first, the run itself, and what it reached beside them.

        Raises:
            StudioError: it cannot begin, see :func:`studio.training.session.run_session`.
            RunFailed, NotWritten: it could not go on.
        """
        folder, emit, writer = self.folder, self.emit, self.writer
        unusable: set[str] = set()
        start = bring_start(self.experiment, self.workspace, folder, self._tell_download)
        while self._bring_references(unusable):
            teacher = self._bring_teacher()
            places = Places(folder.path, self.workspace.cache, teacher, start)
            emit.alone_accuracy = self._alone_accuracy()
            try:
                reached = self._sit(places)
            except TeacherDiffers as differs:
                emit(Notice(level="warning", what=differs.what))
                unusable.add(differs.run)
                folder.teacher.unlink(missing_ok=True)
                emit.unverified_teacher = None
                continue
            drop_given_teacher(folder)
            if emit.unverified_teacher is not None:
                record_sums(emit.unverified_teacher, "teacher")
            writer.write(reached.summary)
            writer.write_end(summarise.final(reached.state), reached.reason, reached.told)
            return

    def _sit(self, places: Places) -> Reached:
        """The training, from its last checkpoint where there is one."""
        outcome = session.run_session(
            self.experiment,
            places,
            self.emit,
            self.control,
            resume=self.folder.has_checkpoint,
            hooks=self.hooks,
        )
        summary = summarise.reached(self.writer.summary, outcome)
        return Reached(self.compared(summary, outcome.predictions), outcome.state, outcome.reason)

    def compared(self, summary: Summary, own: Predictions) -> Summary:
        """The summary with the share of the gap to its teacher, where the student was trained alone too."""
        alone = summary.references.get("alone")
        other = summarise.read_predictions(self.workspace.folder(alone)) if alone is not None else None
        return summarise.compared(summary, own, other)

    def _bring_references(self, unusable: Collection[str]) -> bool:
        """Find or train what the run asks for; False where a person stopped that, which ends the run.

        Args:
            unusable: runs that are no references, whatever they recorded.
        """
        folder, experiment, emit, writer = self.folder, self.experiment, self.emit, self.writer
        wishes = wanted(experiment)
        for role in ROLES:
            wish = wishes.get(role)
            if wish is not None and not summarise.has_reference(writer.summary, role, folder):
                info = self.obtainer.obtain(role, wish, folder.id, emit, unusable)
                if info.state == "stopped":
                    writer.write_end("stopped", Text(_STOPPED[role]))
                    return False
                writer.write(summarise.with_reference(writer.summary, role, info))
                if role == "teacher":
                    emit.unverified_teacher = None if info.files else info
            if role == "teacher":  # it is safe in this run's folder before the other is trained
                self._bring_teacher()
        return True

    def _alone_accuracy(self) -> float | None:
        """What the student alone reached, where it was trained."""
        measured = self.writer.summary.accuracy.get("alone")
        return measured.value if measured is not None else None

    def _bring_teacher(self) -> Path | None:
        """See :func:`studio.runs.teacher_source.bring_teacher`."""
        references = self.writer.summary.references
        return bring_teacher(self.experiment, self.workspace, references, self.folder, self._tell_download)

    def _tell_download(self, words: Text, fraction: float | None) -> None:
        """Tell how far it is; it can be stopped."""
        self.emit(Progress(words=words, fraction=fraction))
        if self.control.stopping:
            raise StoppedEarly("The run was stopped before it began.")
