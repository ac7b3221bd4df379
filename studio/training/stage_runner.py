"""Takes a student through the stages of its method: which comes next, what is kept between them, and how it ends."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

from studio.core.errors import NotANumber
from studio.core.message import text
from studio.data.loader import Loader
from studio.events import CheckpointSaved, EpochDone, Snapshot, StageBand, StageStarted
from studio.experiment import Experiment
from studio.insight.snapshot_taker import SnapshotTaker
from studio.methods.base import BoundaryAttack, History, Stage, StageRecord
from studio.training.checkpoints import Checkpoints
from studio.training.control import Control
from studio.training.evaluation import accuracy, answers
from studio.training.event_emitter import EventEmitter
from studio.training.outcome import RunEnding
from studio.training.resume_guard import ResumeGuard
from studio.training.setup import Setup
from studio.training.stage_loop import StageLoop
from studio.training.stage_objective import StageObjective, stage_objective

#: Seconds between checkpoints: the least at epoch ends (an epoch may take milliseconds), the most anywhere.
LEAST, MOST = 5.0, 60.0


@dataclass
class _Best:
    """The best validation accuracy so far and how many epochs brought no gain since."""

    accuracy: float = -1.0
    step: int = 0
    waited: int = 0


class StageRunner:
    """Takes the student through all stages of its method. Everything it must remember is in :meth:`state_dict`."""

    def __init__(
        self, setup: Setup, guard: ResumeGuard, checkpoints: Checkpoints, emitter: EventEmitter, control: Control
    ) -> None:
        self.experiment = experiment = setup.experiment
        self.setup = setup
        self.dataset = setup.dataset
        self.networks = setup.networks
        self.hardware = setup.hardware
        self.schedule = setup.schedule
        self.guard = guard
        self.checkpoints = checkpoints
        self.emitter = emitter
        self.control = control
        self.loader = Loader(
            self.dataset.train,
            experiment.training.batch_size,
            experiment.dataset.varied,
            seed=experiment.seed,
            device=self.hardware.device,
        )
        self.plan = experiment.method.entry.plan(experiment.method.typed, self.networks.cast)
        self.bands = self.schedule.bands(self.plan)
        self.done: list[StageRecord] = []
        self.step = 0
        self.earlier_seconds = 0.0
        self._loop: StageLoop | None = None
        self._best = _Best()
        self._objective: StageObjective | None = None
        self._guide: StageObjective | None = None
        self._learnt: dict[str, Tensor] = {}
        self._pending: dict[str, Any] = {}
        self._saved_at = time.monotonic()
        self._snapshots = SnapshotTaker(
            self.networks.student,
            self.networks.teacher,
            self.dataset,
            self.networks.cast.pairs,
            seed=experiment.seed,
            device=self.hardware.device,
            attack=_boundary_attack(experiment),
        )

    @property
    def seconds(self) -> float:
        """Time spent on the run, pauses left out, earlier sittings included."""
        return self.earlier_seconds + self.emitter.throughput.seconds

    @property
    def batch_size(self) -> int:
        """Examples a step."""
        return self.loader.batch_size

    @property
    def chooses(self) -> bool:
        """Whether anything is chosen on the validation pictures."""
        training = self.experiment.training
        return self.dataset.validation is not None and (training.keep == "best" or training.patience > 0)

    def run(self) -> RunEnding:
        """All stages, from wherever the runner stands."""
        while (stage := self._next_stage()) is not None:
            ending = self._run_stage(stage, self.bands[len(self.done)])
            if ending is not None:
                return self._keep(ending)
        return self._keep(RunEnding("finished", text("The run is finished.")))

    def _next_stage(self) -> Stage | None:
        method = self.experiment.method
        history = History(self.networks.cast, tuple(self.done))
        return method.entry.next_stage(method.typed, history)

    def _run_stage(self, stage: Stage, band: StageBand) -> RunEnding | None:
        """One stage, to its end (None) or to the end of the run."""
        objective = self._build(stage)
        loop = StageLoop(self.experiment, stage, band, self.networks, objective, self.loader, self.hardware)
        self._loop, self._objective = loop, objective
        continues = bool(self._pending)
        if continues:
            loop.load_state_dict(self._pending)
            self._pending = {}
        else:
            loop.prepare()
        if objective.connects:
            self._guide = objective
        self.emitter.stage = stage.name
        self.emitter.emit(StageStarted(title=stage.title, trains=stage.trains))
        if self.step == band.begin and not continues:  # a checkpoint of this moment is not written over itself
            self._emit_snapshot()
            self._save()
        try:
            ending = self._out_of_patience()  # killed between its last checkpoint and its end
            while ending is None and self.step < band.end:
                ending = self._advance(loop, band)
            if ending is not None:
                return ending
        finally:
            loop.close()
        self.done.append(
            StageRecord(stage.name, (band.end - band.begin) // self.schedule.steps_per_epoch, band.end - band.begin)
        )
        if objective.own is not None:
            self._learnt.update(objective.own.state_dict())
        self._loop = self._objective = None
        return None

    def _build(self, stage: Stage) -> StageObjective:
        objective = stage_objective(self.experiment, stage, self.networks.cast, self._learnt)
        return objective.to(self.hardware.device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

    def _advance(self, loop: StageLoop, band: StageBand) -> RunEnding | None:
        """One step and what falls due after it."""
        if not self.control.take_turn():
            self.emitter.pause_until_turn()
        if self.control.stopping:
            return RunEnding("stopped", text("You stopped the run; what was learnt is kept."))
        loop.step(self.step)
        self.step += 1
        self.emitter.set_position(self.step, self.step // self.schedule.steps_per_epoch)
        self.emitter.throughput.add(self.loader.batch_size)
        if self.emitter.reading_due() or self.control.paused or self.step == band.end:
            self._emit_terms(loop)
        self._emit_progress(loop.stage)
        ending = None
        if self.step % self.schedule.steps_per_epoch == 0 or self.step == band.end:
            ending = self._end_epoch(loop, at_end=self.step == band.end)
        elif time.monotonic() - self._saved_at >= MOST:
            self._save()
        return ending

    def _emit_progress(self, stage: Stage) -> None:
        done = self.step / self.schedule.steps
        epoch = min(self.step // self.schedule.steps_per_epoch + 1, self.schedule.epochs)
        words = text(
            "{stage}, epoch {epoch} of {epochs}",
            stage=stage.title.capitalize(),
            epoch=epoch,
            epochs=self.schedule.epochs,
        )
        self.emitter.emit_progress(words, done, self.emitter.throughput.left(done))

    def _emit_terms(self, loop: StageLoop) -> None:
        self._must_be_finite(loop)
        event = loop.read_terms(self.emitter.throughput.lap())
        if event is not None:
            self.emitter.emit(event)

    def _must_be_finite(self, loop: StageLoop) -> None:
        step = loop.bad_step
        if step is not None or not all(bool(p.isfinite().all()) for p in self.networks.student.parameters()):
            at = self.step if step is None else step
            raise NotANumber(
                "The loss is no longer a number since step {step}.",
                "The steps were too large (learning rate {rate:g}), so the weights grew without bound.",
                "Lower the learning rate, for example to {lower:g}, and train again.",
                offers=("lower_learning_rate",),
                step=at + 1,
                rate=self.experiment.training.optimizer.lr,
                lower=self.experiment.training.optimizer.lr / 5,
            )

    def _end_epoch(self, loop: StageLoop, *, at_end: bool) -> RunEnding | None:
        """Evaluate, choose, show and save, each where due."""
        labels = loop.stage.labels
        validation = self._validate() if self.chooses and labels else None
        test = None
        if at_end or self.schedule.evaluates(self.step):
            logits = answers(
                self.networks.student, self.dataset.test, self.hardware, stopping=lambda: self.control.stopping
            )
            test = accuracy(logits, self.dataset.test.labels) if logits is not None else None
        if test is not None or validation is not None:
            self.emitter.emit(EpochDone(labelled=labels, test_accuracy=test, validation_accuracy=validation))
        if (at_end or self.schedule.snapshots(self.step)) and not self.control.stopping:
            self._emit_snapshot()
        since = time.monotonic() - self._saved_at
        if at_end or since >= LEAST:
            self._save()
        return self._out_of_patience()

    def _out_of_patience(self) -> RunEnding | None:
        patience = self.experiment.training.patience
        if patience and self._best.waited >= patience:
            return RunEnding("early_stop", text("No gain on the kept-back pictures for {n} epochs.", n=patience))
        return None

    def _validate(self) -> float:
        assert self.dataset.validation is not None
        # never broken off: the checkpoint of a stop must know what this epoch was worth, or going on would choose otherwise
        logits = answers(self.networks.student, self.dataset.validation, self.hardware)
        assert logits is not None
        value = accuracy(logits, self.dataset.validation.labels)
        if value > self._best.accuracy:
            self._best = _Best(value, self.step)
            payload = {"student": self.networks.student.state_dict(), "step": self.step, "accuracy": value}
            name = self.emitter.guard.write(lambda: self.checkpoints.save_best(payload))
            self.emitter.emit(CheckpointSaved(file=name, best=True))
        else:
            self._best.waited += 1
        return value

    def _emit_snapshot(self) -> None:
        self.emitter.emit(Snapshot(arrays=self._snapshots.take(self._guide)))

    def _save(self) -> None:
        if self._loop is not None:
            self._must_be_finite(self._loop)
        name = self.emitter.guard.write(lambda: self.checkpoints.save(self.state_dict(), self.step))
        self._saved_at = time.monotonic()
        self.emitter.emit(CheckpointSaved(file=name))

    def _keep(self, ending: RunEnding) -> RunEnding:
        """Put the best weights back where that was asked and there are any."""
        best = self.checkpoints.best() if self.experiment.training.keep == "best" else None
        if ending.state == "stopped" and self._loop is not None:
            self._save()
        if best is None:
            return ending
        self.networks.student.load_state_dict(best["student"])
        return RunEnding(ending.state, ending.reason, "best")

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on bit for bit: plain values and tensors."""
        return {
            "origin": self.guard.state_dict(),
            "step": self.step,
            "done": [asdict(record) for record in self.done],
            "student": self.networks.student.state_dict(),
            "loop": self._loop.state_dict() if self._loop is not None else {},
            "learnt": self._learnt,
            # the running stage's objective is in its loop
            "guide": self._guide.state_dict() if self._guide not in (None, self._objective) else {},
            "best": asdict(self._best),
            "seconds": self.seconds,
        }

    def load_state_dict(self, saved: dict[str, Any]) -> None:
        """Stand where :meth:`state_dict` was taken."""
        self.step = saved["step"]
        self.networks.student.load_state_dict(saved["student"])
        self._learnt = saved["learnt"]
        for record in saved["done"]:
            stage = self._next_stage()
            assert stage is not None
            objective = self._build(stage)
            self._guide = objective if objective.connects else self._guide
            self.done.append(StageRecord(**record))
        if self._guide is not None and saved["guide"]:
            self._guide.load_state_dict(saved["guide"])
        self._best = _Best(**saved["best"])
        self._pending = saved["loop"]
        self.earlier_seconds = saved["seconds"]
        self.emitter.set_position(self.step, self.step // self.schedule.steps_per_epoch)
        self.emitter.throughput.start_at(self.step / self.schedule.steps)

    def close(self) -> None:
        """Let go of the data."""
        self.loader.close()

    def restore_last_good_weights(self) -> bool:
        """Put the last good weights back after a failure; False where none were saved."""
        saved = self.checkpoints.latest()
        if saved is None:
            return False
        self.networks.student.load_state_dict(saved["student"])
        return True


def _boundary_attack(experiment: Experiment) -> BoundaryAttack | None:
    """How the method, or one of ``also``, pushes inputs to the teacher's boundary."""
    choices = (experiment.method, *experiment.method.also)
    attacks = (choice.entry.boundary_attack(choice.typed) for choice in choices)
    return next((attack for attack in attacks if attack is not None), None)
