"""Answers questions to the networks of a run between its steps, without leaving a trace in its numbers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TypeVar

from studio.insight.probe_reader import undisturbed
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter
from studio.training.loop_handler import LoopHandler
from studio.training.network_setup import Networks
from studio.training.questions import NetworkQuestion, NotAnswering
from studio.training.stage_run import StageRun

T = TypeVar("T")


class QuestionAnswerer(LoopHandler):
    """Knows the networks of a session.

    Args:
        folder: of the run.
        control: through which questions come; see :class:`~studio.training.questions.Questions`.
    """

    def __init__(self, networks: Networks, folder: Path, control: Control, emitter: EventEmitter) -> None:
        self._networks, self._folder = networks, folder
        self._questions = control.questions
        self._emitter = emitter

    def answer(self, question: NetworkQuestion[T]) -> T:
        """What the network answers.

        Raises:
            NotAnswering: another run is meant, or it has no network of this role.
        """
        network = self._networks.by_role.get(question.role)
        if question.folder != self._folder or network is None:
            raise NotAnswering
        with undisturbed(network.input.mean.device, network):
            return question.ask(network)

    def after_step(self, run: StageRun) -> None:
        del run
        began = time.monotonic()
        if self._questions.answer():
            self._emitter.throughput.leave_out(time.monotonic() - began)
