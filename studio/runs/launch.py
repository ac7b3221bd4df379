"""The one door through which runs start, go on, and end on disk; window, terminal and studies all come through here."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from studio.core.errors import NotWritten, RunFailed, StoppedEarly, StudioError, paragraph_of, unexpected_in_run
from studio.core.message import Text
from studio.events import Event, Listener, Progress, Resumed, ignore_event
from studio.experiment import Experiment, to_toml
from studio.networks.titles import network_title
from studio.runs.batch_fit import refuse_small_batch
from studio.runs.chain_events import ChainEvents
from studio.runs.chain_run import ChainRun
from studio.runs.ensembles import AVERAGED, frozen_members, measure_ensemble
from studio.runs.files.chain import read_chain
from studio.runs.files.environment import describe
from studio.runs.files.folder import RunFolder, document_bytes, read_document, write_document
from studio.runs.files.labels import Labels
from studio.runs.files.lock import held
from studio.runs.files.recorder import Recorder
from studio.runs.files.summary import Summary
from studio.runs.method_fit import refuse_misfit
from studio.runs.procedure_run import ProcedureRun
from studio.runs.results import summarise
from studio.runs.run_emitter import RunEmitter
from studio.runs.run_info import RunInfo, read_info
from studio.runs.run_obtainer import RunObtainer
from studio.runs.single_run import SingleRun
from studio.runs.split_fit import refuse_splits
from studio.runs.store.workspace import Workspace
from studio.runs.student_start import frozen_start
from studio.runs.summary_writer import SummaryWriter
from studio.runs.teacher_source import frozen_source
from studio.runs.weights_fit import refuse_other_weights
from studio.systems.base import AnySystem, procedure_of, system_of
from studio.systems.reference_experiments import alone_experiment, needs_teacher
from studio.training.control import Control
from studio.training.hooks import Hook


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

    @property
    def obtainer(self) -> RunObtainer:
        """Gives the runs that others need; hooks are not theirs."""
        without_hooks = dataclasses.replace(self, hooks=())
        return RunObtainer(self.workspace, self.listener, self.control, without_hooks.start, without_hooks.go_on)

    def start(self, experiment: Experiment, role: str = "student", parent: str = "") -> RunInfo:
        """Run an experiment in a new folder.

        Args:
            role: what its model is in the whole.
            parent: the run it is trained for; empty where a person asked for it.
        """
        named = bool(experiment.name) and not parent
        experiment = frozen_source(experiment.resolved(), self.workspace)
        experiment = frozen_start(frozen_members(experiment, self.workspace), self.workspace)
        refuse_misfit(experiment, self.workspace.cache)
        refuse_small_batch(experiment, self.workspace.cache)
        if not parent:  # what was asked for: its references and steps have the same data, and the split it was given
            self._check_data(experiment)
        refuse_other_weights(experiment, self.workspace)
        environment = describe(experiment, self.obtainer.fingerprint(experiment))
        summary = Summary(
            role=role, parent=parent, named=named, planned=_planned(experiment), titles=_titles(experiment)
        )
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
                kind = "ensemble" if experiment.student.members else experiment.method.key
                words = f"{kind} {experiment.dataset.key}"
                folder = stack.enter_context(self.workspace.new_run(words, documents))
            except NotWritten as refused:
                if not parent:
                    refused.offers = ()  # there is nothing to go on with
                raise
            return self._run(folder, experiment, summary)

    def _check_data(self, experiment: Experiment) -> None:
        """Refuse data that cannot be used or split as asked, before there is a run of them."""

        def progress(words: Text, fraction: float | None) -> None:
            self.listener(Progress(words=words, fraction=fraction))
            if self.control.stopping:
                raise StoppedEarly("The run was stopped before it began.")

        choice = experiment.dataset
        with suppress(StoppedEarly):  # said by the run, which ends when it begins to read them
            choice.source.check(choice.source_settings, self.workspace.cache, progress)
            refuse_splits(experiment, self.workspace.cache, progress)

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
            before = read_document(folder.summary, Summary) or Summary(
                planned=_planned(experiment), titles=_titles(experiment)
            )
            if not folder.has_checkpoint:
                self.obtainer.renew_fingerprint(folder, experiment)
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
            emit = RunEmitter(self.listener, folder, summary)
            alone = self.obtainer.obtain("alone", alone_experiment(experiment), info.id, emit)
            if alone.state != "stopped":
                summary = summarise.with_reference(summary, "alone", alone)
                own = summarise.read_predictions(folder)
                summary = summarise.compared(summary, own, summarise.read_predictions(alone.places))
                write_document(folder.summary, summarise.ended(summary, summary.state, summary.told("reason")))
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
        """One training or procedure, several, or none where finished networks are averaged."""
        system = system_of(experiment)
        if system is not None:
            self._chain(folder, experiment, system, emit, writer).run()
        elif experiment.student.members:
            measure_ensemble(folder, experiment, self.workspace, self.control, emit, writer)
        else:
            kind = SingleRun if procedure_of(experiment) is None else ProcedureRun
            kind(folder, experiment, self.workspace, self.control, self.hooks, emit, writer, self.obtainer).run()

    def _chain(
        self, folder: RunFolder, experiment: Experiment, system: AnySystem, emit: RunEmitter, writer: SummaryWriter
    ) -> ChainRun:
        """The steps of a system, each a run of its own, whose events its chain hears before anybody else."""

        def obtain(role: str, experiment: Experiment, listen: Listener) -> RunInfo:
            def tell(event: Event) -> None:
                listen(event)
                self.listener(event)

            obtainer = dataclasses.replace(self, listener=tell).obtainer
            return obtainer.obtain(role, experiment.resolved(), folder.id, emit)

        continues = folder.events.is_file() and folder.events.stat().st_size > 0
        events = ChainEvents(
            experiment.title, system.plan(experiment), system.headline(experiment), emit, continues=continues
        )
        return ChainRun(folder, experiment, system, self.workspace, events, writer, obtain)


def _planned(experiment: Experiment) -> tuple[str, ...]:
    """The roles of the steps an experiment is expected to take; none of one training."""
    system = system_of(experiment)
    return tuple(step.role for step in system.plan(experiment)) if system is not None else ()


def _titles(experiment: Experiment) -> dict[str, str]:
    """Written names for lists. There is no teacher where the method asks none."""
    titles = {
        "method": AVERAGED if experiment.student.members else experiment.method.title,
        "dataset": experiment.dataset.title,
        "student": network_title(experiment.student_network),
    }
    return titles | ({"teacher": network_title(experiment.teacher.key)} if needs_teacher(experiment) else {})
