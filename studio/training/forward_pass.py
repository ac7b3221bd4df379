"""The forward passes of one step: which networks run on a batch, how far, and in which order."""

from __future__ import annotations

import contextlib

import torch
from torch import Tensor

from studio.data.loader import Loader
from studio.methods.base import TapRef, Who
from studio.networks.batch_statistics import batch_statistics
from studio.networks.taps import NetworkOutputs, TapReader
from studio.training.devices import Hardware
from studio.training.network_setup import Networks
from studio.training.stage_objective import StageObjective
from studio.training.teacher_answers import TeacherAnswers

#: The teacher leaves no activations behind, and the student's then take the memory that it has just used.
ORDER: tuple[Who, ...] = ("teacher", "student")


class ForwardPass:
    """Runs the networks of a stage, each only as far as the stage's objective reads it.

    The teacher runs without gradient (never in inference mode: its outputs take part in the student's backward).

    Args:
        batch_statistics: whether the teacher's batch normalisation goes by the batch while the student learns from it.
        examples: what it runs on, where these come as they are and the teacher is asked about each but once.
    """

    def __init__(
        self,
        networks: Networks,
        objective: StageObjective,
        hardware: Hardware,
        *,
        batch_statistics: bool = False,
        examples: Loader | None = None,
    ) -> None:
        refs = objective.taps()
        self._teacher = networks.teacher
        self._hardware = hardware
        self._batch_statistics = batch_statistics
        self._examples = examples if not batch_statistics else None
        self._answers: TeacherAnswers | None = None
        self._step = 0
        self._readers: dict[Who, TapReader] = {
            "student": TapReader(networks.student, _of("student", refs), full=objective.needs_logits)
        }
        if networks.teacher is not None:
            self._readers["teacher"] = TapReader(
                networks.teacher,
                _of("teacher", refs),
                full=objective.needs_teacher_logits,
                class_order=networks.teacher_order,
            )

    def look_at(self, step: int) -> None:
        """The next inputs are those of ``step``, where the teacher is asked about each but once."""
        self._step = step

    def _given(self, who: Who, inputs: Tensor) -> NetworkOutputs:
        if who == "teacher" and self._examples is not None:
            if self._answers is None:
                self._answers = TeacherAnswers(self._examples, lambda plain: self.again("teacher", plain))
            if self._answers.fits:
                return self._answers.of(self._step)
        with self._by_batch(who):
            return self.again(who, inputs)

    def run(self, who: frozenset[Who], inputs: Tensor) -> dict[Who, NetworkOutputs]:
        """The passes over a batch, one of each network in ``who``, the teacher's first.

        Only here may the teacher go by batch statistics. In further passes it goes by what it learnt: they ask about
        inputs made for the purpose, attacks above all.

        Args:
            inputs: pictures in [0, 1], (B, C, H, W), or points (B, D).
        """
        outputs: dict[Who, NetworkOutputs] = {}
        for each in ORDER:
            if each in who:
                outputs[each] = self._given(each, inputs)
        return outputs

    def again(self, who: Who, inputs: Tensor) -> NetworkOutputs:
        """One forward pass of a network on inputs of any kind; the teacher is differentiated by them where they ask."""
        # the teacher's weights are frozen: without such inputs there is nothing to differentiate it by
        gradient = inputs.requires_grad if who == "teacher" else torch.is_grad_enabled()
        with torch.set_grad_enabled(gradient), self._hardware.autocast():
            return self._readers[who].run(inputs)

    def close(self) -> None:
        """Remove all hooks."""
        for reader in self._readers.values():
            reader.close()

    def _by_batch(self, who: Who) -> contextlib.AbstractContextManager[None]:
        if who == "teacher" and self._batch_statistics and self._teacher is not None:
            return batch_statistics(self._teacher)
        return contextlib.nullcontext()


def _of(who: Who, refs: tuple[TapRef, ...]) -> tuple[TapRef, ...]:
    return tuple(ref for ref in refs if ref.who == who)
