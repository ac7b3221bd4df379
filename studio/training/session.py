"""Runs one experiment from data to files. Knows paths and events; knows no run id, no window, no method by name."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from studio.core.errors import NotANumber, NotWritten, RunFailed, StoppedEarly
from studio.core.files import write_whole
from studio.core.message import Text, text
from studio.data.base import Dataset
from studio.data.prepare import prepare
from studio.events import Listener, Notice, Resumed, RunEnded, RunStarted, State
from studio.experiment import Experiment
from studio.networks.batch_statistics import batch_norms
from studio.networks.files import save_network
from studio.networks.measure import latency_ms
from studio.training.checkpoints import Checkpoints
from studio.training.control import Control
from studio.training.devices import Hardware, choose_hardware
from studio.training.error_messages import explained
from studio.training.evaluation import accuracy, answers
from studio.training.event_emitter import EventEmitter
from studio.training.network_setup import Networks, network_title, set_up_networks
from studio.training.resume_guard import ResumeGuard
from studio.training.rng import isolated_seed
from studio.training.stage_runner import RunEnding, StageRunner
from studio.training.stage_schedule import StageSchedule


@dataclass(frozen=True)
class Places:
    """Where a session reads and writes: the run's folder, the cache of decoded data, the teacher's weights."""

    folder: Path
    cache: Path
    teacher: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What a run reached. Accuracies are fractions of the test pictures; latencies are milliseconds for one picture."""

    state: State
    reason: Text
    kept: Literal["last", "best"]
    student_accuracy: float
    teacher_accuracy: float | None
    parameters: dict[str, int]
    macs: dict[str, int]
    latency_ms: dict[str, float]
    seconds: float
    steps: int
    epochs: int


def run_session(
    experiment: Experiment, places: Places, listen: Listener, control: Control, *, resume: bool = False
) -> Outcome:
    """Run ``experiment`` (or go on with it from its last checkpoint) and write student, predictions and checkpoints.

    Raises:
        StudioError: it cannot begin: data, networks and method do not fit together.
        RunFailed: it could not go on; ``RunEnded(state="failed")`` was said and what was reached is kept.
        NotWritten: nothing more can be written and nobody is there to mend that; the run can be resumed.
    """
    speaker = EventEmitter(listen, control)
    try:
        return _Session(experiment, places, speaker, control).run(resume=resume)
    except NotWritten:
        raise
    except StoppedEarly as stopped:
        speaker.say(RunEnded(state="stopped", reason=stopped.what, seconds=speaker.pace.seconds))
        raise
    except RunFailed as failure:
        speaker.say(RunEnded(state="failed", reason=Text(str(failure)), seconds=speaker.pace.seconds))
        raise
    except (torch.OutOfMemoryError, RuntimeError, MemoryError) as error:
        meaning = explained(error, experiment.training)
        speaker.say(RunEnded(state="failed", reason=Text(str(meaning)), seconds=speaker.pace.seconds))
        raise meaning from error


class _Session:
    def __init__(self, experiment: Experiment, places: Places, speaker: EventEmitter, control: Control) -> None:
        self.experiment = experiment
        self.places = places
        self.speaker = speaker
        self.control = control
        self.checkpoints = Checkpoints(places.folder / "checkpoints")

    def run(self, *, resume: bool) -> Outcome:
        saved = self.checkpoints.latest() if resume else None
        threads = torch.get_num_threads()
        try:
            with isolated_seed(self.experiment.seed):
                return self._run(saved)
        finally:
            torch.set_num_threads(threads)

    def _run(self, saved: dict[str, Any] | None) -> Outcome:
        origin = ResumeGuard.of(self.experiment, self.places.teacher)
        origin.must_be(saved)  # before data are fetched for another experiment
        dataset = self._data()
        origin = origin.on(dataset)
        origin.must_be(saved)
        self.speaker.phase("Setting up the networks")
        networks = set_up_networks(self.experiment, dataset, self.places.teacher)
        self._say_if_without_norms(networks)
        calendar = self._calendar(dataset)
        hardware = self._hardware(networks, dataset)
        networks.to(hardware.device)
        course = StageRunner(
            self.experiment,
            dataset,
            networks,
            hardware,
            calendar,
            self.speaker,
            self.control,
            self.checkpoints,
            origin,
        )
        self._announce(course, dataset, networks, calendar, hardware)
        if saved is not None:
            course.restore(saved)
            self.speaker.say(Resumed())
        self.speaker.phase("Training the student")
        try:
            ending = course.run()
        except NotANumber:
            if course.rescue():
                self.speaker.with_space(lambda: self._write_student(networks))
            raise
        finally:
            course.loader.close()
        return self._measure(ending, course, dataset, networks, hardware)

    def _data(self) -> Dataset:
        self.speaker.phase("Preparing data")
        choice = self.experiment.dataset

        def told(words: Text, fraction: float | None) -> None:
            self.speaker.progress(words, fraction, None, None)
            if self.control.stopping:
                raise StoppedEarly("The run was stopped before it began.")

        dataset = prepare(
            choice.key,
            choice.settings,
            seed=self.experiment.seed,
            fraction=choice.fraction,
            per_class=choice.per_class,
            validation=choice.validation,
            test=choice.test,
            cache=self.places.cache,
            progress=told,
        )
        for note in (*dataset.notes, *([dataset.storage_words] if dataset.storage == "disk" else [])):
            self.speaker.say(Notice(what=note))
        if dataset.scan:
            scan = json.dumps(dataset.scan, indent=2, ensure_ascii=False).encode()
            write_whole(self.places.folder / "scan.json", scan)
        return dataset

    def _say_if_without_norms(self, networks: Networks) -> None:
        teacher = networks.teacher
        if teacher is not None and self.experiment.teacher.batch_statistics and not batch_norms(teacher):
            self.speaker.say(
                Notice(
                    what=text("The teacher's batch statistics change nothing here."),
                    why=text("{teacher} has no batch normalisation.", teacher=network_title(teacher.key)),
                )
            )

    def _calendar(self, dataset: Dataset) -> StageSchedule:
        training = self.experiment.training
        per_epoch = max(1, len(dataset.train) // min(training.batch_size, len(dataset.train)))
        return StageSchedule(training.steps or training.epochs * per_epoch, per_epoch)

    def _hardware(self, networks: Networks, dataset: Dataset) -> Hardware:
        training, cast = self.experiment.training, networks.cast
        batch = min(training.batch_size, len(dataset.train))
        teacher_macs = cast.teacher.macs if cast.teacher is not None else 0
        hardware = choose_hardware(training.device, training.precision, batch * (teacher_macs + 3 * cast.student.macs))
        torch.set_num_threads(hardware.threads)
        if hardware.notice is not None:
            self.speaker.say(Notice(level="warning", what=hardware.notice))
        return hardware

    def _announce(
        self, course: StageRunner, dataset: Dataset, networks: Networks, calendar: StageSchedule, hardware: Hardware
    ) -> None:
        if course.networks.teacher is not None:
            self.speaker.phase("Testing the teacher")
        teacher = course.teacher_answers()
        self.speaker.say(
            RunStarted(
                teacher_accuracy=accuracy(teacher, dataset.test.labels) if teacher is not None else None,
                name=self.experiment.title,
                plan=course.bands,
                steps=calendar.steps,
                epochs=calendar.epochs,
                steps_per_epoch=calendar.steps_per_epoch,
                batch_size=course.loader.batch_size,
                device=str(hardware.device),
                threads=hardware.threads,
                precision=hardware.precision,
                classes=dataset.classes,
                examples=dataset.kind,
                groups=tuple(tap.group for tap in networks.cast.student.taps if tap.group != "stem"),
            )
        )

    def _measure(
        self,
        ending: RunEnding,
        course: StageRunner,
        dataset: Dataset,
        networks: Networks,
        hardware: Hardware,
    ) -> Outcome:
        """Test the student that counts, and write its weights and answers."""
        self.speaker.phase("Measuring the result")
        student = answers(networks.student, dataset.test, hardware)
        assert student is not None
        teacher = course.teacher_answers()
        reached = accuracy(student, dataset.test.labels)
        known = accuracy(teacher, dataset.test.labels) if teacher is not None else None
        arrays = {"student": student.numpy(), "labels": dataset.test.labels.cpu().numpy()}
        if teacher is not None:
            arrays["teacher"] = teacher.numpy()
        self.speaker.with_space(lambda: self._write_results(networks, arrays))
        cast = networks.cast
        facts = {"student": cast.student} | ({"teacher": cast.teacher} if cast.teacher is not None else {})
        nets = {"student": networks.student} | ({"teacher": networks.teacher} if networks.teacher is not None else {})
        seconds = course.seconds
        self.speaker.say(
            RunEnded(
                state=ending.state, reason=ending.reason, test_accuracy=reached, teacher_accuracy=known, seconds=seconds
            )
        )
        return Outcome(
            state=ending.state,
            reason=ending.reason,
            kept=ending.kept,
            student_accuracy=reached,
            teacher_accuracy=known,
            parameters={role: summary.parameters for role, summary in facts.items()},
            macs={role: summary.macs for role, summary in facts.items()},
            latency_ms={role: latency_ms(network) for role, network in nets.items()},
            seconds=seconds,
            steps=self.speaker.step,
            epochs=self.speaker.epoch,
        )

    def _write_student(self, networks: Networks) -> None:
        save_network(networks.student, self.places.folder / "student.safetensors", {})

    def _write_results(self, networks: Networks, arrays: dict[str, np.ndarray]) -> None:
        self._write_student(networks)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        write_whole(self.places.folder / "predictions.npz", buffer.getvalue())


__all__ = ["Outcome", "Places", "run_session"]
