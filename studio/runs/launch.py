"""The one door through which runs start, go on, and end on disk; window, terminal and studies all come through here."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import traceback
from dataclasses import dataclass
from pathlib import Path

from studio.core.errors import NotWritten, RunFailed, StoppedEarly, StudioError
from studio.core.files import write_whole
from studio.core.message import Text, text
from studio.events import Event, Listener, Notice, Phase, Resumed, RunEnded, RunStarted, ignore_event
from studio.experiment import Experiment, to_toml
from studio.runs.files.environment import Environment, describe
from studio.runs.files.folder import RunFolder, read_document, write_document
from studio.runs.files.labels import Labels
from studio.runs.files.lock import held
from studio.runs.files.recorder import Recorder
from studio.runs.files.summary import FinalState, Summary
from studio.runs.fingerprint import fingerprint, machine_of, needs_teacher
from studio.runs.references import (
    ENDED_WELL,
    ROLES,
    ReferenceRole,
    alone_experiment,
    bring_teacher,
    find_equal,
    frozen_source,
    network_title,
    wanted,
)
from studio.runs.results import summarise
from studio.runs.run_info import RunInfo, read_info
from studio.runs.store.workspace import Workspace
from studio.training import session
from studio.training.control import Control

_TRAINING: dict[ReferenceRole, str] = {
    "teacher": "Training the teacher, {network}",
    "alone": "Training the student alone, for comparison",
}
_AGAIN: dict[ReferenceRole, str] = {
    "teacher": "The same teacher was trained before; it is used again.",
    "alone": "The same student was trained alone before; that run is used again.",
}
_ANEW = "An equal run was broken off and cannot be gone on with; it is trained anew."
_STOPPED: dict[ReferenceRole, str] = {
    "teacher": "Stopped while the teacher was being trained.",
    "alone": "Stopped while the student was being trained alone.",
}


def launch(
    experiment: Experiment, workspace: Workspace, listener: Listener = ignore_event, control: Control | None = None
) -> RunInfo:
    """Run an experiment in a folder of its own, with the references it asks for.

    Args:
        listener: told every event, those of references too; ``event.run`` says whose it is.
        control: wishes of a person; a stopped run is kept and returned.

    Returns:
        The run as its folder now tells it: finished, stopped early, or stopped.

    Raises:
        StudioError: it cannot begin. Where the reason shows before anything is written, nothing is.
        RunFailed: it could not go on; its folder says why, and what was reached is kept.
        KeyboardInterrupt: passed on; the run is interrupted and can be gone on with.
    """
    return _Launcher(workspace, listener, control or Control()).begin(experiment)


def resume(
    workspace: Workspace, run: str, listener: Listener = ignore_event, control: Control | None = None
) -> RunInfo:
    """Go on with a run that was interrupted, stopped, or failed, from its last checkpoint.

    Args:
        run: an id, a unique beginning of one, or "last".

    Raises:
        StudioError: there is no such run, it is running, has finished, or is broken.
        RunFailed, KeyboardInterrupt: as in :func:`launch`.
    """
    return _Launcher(workspace, listener, control or Control()).go_on(workspace.run(run))


def compare_with_alone(
    workspace: Workspace, run: str, listener: Listener = ignore_event, control: Control | None = None
) -> RunInfo:
    """Give an ended run the student alone it was launched without, and with it the share of the gap it closed.

    Raises:
        StudioError: there is no such run, it is running, or has no teacher and student to compare.
        RunFailed: the student alone could not be trained.
    """
    return _Launcher(workspace, listener, control or Control()).add_alone(workspace.run(run))


@dataclass(frozen=True)
class _Launcher:
    """What all runs of one call share: where they are kept, who listens, whose wishes count."""

    workspace: Workspace
    listener: Listener
    control: Control

    def begin(self, experiment: Experiment, asked_by: str = "") -> RunInfo:
        """Run an experiment in a new folder. ``asked_by``: the run it is a reference of."""
        experiment = frozen_source(experiment.resolved(), self.workspace)
        environment = describe(experiment, fingerprint(experiment, machine_of(experiment)))
        summary = Summary(asked_by=asked_by, titles=_titles(experiment))
        folder = self.workspace.new_folder(f"{experiment.method.key} {experiment.dataset.key}")
        with held(folder.lock):
            try:
                write_whole(folder.experiment, to_toml(experiment).encode())
                write_document(folder.environment, environment)
                write_document(folder.labels, Labels(name=experiment.title))
                write_document(folder.summary, summary)
            except NotWritten as refused:
                shutil.rmtree(folder.path, ignore_errors=True)
                if not asked_by:
                    refused.offers = ()  # there is nothing to go on with
                raise
            return self._run(folder, experiment, summary)

    def go_on(self, info: RunInfo) -> RunInfo:
        """Go on with a run in its folder."""
        folder = info.places
        with held(folder.lock):
            info = read_info(folder, ours=True)
            if info.problem:
                raise StudioError("The run {run} cannot go on.", "{reason}", run=info.id, reason=info.problem)
            if not info.resumable:
                raise StudioError(
                    "The run {run} has ended: there is nothing left to do.",
                    "",
                    "“studio train” with its experiment.toml runs it anew.",
                    run=info.id,
                )
            experiment = info.experiment
            before = read_document(folder.summary, Summary) or Summary(titles=_titles(experiment))
            return self._run(folder, experiment, summarise.begun(before), before)

    def add_alone(self, info: RunInfo) -> RunInfo:
        """Train or find the student alone for a run that has ended, and compare the two."""
        folder, experiment = info.places, info.experiment
        with held(folder.lock):
            summary = read_document(folder.summary, Summary)
            if summary is None or info.reached is None or not needs_teacher(experiment):
                raise StudioError(
                    "The run {run} cannot be compared.", "It has no student that learnt from a teacher.", run=info.id
                )
            alone = self._obtain("alone", alone_experiment(experiment), _Voice(self.listener, folder))
            if alone.state != "stopped":
                summary = summarise.with_reference(summary, "alone", alone)
                summary = summarise.compared(summary, folder, alone.places)
                write_document(folder.summary, summarise.ended(summary, summary.state, summary.told("reason"), info.id))
        return read_info(folder)

    def _run(
        self, folder: RunFolder, experiment: Experiment, summary: Summary, before: Summary | None = None
    ) -> RunInfo:
        """A run from where its folder stands to its end; the caller holds its lock.

        Args:
            before: what was known of a run that is gone on with. It stays so where going on is refused.
        """
        with Recorder(folder) as recorder:
            voice = _Voice(self.listener, folder, recorder)
            ending = _Ending(folder, voice, summary)
            try:
                if before is not None:
                    ending.write(summary)
                if recorder.continues and not folder.has_checkpoint:
                    voice(Resumed(step=0))
                self._train(folder, experiment, voice, ending)
            except KeyboardInterrupt:
                ending.interrupted(Text("It was interrupted from the keyboard."))
                raise
            except NotWritten as refused:
                ending.interrupted(summarise.reason_of(refused))
                raise
            except StoppedEarly as stopped:
                ending.told("stopped", stopped.what)
            except StudioError as error:
                if before is not None and not isinstance(error, RunFailed):
                    ending.write(before)
                else:
                    ending.told("failed", summarise.reason_of(error))
                raise
            except Exception as error:
                ending.told("failed", summarise.reason_of(error))
                raise _unexpected(error) from error
        return read_info(folder)

    def _train(self, folder: RunFolder, experiment: Experiment, voice: _Voice, ending: _Ending) -> None:
        teacher: Path | None = None
        wishes = wanted(experiment)
        for role in ROLES:
            wish = wishes.get(role)
            if wish is not None and not summarise.has_reference(ending.summary, role, folder):
                info = self._obtain(role, wish, voice)
                if info.state == "stopped":
                    ending.told("stopped", Text(_STOPPED[role]))
                    return
                ending.write(summarise.with_reference(ending.summary, role, info))
            if role == "teacher":
                teacher = bring_teacher(experiment, self.workspace, ending.summary.references, folder)
        references = ending.summary.references
        places = session.Places(folder.path, self.workspace.cache, teacher)
        outcome = session.run_session(experiment, places, voice, self.control, resume=folder.has_checkpoint)
        summary = summarise.reached(outcome, folder, ending.summary)
        alone = self.workspace.folder(references["alone"]) if "alone" in references else None
        ending.write(summarise.compared(summary, folder, alone))
        ending.told(summarise.final(outcome.state), outcome.reason)

    def _obtain(self, role: ReferenceRole, wish: Experiment, voice: _Voice) -> RunInfo:
        """An equal run that has ended, else one that is gone on with, else a new one."""
        found = find_equal(self.workspace, wish, machine_of(wish))
        if found is not None and found.state in ENDED_WELL:
            voice(Notice(what=Text(_AGAIN[role])))
            return found
        voice(Phase(words=text(_TRAINING[role], network=network_title(wish.student.key))))
        if found is not None:
            try:
                return self.go_on(found)
            except RunFailed:
                raise
            except StudioError as error:  # somebody else has taken it up, or its checkpoints are damaged
                voice(Notice(what=Text(_ANEW), why=summarise.reason_of(error)))
        return self.begin(wish, asked_by=voice.run)


class _Voice:
    """Says the events of one run: gives them its id, has them recorded, passes them on."""

    def __init__(self, listener: Listener, folder: RunFolder, recorder: Recorder | None = None) -> None:
        self._listener, self._folder, self._recorder = listener, folder, recorder
        self.run = folder.id

    def __call__(self, event: Event) -> None:
        event = dataclasses.replace(event, run=self.run)
        if self._recorder is not None:
            try:
                if isinstance(event, RunStarted):
                    self._note_hardware(event)
                event = self._recorder.record(event)
            except NotWritten:
                if isinstance(event, Notice):  # the engine says all else again when there is space
                    self._listener(event)
                raise
        self._listener(event)

    @property
    def has_ended(self) -> bool:
        """Whether the last word of this run has been said."""
        return self._recorder is not None and self._recorder.ended is not None

    def _note_hardware(self, event: RunStarted) -> None:
        """Write down what the run really runs on."""
        environment = read_document(self._folder.environment, Environment)
        if environment is not None:
            used = {"device": event.device, "threads": event.threads, "precision": event.precision}
            write_document(self._folder.environment, environment.model_copy(update=used))


class _Ending:
    """Keeps the summary of a run that runs, and writes its end whatever that is."""

    def __init__(self, folder: RunFolder, voice: _Voice, summary: Summary) -> None:
        self._folder, self._voice = folder, voice
        self.summary = summary

    def write(self, summary: Summary) -> None:
        """Keep and write a fuller summary."""
        self.summary = summary
        write_document(self._folder.summary, summary)

    def told(self, state: FinalState, reason: Text) -> None:
        """Say the last word, where the session has not said it, and write the final summary."""
        if not self._voice.has_ended:
            self._voice(RunEnded(state=state, reason=reason))
        self.write(summarise.ended(self.summary, state, reason, self._folder.id))

    def interrupted(self, reason: Text) -> None:
        """Write, if that is possible, that the run broke off; it says no last word, for it can be gone on with."""
        with contextlib.suppress(NotWritten):
            self.write(summarise.ended(self.summary, "interrupted", reason, self._folder.id))


def _titles(experiment: Experiment) -> dict[str, str]:
    """Written names for lists. There is no teacher where the method asks none."""
    titles = {
        "method": experiment.method.title,
        "dataset": experiment.dataset.source.title,
        "student": network_title(experiment.student.key),
    }
    return titles | ({"teacher": network_title(experiment.teacher.key)} if needs_teacher(experiment) else {})


def _unexpected(error: Exception) -> RunFailed:
    """An error of the program itself; its notes keep the traceback for a report."""
    failure = RunFailed(
        "The run ended because of an error in the program.",
        "{kind}: {message}",
        "Please report it with these words; what was reached is kept.",
        kind=type(error).__name__,
        message=str(error),
    )
    failure.add_note("".join(traceback.format_exception(error)))
    return failure
