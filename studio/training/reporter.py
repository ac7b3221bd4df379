"""Tells how a stage goes: its start, its loss terms, how far it is, what its epochs were worth, and snapshots."""

from __future__ import annotations

from collections.abc import Iterator

from studio.core.message import text
from studio.events import EpochDone, KeyMoment, Snapshot, StageStarted
from studio.experiment import Experiment
from studio.insight.agreement_readings import agreement_readings
from studio.insight.probed_networks import Subject
from studio.insight.snapshot_taker import SnapshotTaker
from studio.methods.ops.boundary_walk import AttacksBoundary, BoundaryAttack
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter, Pace
from studio.training.finite_guard import FiniteGuard
from studio.training.loop_handler import LoopHandler
from studio.training.selection import Selection
from studio.training.setup import Setup
from studio.training.stage_memory import StageMemory
from studio.training.stage_run import StageRun
from studio.training.stage_schedule import SNAPSHOTS

#: Seconds between readings of the loss terms.
READING = 0.1


class Reporter(LoopHandler):
    """Tells, each at its pace.

    Args:
        memory: knows the connectors behind which snapshots compare neurons.
        selection: knows when the run ends before its last step.
        guard: asked before terms are told.
        control: a paused run tells its terms at every step, one that is stopping takes no more snapshots.
    """

    def __init__(
        self,
        setup: Setup,
        memory: StageMemory,
        selection: Selection,
        guard: FiniteGuard,
        emitter: EventEmitter,
        control: Control,
    ) -> None:
        self._memory = memory
        self._selection = selection
        self._guard = guard
        self._emitter = emitter
        self._control = control
        self._readings = Pace(READING)
        self._setup = setup
        self._shown = setup.networks.student
        self._snapshots = _snapshot_taker(setup)
        #: The step of the last snapshot of this sitting.
        self._told: int | None = None

    def at_stage_start(self, run: StageRun) -> None:
        self._emitter.stage = run.stage.name
        self._emitter.emit(StageStarted(title=run.stage.title, trains=run.stage.trains, learner=run.stage.learner))
        if (
            run.step == 0 and not run.resumed
        ):  # a later stage begins where the one before was shown, behind that one's connectors
            self._tell_snapshot(run)

    def after_step(self, run: StageRun) -> None:
        if self._readings.due() or self._control.paused or run.at_end:
            self._tell_terms(run)
        self._tell_progress(run)

    def at_epoch_end(self, run: StageRun) -> None:
        result = run.result
        if result.test_accuracy is not None or result.validation_accuracy is not None:
            self._emitter.emit(
                EpochDone(
                    labelled=run.stage.labels,
                    test_accuracy=result.test_accuracy,
                    validation_accuracy=result.validation_accuracy,
                )
            )
        over = (run.at_end and not _is_passed_over(run)) or self._selection.ending is not None
        if (over or run.schedule.snapshots(run.step)) and not self._control.stopping:
            self._tell_snapshot(run)

    def at_stage_end(self, run: StageRun) -> None:
        if self._told != run.step and not _is_passed_over(
            run
        ):  # broken off at this very step, or being stopped: what was copied is told all the same
            self._tell_snapshot(run)

    def _tell_terms(self, run: StageRun) -> None:
        self._guard.check(run)
        event = run.loop.read_terms(self._emitter.throughput.lap())
        if event is not None:
            self._emitter.emit(event)

    def _tell_progress(self, run: StageRun) -> None:
        done, epochs = run.step / run.schedule.steps, run.schedule.epochs
        words = text(
            "{stage}, epoch {epoch} of {epochs}",
            stage=run.stage.title.capitalize(),
            epoch=min(run.epoch + 1, epochs),
            epochs=epochs,
        )
        self._emitter.emit_progress(words, done, self._emitter.throughput.left(done))

    def _tell_snapshot(self, run: StageRun) -> None:
        if self._shown is not self._setup.networks.student:
            self._shown, self._snapshots = self._setup.networks.student, _snapshot_taker(self._setup)
        moments = tuple(self._moments(run))
        arrays = self._snapshots.take(self._memory.connectors, moments)
        self._told = run.step
        self._emitter.emit(Snapshot(arrays=arrays, moments=moments, agreement=agreement_readings(arrays)))

    def _moments(self, run: StageRun) -> Iterator[KeyMoment]:
        if run.step == 0:
            yield "start"
        if run.at_end and run.copies:
            yield "copied"
        if run.step == run.schedule.steps or self._selection.ending is not None:
            yield "end"


def _is_passed_over(run: StageRun) -> bool:
    """Whether nobody looks at the end of a stage: where a run is looked at seldom, and the student goes on copying."""
    return run.copies and run.copied_next and run.schedule.evaluations < SNAPSHOTS


def _snapshot_taker(setup: Setup) -> SnapshotTaker:
    networks = setup.networks
    return SnapshotTaker(
        Subject(
            networks.student,
            networks.teacher,
            setup.dataset,
            networks.cast.pairs,
            seed=setup.experiment.seed,
            device=setup.hardware.device,
            attack=_boundary_attack(setup.experiment),
            made_from_teacher=networks.cast.made_from_teacher,
        )
    )


def _boundary_attack(experiment: Experiment) -> BoundaryAttack | None:
    """How the method, or one of ``also``, pushes inputs to the teacher's boundary."""
    for choice in experiment.method.all:
        entry = choice.entry
        if isinstance(entry, AttacksBoundary):
            return entry.boundary_attack(choice.typed)
    return None
