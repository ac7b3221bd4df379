"""The one door through which runs start, go on, and end on disk; window, terminal and studies all come through here."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from studio.core.errors import NotWritten, RunFailed, StoppedEarly, StudioError, paragraph_of, unexpected_in_run
from studio.core.message import NOTHING, Text, text
from studio.events import Event, Listener, Notice, Phase, Progress, Resumed, ignore_event
from studio.experiment import Experiment, to_toml
from studio.networks.ensemble import mean_of
from studio.networks.files import save_network
from studio.networks.titles import network_title
from studio.runs.chain_events import ChainEvents
from studio.runs.chain_run import ChainRun
from studio.runs.ensembles import AVERAGED, ensemble_of, frozen_members, member_runs
from studio.runs.files.chain import read_chain
from studio.runs.files.environment import describe
from studio.runs.files.folder import RunFolder, document_bytes, read_document, write_document
from studio.runs.files.labels import Labels
from studio.runs.files.lock import held
from studio.runs.files.recorder import Recorder
from studio.runs.files.summary import Summary
from studio.runs.references import (
    ENDED_WELL,
    ROLES,
    ReferenceRole,
    data_content,
    find_equal,
    fingerprint,
    is_usable,
    machine_of,
    wanted,
)
from studio.runs.results import summarise
from studio.runs.run_emitter import RunEmitter
from studio.runs.run_info import RunInfo, read_info
from studio.runs.store.workspace import Workspace
from studio.runs.summary_writer import SummaryWriter
from studio.runs.teacher_source import bring_teacher, frozen_source, teacher_digest
from studio.runs.unverified import TeacherDiffers, record_sums
from studio.systems.base import AnySystem, system_of
from studio.systems.reference_experiments import alone_experiment, needs_teacher
from studio.training import session
from studio.training.control import Control
from studio.training.hooks import Hook
from studio.training.measuring import measure_student
from studio.training.outcome import Outcome

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
_AVERAGING = "Averaging answers: {role}"
_STEP_AGAIN = "An equal network was trained before; it is used again as {role}."
_STEP_DAMAGED = (
    "An equal network was trained before, but what the run {run} kept of it is damaged; {role} is trained anew."
)
_ANEW = "An equal run was broken off and cannot be gone on with; it is trained anew."
_STOPPED: dict[ReferenceRole, str] = {
    "teacher": "Stopped while the teacher was being trained.",
    "alone": "Stopped while the student was being trained alone.",
}


def launch(
    experiment: Experiment,
    workspace: Workspace,
    listener: Listener = ignore_event,
    control: Control | None = None,
    *,
    hooks: Sequence[Hook] = (),
) -> RunInfo:
    """Run an experiment in a folder of its own, with the references it asks for.

    Args:
        listener: told every event, those of references too; ``event.run`` says whose it is.
        control: wishes of a person; a stopped run is kept and returned.
        hooks: called while the run itself learns, not its references, see :mod:`studio.training.hooks`.

    Returns:
        The run as its folder now tells it: finished, stopped early, or stopped.

    Raises:
        StudioError: it cannot begin. Where the reason shows before anything is written, nothing is.
        RunFailed: it could not go on; its folder says why, and what was reached is kept.
        KeyboardInterrupt: passed on; the run is interrupted and can be gone on with.
    """
    return RunLauncher(workspace, listener, control or Control(), tuple(hooks)).start(experiment)


def resume(
    workspace: Workspace,
    run: str,
    listener: Listener = ignore_event,
    control: Control | None = None,
    *,
    hooks: Sequence[Hook] = (),
) -> RunInfo:
    """Go on with a run that was interrupted, stopped, or failed, from its last checkpoint.

    Args:
        run: an id, a unique beginning of one, or "last".
        hooks: as in :func:`launch`; a run does not remember those it was launched with.

    Raises:
        StudioError: there is no such run, it is running, has finished, or is broken.
        RunFailed, KeyboardInterrupt: as in :func:`launch`.
    """
    return RunLauncher(workspace, listener, control or Control(), tuple(hooks)).go_on(workspace.run(run))


def compare_with_alone(
    workspace: Workspace, run: str, listener: Listener = ignore_event, control: Control | None = None
) -> RunInfo:
    """Give an ended run the student alone it was launched without, and with it the share of the gap it closed.

    Raises:
        StudioError: there is no such run, it is running, or has no teacher and student to compare.
        RunFailed: the student alone could not be trained.
    """
    return RunLauncher(workspace, listener, control or Control()).add_alone(workspace.run(run))


@dataclass(frozen=True)
class RunLauncher:
    """What all runs of one call share: where they are kept, who listens, whose wishes count.

    Attributes:
        hooks: of the run that was asked for; its references have none.
    """

    workspace: Workspace
    listener: Listener
    control: Control
    hooks: tuple[Hook, ...] = ()

    def start(self, experiment: Experiment, role: str = "student", parent: str = "") -> RunInfo:
        """Run an experiment in a new folder.

        Args:
            role: what its model is in the whole.
            parent: the run it is trained for; empty where a person asked for it.
        """
        experiment = frozen_members(frozen_source(experiment.resolved(), self.workspace), self.workspace)
        environment = describe(experiment, self._fingerprint(experiment))
        summary = Summary(role=role, parent=parent, titles=_titles(experiment))
        self.workspace.check_writable()
        documents = {
            "experiment.toml": to_toml(experiment).encode(),
            "environment.json": document_bytes(
                environment.model_copy(update={"sequence": self.workspace.next_sequence()})
            ),
            "labels.json": document_bytes(Labels(name=experiment.title)),
            "summary.json": document_bytes(summary),
        }
        with ExitStack() as stack:
            try:
                words = f"{experiment.method.key} {experiment.dataset.key}"
                folder = stack.enter_context(self.workspace.new_run(words, documents))
            except NotWritten as refused:
                if not parent:
                    refused.offers = ()  # there is nothing to go on with
                raise
            return self._run(folder, experiment, summary)

    def _fingerprint(self, experiment: Experiment, emit: RunEmitter | None = None) -> str:
        """See :func:`fingerprint`. Looking through a person's own files may take a while the first time.

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
        return fingerprint(experiment, machine_of(experiment), teacher, content=content)

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
            alone = self._obtain(
                "alone", alone_experiment(experiment), info.id, RunEmitter(self.listener, folder, summary)
            )
            if alone.state != "stopped":
                summary = summarise.with_reference(summary, "alone", alone)
                own = summarise.read_predictions(folder)
                summary = summarise.compared(summary, own, summarise.read_predictions(alone.places))
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
            emit = RunEmitter(self.listener, folder, summary, recorder)
            writer = SummaryWriter(folder, emit, summary)
            try:
                if before is not None:
                    writer.write(summary)
                if recorder.continues and not folder.has_checkpoint and read_chain(folder) is None:
                    emit(Resumed(step=0))
                self._train(folder, experiment, emit, writer)
            except KeyboardInterrupt:
                writer.write_interrupted(Text("It was interrupted from the keyboard."))
                raise
            except NotWritten as refused:  # nobody was there to mend it, see studio.training.write_guard
                writer.write_interrupted(paragraph_of(refused))
                raise
            except StoppedEarly as stopped:
                writer.write_end("stopped", stopped.what)
            except StudioError as error:
                if before is not None and not isinstance(error, RunFailed):
                    writer.write(before)
                else:
                    writer.write_end("failed", paragraph_of(error))
                raise
            except Exception as error:
                writer.write_end("failed", paragraph_of(error))
                raise unexpected_in_run(error) from error
        return read_info(folder)

    def _train(self, folder: RunFolder, experiment: Experiment, emit: RunEmitter, writer: SummaryWriter) -> None:
        """One training, several, or none where finished networks are averaged."""
        system = system_of(experiment)
        if system is not None:
            self._train_chain(folder, experiment, system, emit, writer)
        elif experiment.student.members:
            self._measure_ensemble(folder, experiment, emit, writer)
        else:
            self._train_once(folder, experiment, emit, writer)

    def _train_chain(
        self, folder: RunFolder, experiment: Experiment, system: AnySystem, emit: RunEmitter, writer: SummaryWriter
    ) -> None:
        """The steps of a system, each a run of its own."""

        def obtain(role: str, experiment: Experiment, listen: Listener) -> RunInfo:
            def tell(event: Event) -> None:
                listen(event)
                self.listener(event)

            return dataclasses.replace(self, listener=tell)._obtain(role, experiment.resolved(), folder.id, emit)

        continues = folder.events.is_file() and folder.events.stat().st_size > 0
        events = ChainEvents(experiment.title, system.plan(experiment), emit, continues=continues)
        ChainRun(folder, experiment, system, self.workspace, events, writer, obtain).run()

    def _measure_ensemble(
        self, folder: RunFolder, experiment: Experiment, emit: RunEmitter, writer: SummaryWriter
    ) -> None:
        """The mean answer of the finished networks that the student names as its members."""
        runs = member_runs(experiment.student.members, self.workspace, "student.members")
        save_network(ensemble_of(runs, mean_of(experiment.student.key)), folder.student)
        places = session.Places(folder.path, self.workspace.cache)
        outcome = measure_student(experiment, folder.student, places, emit, self.control)
        writer.write(summarise.reached(writer.summary, outcome))
        words = text("{network} reached {accuracy:.1f} %; nothing was trained for it.", **_reached(experiment, outcome))
        writer.write_end("finished", NOTHING, words)

    def _train_once(self, folder: RunFolder, experiment: Experiment, emit: RunEmitter, writer: SummaryWriter) -> None:
        """References first, the teacher before the student alone; then the run itself, and what it reached beside them."""
        unusable: set[str] = set()
        while self._bring_references(folder, experiment, emit, writer, unusable):
            teacher = bring_teacher(experiment, self.workspace, writer.summary.references, folder)
            places = session.Places(folder.path, self.workspace.cache, teacher)
            try:
                outcome = session.run_session(
                    experiment, places, emit, self.control, resume=folder.has_checkpoint, hooks=self.hooks
                )
            except TeacherDiffers as differs:
                emit(Notice(level="warning", what=differs.what))
                unusable.add(differs.run)
                folder.teacher.unlink(missing_ok=True)
                emit.unverified_teacher = None
                continue
            if emit.unverified_teacher is not None:
                record_sums(emit.unverified_teacher, "teacher")
            summary = summarise.reached(writer.summary, outcome)
            alone = summary.references.get("alone")
            other = summarise.read_predictions(self.workspace.folder(alone)) if alone is not None else None
            writer.write(summarise.compared(summary, outcome.predictions, other))
            writer.write_end(summarise.final(outcome.state), outcome.reason)
            return

    def _bring_references(
        self,
        folder: RunFolder,
        experiment: Experiment,
        emit: RunEmitter,
        writer: SummaryWriter,
        unusable: Collection[str],
    ) -> bool:
        """Find or train what the run asks for; False where a person stopped that, which ends the run.

        Args:
            unusable: runs that are no references, whatever they recorded.
        """
        wishes = wanted(experiment)
        for role in ROLES:
            wish = wishes.get(role)
            if wish is not None and not summarise.has_reference(writer.summary, role, folder):
                info = self._obtain(role, wish, folder.id, emit, unusable)
                if info.state == "stopped":
                    writer.write_end("stopped", Text(_STOPPED[role]))
                    return False
                writer.write(summarise.with_reference(writer.summary, role, info))
                if role == "teacher":
                    emit.unverified_teacher = None if info.files else info
            if role == "teacher":  # it is safe in this run's folder before the other is trained
                bring_teacher(experiment, self.workspace, writer.summary.references, folder)
        return True

    def _obtain(
        self, role: str, wish: Experiment, parent: str, emit: RunEmitter, unusable: Collection[str] = ()
    ) -> RunInfo:
        """An equal run that has ended and is intact, else one that is gone on with, else a new one."""
        runs = [run for run in self.workspace.runs() if run.id not in unusable]
        word = self._fingerprint(wish, emit)
        while (found := find_equal(runs, word)) is not None and found.state in ENDED_WELL:
            if is_usable(found):
                emit(Notice(what=text(_AGAIN.get(role, _STEP_AGAIN), role=role)))
                if role == "alone" and not found.files:
                    record_sums(found, role)
                return found
            emit(Notice(level="warning", what=text(_DAMAGED.get(role, _STEP_DAMAGED), run=found.id, role=role)))
            runs = [run for run in runs if run.id != found.id]
        doing = _AVERAGING if wish.student.members else _TRAINING.get(role, _STEP_TRAINING)
        emit(Phase(words=text(doing, network=network_title(wish.student.key), role=role)))
        without_hooks = dataclasses.replace(self, hooks=())
        if found is not None:
            try:
                return without_hooks.go_on(found)
            except RunFailed:
                raise
            except StudioError as error:  # somebody else has taken it up, or its checkpoints are damaged
                emit(Notice(what=Text(_ANEW), why=paragraph_of(error)))
        return without_hooks.start(wish, role, parent)


def _reached(experiment: Experiment, outcome: Outcome) -> dict[str, object]:
    return {"network": network_title(experiment.student.key), "accuracy": 100 * outcome.student_accuracy}


def _titles(experiment: Experiment) -> dict[str, str]:
    """Written names for lists. There is no teacher where the method asks none."""
    titles = {
        "method": AVERAGED if experiment.student.members else experiment.method.title,
        "dataset": experiment.dataset.source.title,
        "student": network_title(experiment.student.key),
    }
    return titles | ({"teacher": network_title(experiment.teacher.key)} if needs_teacher(experiment) else {})
