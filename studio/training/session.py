"""Runs one experiment from data to files. Knows paths and events; knows no run id, no window, no method by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from studio.core.errors import NotANumber, NotWritten, RunFailed, StoppedEarly
from studio.events import Listener, RunEnded, RunStarted
from studio.experiment import Experiment
from studio.training.checkpoints import Checkpoints
from studio.training.control import Control
from studio.training.error_messages import explained
from studio.training.evaluation import accuracy
from studio.training.event_emitter import EventEmitter
from studio.training.hooks import Hook
from studio.training.outcome import Outcome, RunEnding, measure_outcome, teacher_answers, write_student
from studio.training.resume_guard import ResumeGuard
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
    threads = torch.get_num_threads()
    try:
        with isolated_seed(experiment.seed):
            return _Session(experiment, places, emitter, control, hooks).run(resume=resume)
    except NotWritten:
        raise
    except StoppedEarly as stopped:
        emitter.emit(RunEnded(state="stopped", reason=stopped.what, seconds=emitter.throughput.seconds))
        raise
    except RunFailed as failure:
        emitter.emit(RunEnded(state="failed", reason=failure.paragraph(), seconds=emitter.throughput.seconds))
        raise
    except (torch.OutOfMemoryError, RuntimeError, MemoryError) as error:
        meaning = explained(error, experiment.training)
        emitter.emit(RunEnded(state="failed", reason=meaning.paragraph(), seconds=emitter.throughput.seconds))
        raise meaning from error
    finally:
        torch.set_num_threads(threads)


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
        saved = self._checkpoints.latest() if resume else None
        guard = ResumeGuard.of(self._experiment, self._places.teacher)
        guard.check(saved)  # before data are fetched for another experiment
        dataset = load_data(self._experiment, self._places, self._emitter, self._control)
        guard = guard.with_data(dataset)
        guard.check(saved)
        setup = set_up(self._experiment, dataset, self._places.teacher, self._emitter)
        runner = StageRunner(setup, guard, self._checkpoints, self._emitter, self._control, self._hooks)
        try:
            teacher = self._announce(setup, runner)
            ending = self._train(setup, runner, saved)
        finally:
            runner.close()
        return measure_outcome(setup, ending, teacher, self._places.folder, self._emitter)

    def _announce(self, setup: Setup, runner: StageRunner) -> Tensor | None:
        """Test the teacher and say what will be run; returns the teacher's answers on the test part."""
        if setup.networks.teacher is not None:
            self._emitter.emit_phase("Testing the teacher")
        teacher = teacher_answers(setup)
        dataset, schedule, hardware = setup.dataset, setup.schedule, setup.hardware
        self._emitter.emit(
            RunStarted(
                teacher_accuracy=accuracy(teacher, dataset.test.labels) if teacher is not None else None,
                name=self._experiment.title,
                plan=runner.bands,
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

    def _train(self, setup: Setup, runner: StageRunner, saved: dict[str, Any] | None) -> RunEnding:
        """All stages, from the checkpoint where there is one. Weights that are no numbers are not kept."""
        try:
            return runner.run(saved)
        except NotANumber:
            good = self._checkpoints.latest()
            if good is not None:
                setup.networks.student.load_state_dict(good["student"])
                self._emitter.guard.write(lambda: write_student(setup, self._places.folder))
            raise


__all__ = ["Outcome", "Places", "run_session"]
