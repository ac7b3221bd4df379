"""Tells of every stage that begins with another student: what was exchanged, what is saved, where both are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.events import BlockReading, NetworkReading, StudentRebuilt
from studio.methods.base import Stage
from studio.networks.base import Network
from studio.networks.measure import latencies_in_turn, summarise
from studio.networks.titles import network_title
from studio.training.event_emitter import EventEmitter
from studio.training.loop_handler import LoopHandler
from studio.training.setup import Setup
from studio.training.stage_run import StageRun


class RebuildReporter(LoopHandler):
    """Measures teacher, student and what the student will be, in turn, where a stage has rebuilt the student.

    Args:
        plan: the stages of the run.
    """

    def __init__(self, setup: Setup, plan: Sequence[Stage], emitter: EventEmitter) -> None:
        self._networks = setup.networks
        self._emitter = emitter
        # as the run begins: what the planned stages build of it is looked at and let go again
        self._begun = replace(setup.networks)
        self._plan = tuple(plan)
        self._seed = setup.experiment.seed

    def at_stage_start(self, run: StageRun) -> None:
        teacher = self._networks.teacher
        if run.stage.prepare is None or teacher is None:
            return
        networks = (teacher, self._networks.student, self._planned())
        times = latencies_in_turn(networks)
        before, now, planned = (_reading(network, time) for network, time in zip(networks, times, strict=True))
        self._emitter.emit(StudentRebuilt(teacher=before, student=now, planned=planned, compared=_compared(run)))

    def _planned(self) -> Network:
        """The student when all stages are over, untrained."""
        scratch = replace(self._begun)
        for stage in self._plan:
            scratch.enter(stage, self._seed)
        return scratch.student


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
