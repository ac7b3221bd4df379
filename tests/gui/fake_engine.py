"""An engine that learns nothing: it says what a real one says, at once or step by step, and leaves a real run folder.

``tests/contracts`` holds it to what the real one does. It differs in one thing: references are never trained, they are as
if they had been found, in runs that were deleted since. So every job has one run, unless it is asked to compare.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.core.errors import DiskFull, RunFailed, StudioError, unexpected_in_run
from studio.core.message import Text
from studio.events import Listener, Notice
from studio.experiment import Experiment, to_toml
from studio.networks.titles import network_title
from studio.runs.files.environment import describe
from studio.runs.files.folder import RunFolder, document_bytes, read_document, write_document
from studio.runs.files.labels import Labels
from studio.runs.files.lock import held
from studio.runs.files.recorder import Recorder
from studio.runs.files.summary import Accuracy, Summary
from studio.runs.references import wanted
from studio.runs.results import summarise
from studio.runs.run_emitter import RunEmitter
from studio.runs.run_info import RunInfo, read_info
from studio.runs.store.workspace import Workspace
from studio.runs.summary_writer import SummaryWriter
from studio.systems.reference_experiments import alone_experiment, needs_teacher
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter
from studio.training.predictions import Predictions
from studio.training.session import Places
from tests.runs.fake_session import PICTURES, FakeSession, answers

STEPS, PER_EPOCH = 40, 4
TEACHER, ALONE, TAUGHT = 0.98, 0.7, 0.9
FOUND = Text("The same run was trained before; it is used again.")


class FakeEngine:
    """Stands behind the window in place of the real one.

    Args:
        place: the folder of the workspace.
        seconds: how long a step takes.

    Attributes:
        fault: raised at this step, once.
        full_at: the step at which the disk is full, once.
        launched: what was asked for.
    """

    def __init__(self, place: Path, seconds: float = 0.0) -> None:
        self.workspace = Workspace(place)
        self.fault: tuple[int, BaseException] | None = None
        self.full_at: int | None = None
        self.launched: list[Experiment] = []
        self.session = FakeSession(
            accuracies=(TEACHER, ALONE, TAUGHT),
            steps=STEPS,
            per_epoch=PER_EPOCH,
            seconds=seconds,
            after_step=self._after_step,
        )

    @property
    def seconds(self) -> float:
        """How long a step takes."""
        return self.session.seconds

    @seconds.setter
    def seconds(self, seconds: float) -> None:
        self.session.seconds = seconds

    def launch(self, experiment: Experiment, listener: Listener, control: Control) -> RunInfo:
        self.launched.append(experiment)
        return self._start(
            experiment.resolved(), listener, control, Summary(titles=_titles(experiment), named=bool(experiment.name))
        )

    def resume(self, run: str, listener: Listener, control: Control) -> RunInfo:
        info = self.workspace.run(run)
        if not info.resumable:
            raise StudioError("The run {run} has ended: there is nothing left to do.", run=run)
        before = read_document(info.places.summary, Summary)
        assert before is not None
        return self._run(info.places, info.experiment, listener, control, summarise.begun(before))

    def compare(self, run: str, listener: Listener, control: Control) -> RunInfo:
        info = self.workspace.run(run)
        folder, summary = info.places, read_document(info.places.summary, Summary)
        assert summary is not None
        if info.reached is None or not needs_teacher(info.experiment):
            raise StudioError("The run {run} cannot be compared.", run=run)
        if "alone" in summary.references:
            RunEmitter(listener, folder, summary)(Notice(what=FOUND))
        else:
            wish = alone_experiment(info.experiment)
            alone = self._start(wish, listener, control, Summary(titles=_titles(wish), role="alone", parent=info.id))
            if alone.state == "stopped":
                return read_info(folder)
            summary = summarise.with_reference(summary, "alone", alone)
        self._write_end(folder, _compared(summary, folder))
        return read_info(folder)

    def _start(self, experiment: Experiment, listener: Listener, control: Control, summary: Summary) -> RunInfo:
        environment = describe(experiment, "").model_copy(update={"sequence": self.workspace.next_sequence()})
        documents = {
            "experiment.toml": to_toml(experiment).encode(),
            "environment.json": document_bytes(environment),
            "labels.json": document_bytes(Labels(name=experiment.title)),
            "summary.json": document_bytes(summary),
        }
        with self.workspace.new_run(f"{experiment.method.key} {experiment.dataset.key}", documents) as folder:
            pass
        return self._run(folder, experiment, listener, control, summary)

    def _run(
        self, folder: RunFolder, experiment: Experiment, listener: Listener, control: Control, summary: Summary
    ) -> RunInfo:
        with held(folder.lock), Recorder(folder) as recorder:
            emit = RunEmitter(listener, folder, summary, recorder)
            writer = SummaryWriter(folder, emit, summary)
            for role in wanted(experiment):
                reached = Accuracy.measured(TEACHER if role == "teacher" else ALONE, PICTURES)
                known, names = (
                    writer.summary.accuracy | {role: reached},
                    writer.summary.references | {role: f"the-{role}"},
                )
                writer.write(writer.summary.model_copy(update={"accuracy": known, "references": names}))
                emit(Notice(what=FOUND))
            places = Places(folder.path, self.workspace.cache, folder.teacher if needs_teacher(experiment) else None)
            try:
                outcome = self.session(experiment, places, emit, control, resume=folder.has_checkpoint)
            except RunFailed as failure:
                writer.write_end("failed", failure.paragraph())
                raise
            except Exception as error:
                writer.write_end("failed", unexpected_in_run(error).paragraph())
                raise error from None  # what a worker makes of an engine that is broken is for its tests to say
            writer.write(_compared(summarise.reached(writer.summary, outcome), folder))
            writer.write_end(summarise.final(outcome.state), outcome.reason)
        return read_info(folder)

    def _write_end(self, folder: RunFolder, summary: Summary) -> None:
        write_document(folder.summary, summarise.ended(summary, summary.state, summary.told("reason")))

    def _after_step(self, emitter: EventEmitter, step: int) -> None:
        if self.full_at == step:
            emitter.guard.write(self._write_once_refused)
        if self.fault is not None and step == self.fault[0]:
            error, self.fault = self.fault[1], None
            raise error

    def _write_once_refused(self) -> None:
        if self.full_at is not None:
            self.full_at = None
            raise DiskFull("The disk is full.", "", "Free some space, then go on.", offers=("resume",))


def _compared(summary: Summary, folder: RunFolder) -> Summary:
    """With the share of the gap, where both references are known."""
    own = summarise.read_predictions(folder)
    assert own is not None
    alone = answers(ALONE, own.student.shape[1])
    return summarise.compared(summary, own, Predictions(np.zeros(PICTURES, np.int64), alone))


def _titles(experiment: Experiment) -> dict[str, str]:
    titles = {
        "method": experiment.method.title,
        "dataset": experiment.dataset.source.title,
        "student": network_title(experiment.student_network),
    }
    return titles | ({"teacher": network_title(experiment.teacher.key)} if needs_teacher(experiment) else {})
