"""Measures what a stage wants watched beside what it learns, at ends of epochs, and leaves no trace in the run."""

from __future__ import annotations

from studio.events import StageObserved
from studio.training.event_emitter import EventEmitter
from studio.training.loop_handler import LoopHandler
from studio.training.setup import Setup
from studio.training.stage_objective import StageObjective
from studio.training.stage_run import StageRun

#: Batches it is measured on, the first of the stage: as many pictures as tell a share of a variance to a few percent.
BATCHES = 4


class StageObserver(LoopHandler):
    """Asks the observer of the running stage whenever a snapshot is due, and at the end of the stage."""

    def __init__(self, setup: Setup, emitter: EventEmitter) -> None:
        self._setup = setup
        self._emitter = emitter

    def at_epoch_end(self, run: StageRun) -> None:
        build = run.stage.observer
        if build is None or not (run.at_end or run.schedule.snapshots(run.step)):
            return
        observer = StageObjective(build(self._setup.networks.cast), (), None)
        readings = run.loop.observe(observer.to(self._setup.hardware.device), BATCHES)
        self._emitter.emit(StageObserved(readings=readings))
