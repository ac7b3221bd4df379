"""One step's forward passes, as an objective sees them: logits and taps of student and teacher, in float32."""

from __future__ import annotations

import torch
from torch import Tensor

from studio.methods.base import TapRef, Who
from studio.networks.batch_statistics import batch_statistics
from studio.networks.taps import Reading, TapReader
from studio.training.devices import Hardware
from studio.training.network_setup import Networks
from studio.training.stage_objective import StageObjective


class Float32Outputs:
    """What one network showed in one pass. Everything is handed out in float32, whatever the pass ran in."""

    def __init__(self, reading: Reading, order: Tensor | None = None) -> None:
        self._reading = reading
        self._order = order

    @property
    def logits(self) -> Tensor:
        """(B, K), columns in the order of the data's classes."""
        logits = self._reading.logits.float()
        return logits if self._order is None else logits.index_select(1, self._order)

    @property
    def embedding(self) -> Tensor:
        """(B, D)."""
        return self._reading.embedding.float()

    def out(self, group: str) -> Tensor:
        """The output of a group."""
        return self._reading.out(group).float()

    def pre(self, group: str) -> Tensor:
        """The pre-ReLU point of a group."""
        return self._reading.pre(group).float()


class ForwardPass:
    """Runs the networks of a stage, each once a step and only as far as its objective looks.

    The teacher runs without gradient (never in inference mode: its outputs take part in the student's backward).

    Args:
        batch_statistics: whether the teacher's batch normalisation goes by the batch while the student learns from it.

    Attributes:
        teacher_first: whether the teacher sees a batch before the student does. So it is once an objective has looked at
            its pass over a batch; an objective that only asks it about inputs of its own shall not wait for that pass.
    """

    def __init__(
        self,
        networks: Networks,
        objective: StageObjective,
        hardware: Hardware,
        *,
        batch_statistics: bool = False,
    ) -> None:
        refs = objective.taps()
        self.teacher_first = False
        self._networks = networks
        self._hardware = hardware
        self._batch_statistics = batch_statistics
        self._readers: dict[Who, TapReader] = {
            "student": TapReader(networks.student, _of("student", refs), full=objective.needs_logits)
        }
        if networks.teacher is not None and objective.needs_teacher:
            self._readers["teacher"] = TapReader(
                networks.teacher, _of("teacher", refs), full=objective.needs_teacher_logits
            )

    def look_at_batch(self, who: Who, inputs: Tensor) -> Float32Outputs:
        """The pass over the batch itself: the only one in which the teacher may go by batch statistics.

        In further passes it goes by what it learnt: they ask about inputs made for the purpose, attacks above all.
        """
        teacher = self._networks.teacher
        if who == "teacher" and self._batch_statistics and teacher is not None:
            with batch_statistics(teacher):
                return self.look(who, inputs)
        return self.look(who, inputs)

    def look(self, who: Who, inputs: Tensor) -> Float32Outputs:
        """One forward pass of ``who``; inputs are pictures in [0, 1] or points."""
        reader = self._readers[who]
        if who == "teacher":
            # its weights are frozen; it is differentiated by its input only where the objective asks with such an input
            with torch.set_grad_enabled(inputs.requires_grad), self._hardware.autocast():
                return Float32Outputs(reader.read(inputs), self._networks.teacher_order)
        with self._hardware.autocast():
            return Float32Outputs(reader.read(inputs))

    def close(self) -> None:
        """Remove all hooks."""
        for reader in self._readers.values():
            reader.close()


def _of(who: Who, refs: tuple[TapRef, ...]) -> tuple[TapRef, ...]:
    return tuple(ref for ref in refs if ref.who == who)


class StepBatch:
    """What an objective sees of one step; see :class:`studio.methods.base.Batch`. Networks run when first looked at."""

    def __init__(
        self,
        eyes: ForwardPass,
        inputs: Tensor,
        labels: Tensor | None,
        *,
        epoch: int,
        epochs: int,
        step: int,
        steps: int,
    ) -> None:
        self._eyes = eyes
        self.inputs, self.labels = inputs, labels
        self.epoch, self.epochs, self.step, self.steps = epoch, epochs, step, steps
        self._seen: dict[Who, Float32Outputs] = {}

    @property
    def student(self) -> Float32Outputs:
        """The student on this batch.

        The teacher goes first where it is looked at as well: it leaves no activations behind, and the student's then
        take the memory that it has just used.
        """
        if self._eyes.teacher_first:
            self._look("teacher")
        return self._look("student")

    @property
    def teacher(self) -> Float32Outputs:
        """The teacher on this batch."""
        self._eyes.teacher_first = True
        return self._look("teacher")

    def again(self, who: Who, inputs: Tensor) -> Float32Outputs:
        """A further pass on other inputs."""
        return self._eyes.look(who, inputs)

    def _look(self, who: Who) -> Float32Outputs:
        if who not in self._seen:
            self._seen[who] = self._eyes.look_at_batch(who, self.inputs)
        return self._seen[who]
