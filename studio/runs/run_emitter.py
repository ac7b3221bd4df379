"""Passes on the events of one run: under its id, recorded in its folder, to whoever listens."""

from __future__ import annotations

import dataclasses

from studio.core.format import percent
from studio.core.message import Text
from studio.core.picture_scan import PictureScan
from studio.events import Event, Listener, Notice, PicturesScanned, RunEnded, RunStarted
from studio.runs.files.environment import Environment
from studio.runs.files.folder import RunFolder, read_document, write_document
from studio.runs.files.recorder import Recorder
from studio.runs.files.summary import Summary
from studio.runs.run_info import RunInfo
from studio.runs.unverified import TOLERANCE, TeacherDiffers


class RunEmitter:
    """The listener of a session.

    An event that cannot be recorded is not passed on either: the session says it again when there is space.

    Args:
        summary: tells the run's role and its parent.
        recorder: None where nothing is recorded, because the run has ended before.
    """

    def __init__(
        self, listener: Listener, folder: RunFolder, summary: Summary, recorder: Recorder | None = None
    ) -> None:
        self._listener, self._folder, self._recorder = listener, folder, recorder
        self._role, self._parent = summary.role, summary.parent
        #: The reference that teaches, while what it kept has not been measured yet.
        self.unverified_teacher: RunInfo | None = None
        #: What the student alone reached, where that is known before the student learns from its teacher.
        self.alone_accuracy: float | None = None
        #: What was found in the folder of pictures, once it has been looked through.
        self.scan: PictureScan | None = None

    def __call__(self, event: Event) -> None:
        """Record an event and pass it on.

        Raises:
            NotWritten: it cannot be recorded.
            TeacherDiffers: the session is about to begin with a teacher that is not what was recorded.
        """
        event = dataclasses.replace(event, run=self._folder.id)
        if isinstance(event, RunStarted):
            self._check_teacher(event)
            event = dataclasses.replace(event, role=self._role, parent=self._parent)
        if self._recorder is not None:
            if isinstance(event, RunStarted):
                self._write_hardware(event)
            elif isinstance(event, PicturesScanned):
                self._write_scan(event)
            event = self._recorder.record(event)
        self._listener(event)
        if isinstance(event, RunStarted):
            self._tell_worse_teacher(event)

    @property
    def ended(self) -> RunEnded | None:
        """The last word of this run, once it has been said."""
        return self._recorder.ended if self._recorder is not None else None

    def _check_teacher(self, event: RunStarted) -> None:
        teacher = self.unverified_teacher
        if teacher is None or teacher.test_accuracy is None or event.teacher_accuracy is None:
            return
        if abs(event.teacher_accuracy - teacher.test_accuracy) > TOLERANCE:
            raise TeacherDiffers(teacher.id, teacher.test_accuracy, event.teacher_accuracy)

    def _write_scan(self, event: PicturesScanned) -> None:
        """Have it in the summary while the run still goes on."""
        self.scan = event.scan
        summary = read_document(self._folder.summary, Summary)
        if summary is not None:
            write_document(self._folder.summary, summary.model_copy(update={"scan": event.scan}))

    def _tell_worse_teacher(self, event: RunStarted) -> None:
        """Say it before the student learns from a teacher that knows less than it does by itself."""
        teacher, alone = event.teacher_accuracy, self.alone_accuracy
        if teacher is None or alone is None or teacher >= alone:
            return
        values = {"teacher": percent(teacher), "alone": percent(alone)}
        self(
            Notice(
                level="warning",
                what=Text("The teacher is worse than the student alone: {teacher} right against {alone}.", values),
                why=Text("Measured on the test part of these data, before the student starts."),
                remedy=Text("Train the teacher for longer, or choose another."),
            )
        )

    def _write_hardware(self, event: RunStarted) -> None:
        """Write down what the run really runs on."""
        environment = read_document(self._folder.environment, Environment)
        if environment is not None:
            used = {"device": event.device, "threads": event.threads, "precision": event.precision}
            write_document(self._folder.environment, environment.model_copy(update=used))
