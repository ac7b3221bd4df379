"""Tells of every stage that begins with another student: what was exchanged, what is saved, where both are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.core.network_reading import BlockReading, NetworkReading
from studio.events import StudentRebuilt
from studio.methods.base import Stage
from studio.networks.base import Network
from studio.networks.measure import latencies_in_turn, summarise
from studio.networks.titles import network_title
from studio.training.event_emitter import EventEmitter
from studio.training.loop_handler import LoopHandler
from studio.training.setup import Setup
from studio.training.stage_memory import StageMemory
from studio.training.stage_run import StageRun


class RebuildReporter(LoopHandler):
    """Measures teacher, student and what the student will be, in turn, where a stage has rebuilt the student.

    Args:
        expected: the stages of the run, before the first has begun.
        memory: knows those that are over.
    """

    def __init__(self, setup: Setup, expected: Sequence[Stage], memory: StageMemory, emitter: EventEmitter) -> None:
        self._networks = setup.networks
        self._memory = memory
        self._emitter = emitter
        self._expected = tuple(expected)
        self._seed = setup.experiment.seed
        self._form: Network | None = None

    def at_stage_start(self, run: StageRun) -> None:
        teacher = self._networks.teacher
        if run.stage.prepare is None or teacher is None:
            return
        networks = (teacher, self._networks.student, self._planned(run.stage.name))
        times = latencies_in_turn(networks)
        before, now, planned = (_reading(network, time) for network, time in zip(networks, times, strict=True))
        learner = run.stage.learner.removeprefix("student.")
        at_work = tuple(each.name for each in self._networks.student.blocks if learner in (each.name, each.group))
        self._emitter.emit(
            StudentRebuilt(teacher=before, student=now, planned=planned, compared=_compared(run), at_work=at_work)
        )

    def _planned(self, running: str) -> Network:
        """The student when the stages that are still expected are over, untrained in what they exchange; made once."""
        if self._form is not None:
            return self._form
        scratch, over = replace(self._networks), {running, *(record.name for record in self._memory.done)}
        for stage in self._expected:
            if stage.name not in over:
                scratch.enter(stage, self._seed)
        self._form = scratch.student
        return self._form


def _compared(run: StageRun) -> tuple[str, ...]:
    """The blocks behind which the objective of a stage compares, the last one where it compares the scores."""
    blocks = [ref.group for ref in run.objective.taps() if ref.who == "student" and ref.kind == "block"]
    return (*blocks, *(["head"] if run.objective.needs_logits else []))


def _reading(network: Network, milliseconds: float) -> NetworkReading:
    facts = summarise(network, network_title(network.key))
    blocks = tuple(
        BlockReading(
            each.block.name,
            each.block.kind,
            each.block.group,
            each.channels,
            each.height,
            each.parameters,
            each.macs,
        )
        for each in facts.blocks
    )
    return NetworkReading(facts.title, blocks, milliseconds)
