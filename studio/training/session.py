"""Runs one experiment from data to files. Knows paths and events; knows no run id, no window, no method by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from studio.core.errors import NotANumber, StoppedEarly, StudioError
from studio.core.message import text
from studio.data.base import Dataset
from studio.events import Listener, RunStarted
from studio.experiment import Experiment
from studio.networks.model_network import ModelNetwork
from studio.training.checkpoint_content import check_tensors
from studio.training.checkpoints import Checkpoints
from studio.training.control import Control
from studio.training.error_messages import out_of_memory
from studio.training.evaluation import accuracy
from studio.training.event_emitter import EventEmitter
from studio.training.failure_words import failures_told
from studio.training.fit_again import fit_again
from studio.training.foreign_teacher import as_own_file
from studio.training.hooks import Hook
from studio.training.memory_need import free_memory, memory_needed, surely_enough
from studio.training.outcome import Outcome, RunEnding, measure_outcome, teacher_answers, write_student
from studio.training.resume_guard import ResumeGuard
from studio.training.resume_point import ContentCheck, ResumePoint
from studio.training.rng import isolated_seed
from studio.training.setup import Places, Setup, load_data, set_up
from studio.training.stage_runner import StageRunner


def run_session(
    experiment: Experiment,
    places: Places,
    listen: Listener,
    control: Control,
    *,
    resume: bool = False,
    hooks: Sequence[Hook] = (),
) -> Outcome:
    """Run ``experiment`` (or go on with it from its last checkpoint) and write student, predictions and checkpoints.

    Args:
        listen: told every event.
        control: wishes of a person, read between steps.
        resume: go on from the last checkpoint where there is one.
        hooks: called while the student learns, see :mod:`studio.training.hooks`.

    Raises:
        StudioError: it cannot begin: data, networks and method do not fit together.
        RunFailed: it could not go on; ``RunEnded(state="failed")`` was said and what was reached is kept.
        NotWritten: nothing more can be written and nobody is there to mend that; the run can be resumed.
    """
    emitter = EventEmitter(listen, control)
    with failures_told(emitter, experiment.training), isolated_seed(experiment.seed):
        return _Session(experiment, places, emitter, control, hooks).run(resume=resume)


class _Session:
    """One sitting of one run."""

    def __init__(
        self,
        experiment: Experiment,
        places: Places,
        emitter: EventEmitter,
        control: Control,
        hooks: Sequence[Hook],
    ) -> None:
        self._experiment = experiment
        self._places = places
        self._emitter = emitter
        self._control = control
        self._hooks = hooks
        self._checkpoints = Checkpoints(places.folder / "checkpoints")

    def run(self, *, resume: bool) -> Outcome:
        """From data to files."""
        point = ResumePoint(self._checkpoints, wanted=resume)
        guard = ResumeGuard.of(self._experiment, self._places.teacher)
        point.require(_made_for(guard))  # before data are fetched for another experiment
        dataset = load_data(self._experiment, self._places, self._emitter, self._control)
        teacher_file = self._places.teacher
        if teacher_file is not None and point.content is None:  # checkpoints know the teacher by the sum of its file
            teacher_file = self._own_teacher(teacher_file, dataset)
            guard = ResumeGuard.of(self._experiment, teacher_file)
        guard = guard.with_data(dataset)
        point.require(_made_for(guard))
        setup = set_up(self._experiment, dataset, teacher_file, self._emitter, self._places.start)
        _require_memory(setup)
        answering = setup.networks.teacher
        if isinstance(answering, ModelNetwork) and not fit_again(answering.model, self._emitter, self._control):
            raise StoppedEarly("The run was stopped before it began.")
        runner = StageRunner(
            setup, guard, self._checkpoints, self._emitter, self._control, self._hooks, self._places.folder
        )
        try:
            runner.choose(point)
            teacher = self._announce(setup, runner)
            ending = self._train(setup, runner, point)
        finally:
            runner.close()
        return measure_outcome(setup, ending, teacher, self._places.folder, self._emitter)

    def _own_teacher(self, file: Path, dataset: Dataset) -> Path:
        """See :func:`studio.training.foreign_teacher.as_own_file`."""
        return as_own_file(self._experiment.teacher, file, dataset, self._places.folder, self._emitter.guard)

    def _announce(self, setup: Setup, runner: StageRunner) -> Tensor | None:
        """Test the teacher and say what will be run; returns the teacher's answers on the test part."""
        if setup.networks.teacher is not None:
            self._emitter.emit_phase("Testing the teacher")
        teacher = teacher_answers(setup)
        dataset, schedule, hardware = setup.dataset, runner.plan.schedule, setup.hardware
        self._emitter.emit(
            RunStarted(
                teacher_accuracy=accuracy(teacher, dataset.test.labels) if teacher is not None else None,
                name=self._experiment.title,
                plan=runner.plan.bands,
                steps=schedule.steps,
                epochs=schedule.epochs,
                steps_per_epoch=schedule.steps_per_epoch,
                batch_size=runner.batch_size,
                device=str(hardware.device),
                threads=hardware.threads,
                precision=hardware.precision,
                classes=dataset.classes,
                examples=dataset.kind,
                groups=tuple(tap.group for tap in setup.networks.cast.student.taps if tap.group != "stem"),
            )
        )
        return teacher

    def _train(self, setup: Setup, runner: StageRunner, point: ResumePoint) -> RunEnding:
        """All stages, from the checkpoint where there is one. Weights that are no numbers are not kept."""
        try:
            return runner.run(point)
        except NotANumber:
            self._write_last_good(setup)
            raise

    def _write_last_good(self, setup: Setup) -> None:
        """Keep the student of the newest checkpoint that is whole, if there is one."""
        student = setup.networks.student
        try:
            last = ResumePoint(self._checkpoints)
            last.require(lambda saved: check_tensors(saved.student, student.state_dict(), text("the student")))
        except StudioError:
            return
        if last.content is not None:
            student.load_state_dict(last.content.student)
            self._emitter.guard.write(lambda: write_student(setup, self._places.folder))


def _require_memory(setup: Setup) -> None:
    """Pass where the steps of the run fit into the memory that is free.

    Raises:
        OutOfMemory: they do not.
    """
    free = free_memory(setup.hardware.device)
    needed = None if surely_enough(setup, free) else memory_needed(setup)
    if needed is not None and needed > free:
        raise out_of_memory(setup.experiment.training, needed, free)


def _made_for(guard: ResumeGuard) -> ContentCheck:
    """Asks whether a checkpoint was made for what ``guard`` knows."""
    return lambda saved: guard.check(saved.origin)


__all__ = ["Outcome", "Places", "run_session"]
