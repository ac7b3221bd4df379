"""Gives the runs that others need - references, steps of chains: found again, gone on with, or made."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from studio.core.errors import RunFailed, StoppedEarly, StudioError, paragraph_of
from studio.core.message import Text, text
from studio.events import Listener, Notice, Phase, Progress
from studio.experiment import Experiment
from studio.networks.titles import network_title
from studio.runs.files.environment import Environment
from studio.runs.files.folder import RunFolder, read_document, write_document
from studio.runs.procedure_uses import used_sums
from studio.runs.references import ENDED_WELL, data_content, find_equal, fingerprint, is_usable, machine_of
from studio.runs.results.role_text import role_text
from studio.runs.run_emitter import RunEmitter
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.runs.student_start import start_digest
from studio.runs.teacher_source import teacher_digest
from studio.runs.unverified import record_sums
from studio.systems.base import procedure_of
from studio.systems.reference_experiments import needs_teacher
from studio.training.control import Control

_TRAINING: dict[str, str] = {
    "teacher": "Training the teacher, {network}",
    "alone": "Training the student alone, for comparison",
}
_AGAIN: dict[str, str] = {
    "teacher": "The same teacher was trained before; it is used again.",
    "alone": "The same student was trained alone before; that run is used again.",
}
_DAMAGED: dict[str, str] = {
    "teacher": "The same teacher was trained before, but what the run {run} kept of it is damaged; it is not used.",
    "alone": "The same student was trained alone before, but what the run {run} kept of it is damaged; it is not used.",
}
_STEP_TRAINING = "Training {network}, {role}"
_AVERAGING = "Averaging the answers of {n} networks"
_STEP_AGAIN = "An equal network was trained before; it is used again as {role}."
_STEP_DAMAGED = (
    "An equal network was trained before, but what the run {run} kept of it is damaged; {role} is trained anew."
)
_WORKING = "{method}: {role}"
_DONE_BEFORE = "The same was done before; it is used again as {role}."
_DONE_DAMAGED = "The same was done before, but what the run {run} kept of it is damaged; {role} is made anew."
_ANEW = "An equal run was broken off and cannot be gone on with; it is trained anew."


@dataclass(frozen=True)
class RunObtainer:
    """What it takes to find a run or to make it.

    Attributes:
        listener: told how far it is while nothing of the parent can be recorded.
        start: (experiment, role, parent) to a new run that has come to its end.
        go_on: goes on with a run that was broken off.
    """

    workspace: Workspace
    listener: Listener
    control: Control
    start: Callable[[Experiment, str, str], RunInfo]
    go_on: Callable[[RunInfo], RunInfo]

    def obtain(
        self, role: str, wish: Experiment, parent: str, emit: RunEmitter, unusable: Collection[str] = ()
    ) -> RunInfo:
        """An equal run that has ended and is intact, else one that is gone on with, else a new one.

        Args:
            role: what its model is in the whole.
            wish: what is trained or, of an ensemble, measured.
            parent: the run it is for.
            emit: tells and records what the parent says.
            unusable: runs that do not serve, whatever they recorded.

        Raises:
            RunFailed: it had begun and could not go on.
            StudioError: it cannot begin.
        """
        runs = [run for run in self.workspace.runs() if run.id not in unusable]
        word = self.fingerprint(wish, emit)
        again, damaged, doing = _words(wish, role)
        # a run that was killed between its last word and its summary is gone on with: that writes what it reached
        while (found := find_equal(runs, word)) is not None and found.state in ENDED_WELL and found.settled:
            if is_usable(found):
                emit(Notice(what=text(again, role=role_text(role))))
                if role == "alone" and not found.files:
                    record_sums(found, role)
                return found
            emit(Notice(level="warning", what=text(damaged, run=found.id, role=role_text(role))))
            runs = [run for run in runs if run.id != found.id]
        emit(Phase(words=doing))
        if found is not None:
            try:
                return self.go_on(found)
            except RunFailed:
                raise
            except StudioError as error:  # somebody else has taken it up, or its checkpoints are damaged
                emit(Notice(what=Text(_ANEW), why=paragraph_of(error)))
        return self.start(wish, role, parent)

    def renew_fingerprint(self, folder: RunFolder, experiment: Experiment) -> None:
        """Record what decides the numbers of a run that begins anew in its folder: data and versions may be others by now.

        Raises:
            StudioError: the data cannot be had.
            NotWritten: it cannot be recorded.
        """
        environment = read_document(folder.environment, Environment)
        if environment is not None:
            word = self.fingerprint(experiment)
            write_document(folder.environment, environment.model_copy(update={"fingerprint": word}))

    def fingerprint(self, experiment: Experiment, emit: RunEmitter | None = None) -> str:
        """See :func:`studio.runs.references.fingerprint`. Looking through a person's own files may take a while the first time.

        Args:
            emit: of the run that waits for it and can be stopped meanwhile; None where nothing is written yet.
        """
        teacher = teacher_digest(experiment, self.workspace)
        if needs_teacher(experiment) and not teacher:
            return ""

        def progress(words: Text, fraction: float | None) -> None:
            (emit or self.listener)(Progress(words=words, fraction=fraction))
            if emit is not None and self.control.stopping:
                raise StoppedEarly("The run was stopped before it began.")

        content = data_content(experiment, self.workspace.cache, progress)
        uses = used_sums(experiment, self.workspace)
        start = start_digest(experiment, self.workspace)
        return fingerprint(experiment, machine_of(experiment), teacher, content=content, uses=uses, start=start)


def _words(wish: Experiment, role: str) -> tuple[str, str, Text]:
    """What is said where an equal run serves, where it is damaged, and while a new one is made."""
    if procedure_of(wish) is not None:
        return _DONE_BEFORE, _DONE_DAMAGED, text(_WORKING, method=wish.method.title, role=role_text(role))
    members = len(wish.student.members)
    doing = _AVERAGING if members else _TRAINING.get(role, _STEP_TRAINING)
    words = text(doing, network=network_title(wish.student_network), role=role_text(role), n=members)
    return _AGAIN.get(role, _STEP_AGAIN), _DAMAGED.get(role, _STEP_DAMAGED), words
