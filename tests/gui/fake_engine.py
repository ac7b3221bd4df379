"""An engine that learns nothing: it says what a real one says, at once or step by step, and leaves a real run folder."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import numpy as np

from studio.core.message import Text
from studio.events import (
    EpochDone,
    Event,
    Listener,
    Notice,
    Phase,
    Progress,
    Resumed,
    RunEnded,
    RunStarted,
    Snapshot,
    StageBand,
    StageStarted,
    StateChanged,
    TermReading,
    Terms,
)
from studio.experiment import Experiment, to_toml
from studio.runs.files.folder import RunFolder, read_document, write_document
from studio.runs.files.labels import Labels
from studio.runs.files.lock import held
from studio.runs.files.recorder import Recorder
from studio.runs.files.summary import Accuracy, GapClosed, Summary
from studio.runs.run_info import RunInfo, read_info
from studio.runs.store.workspace import Workspace
from studio.training.control import Control

STEPS, PER_EPOCH = 40, 4


class FakeEngine:
    """Stands behind the window in place of the real one.

    Args:
        place: the folder of the workspace.
        seconds: how long a step takes.
    """

    def __init__(self, place: Path, seconds: float = 0.0) -> None:
        self.workspace = Workspace(place)
        self.seconds = seconds
        #: Raised at this step.
        self.fault: tuple[int, BaseException] | None = None
        #: Holds at this step as a full disk does.
        self.full_at: int | None = None
        self.launched: list[Experiment] = []
        self.compared: list[str] = []

    def launch(self, experiment: Experiment, listener: Listener, control: Control) -> RunInfo:
        self.launched.append(experiment)
        folder = self.workspace.new_folder(f"{experiment.method.key} {experiment.dataset.key}")
        folder.experiment.write_text(to_toml(experiment.resolved()), encoding="utf-8")
        write_document(folder.labels, Labels(name=experiment.title))
        titles = {"method": experiment.method.title, "dataset": experiment.dataset.source.title}
        titles |= {"student": "Student", "teacher": "Teacher"}
        write_document(folder.summary, Summary(titles=titles))
        return self._run(folder, experiment, listener, control, 0)

    def resume(self, run: str, listener: Listener, control: Control) -> RunInfo:
        info = self.workspace.run(run)
        return self._run(info.places, info.experiment, listener, control, round(info.progress * STEPS))

    def compare(self, run: str, listener: Listener, control: Control) -> RunInfo:
        self.compared.append(run)
        return self.workspace.run(run)

    def _run(
        self, folder: RunFolder, experiment: Experiment, listener: Listener, control: Control, first: int
    ) -> RunInfo:
        with held(folder.lock), Recorder(folder) as recorder:

            def tell(event: Event) -> None:
                listener(recorder.record(dataclasses.replace(event, run=folder.id)))

            return self._speak(folder, experiment, tell, control, first)

    def _speak(
        self, folder: RunFolder, experiment: Experiment, tell: Listener, control: Control, first: int
    ) -> RunInfo:
        tell(Phase(words=Text("Preparing data")))
        tell(
            RunStarted(
                name=experiment.title,
                plan=(StageBand("task", "learn", 0, STEPS, labels=True),),
                steps=STEPS,
                epochs=STEPS // PER_EPOCH,
                steps_per_epoch=PER_EPOCH,
                batch_size=32,
                device="cpu",
                threads=1,
                precision="exact",
                classes=tuple("0123456789"),
                groups=("group1",),
            )
        )
        tell(StageStarted(stage="task", title="learn", trains=("student",)))
        if first:
            tell(Resumed(step=first))
        step = first
        while step < STEPS:
            self._hold(control, tell, step)
            if control.stopping:
                return self._end(folder, tell, "stopped", step)
            time.sleep(self.seconds)
            step += 1
            self._say_step(tell, step)
            if self.full_at == step:
                self.full_at = None
                control.pause()
                what = Text("The disk is full.")
                tell(Notice(level="error", what=what, remedy=Text("Free some space, then go on."), offers=("resume",)))
                tell(StateChanged(state="paused", words=what))
            if self.fault is not None and step == self.fault[0]:
                error, self.fault = self.fault[1], None
                self._end(folder, tell, "failed", step)
                raise error
        return self._end(folder, tell, "finished", step)

    @staticmethod
    def _hold(control: Control, tell: Listener, step: int) -> None:
        if control.take_turn():
            return
        tell(StateChanged(state="paused", step=step, words=Text("Paused.")))
        while not control.take_turn() and not control.stopping:
            control.wait(0.05)
        if not control.stopping:
            tell(StateChanged(state="running", step=step))

    @staticmethod
    def _say_step(tell: Listener, step: int) -> None:
        epoch = step // PER_EPOCH
        place = {"stage": "task", "step": step, "epoch": epoch}
        words = Text("Learn, epoch {epoch} of {epochs}", {"epoch": epoch + 1, "epochs": STEPS // PER_EPOCH})
        tell(Progress(**place, words=words, fraction=step / STEPS, seconds_left=float(STEPS - step)))
        terms = {
            "labels": TermReading(2.0 / step, 1.0, "task"),
            "soft targets": TermReading(3.0 / step, 0.9, "transfer"),
        }
        tell(Terms(**place, terms=terms, learning_rate=0.05, pictures_per_second=1000.0))
        if step % PER_EPOCH == 0:
            tell(EpochDone(**place, labelled=True, test_accuracy=0.5 + 0.4 * step / STEPS))
            tell(Snapshot(**place, arrays=_arrays(step)))

    @staticmethod
    def _end(folder: RunFolder, tell: Listener, state: str, step: int) -> RunInfo:
        accuracy = 0.5 + 0.4 * step / STEPS
        tell(RunEnded(state=state, reason=Text("So it ended."), step=step, test_accuracy=accuracy))
        before = read_document(folder.summary, Summary) or Summary()
        known = {
            "student": Accuracy.measured(accuracy, 360),
            "teacher": Accuracy.measured(0.98, 360),
            "alone": Accuracy.measured(0.7, 360),
        }
        sentence = Text("The student reached {accuracy:.1f} %: 71 % of the gap to its teacher is closed.")
        words = {"text": sentence.template, "values": {"accuracy": 100 * accuracy}}
        write_document(
            folder.summary,
            before.model_copy(
                update={
                    "state": state,
                    "accuracy": known if state != "failed" else before.accuracy,
                    "gap_closed": GapClosed(value=0.71, low=0.5, high=0.9) if state == "finished" else None,
                    "parameters": {"student": 6274, "teacher": 94186},
                    "seconds": 1.5,
                    "steps": step,
                    "words": {"sentence": words},
                }
            ),
        )
        return read_info(folder)


def _arrays(step: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(step)
    arrays: dict[str, np.ndarray] = {
        "probe/inputs": rng.integers(0, 255, (4, 1, 8, 8), dtype=np.uint8),
        "probe/labels": np.arange(4),
    }
    for role in ("teacher", "student"):
        arrays[f"logits/{role}"] = rng.normal(size=(4, 10)).astype(np.float32)
        for kind in ("sum", "sum2", "max2"):
            maps = rng.random((4, 4, 4)).astype(np.float32)
            arrays[f"attention/{role}/group1/{kind}"] = (maps / np.linalg.norm(maps)).astype(np.float16)
    for kind in ("sum", "sum2", "max2"):
        arrays[f"alike/group1/{kind}"] = np.float32(0.9)
    arrays |= {
        "agreement/group1": np.float32(80.0),
        "chance/group1": np.float32(55.0),
        "channels/group1": rng.uniform(50, 100, 8).astype(np.float32),
        "firing/group1": rng.random(8).astype(np.float32),
        "how/group1": np.int8(0),
    }
    return arrays
