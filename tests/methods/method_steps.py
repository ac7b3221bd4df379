"""What the tests of methods share: small networks, casts of them, and one step on random inputs."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from studio import catalog
from studio.methods.base import Cast, Method, Objective, Term
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.measure import summarise
from studio.networks.pairing import pair_groups
from studio.networks.taps import Reading, TapReader

PICTURES = Input((3, 16, 16), (0.4,) * 3, (0.2,) * 3)
POINTS = Input((2,), (0.0, 0.0), (1.0, 1.0))


def network(key: str, classes: int = 4, seed: int = 0) -> Network:
    source = POINTS if key.startswith("mlp") else PICTURES
    return build_network(key, source, tuple(map(str, range(classes))), seed)


def cast_of(teacher: Network | None, student: Network) -> Cast:
    facts = summarise(student, student.key)
    if teacher is None:
        return Cast(facts, None, (), facts.classes)
    teacher_facts = summarise(teacher, teacher.key)
    return Cast(facts, teacher_facts, pair_groups(teacher_facts, facts), facts.classes)


def cast(teacher: str | None, student: str, classes: int = 4) -> Cast:
    return cast_of(network(teacher, classes) if teacher else None, network(student))


def method(key: str) -> Method:
    found: Method = catalog.find("method", key)
    return found


@dataclass
class Step:
    """One step on random inputs, run only as far as the objective looks."""

    readers: dict[str, TapReader]
    inputs: Tensor
    labels: Tensor
    epoch: int = 0
    epochs: int = 5
    step: int = 0
    steps: int = 5

    def __post_init__(self) -> None:
        self.teacher = self.again("teacher", self.inputs)
        self.student = self.again("student", self.inputs)

    def again(self, who: str, inputs: Tensor) -> Reading:
        with torch.set_grad_enabled(who == "student" or inputs.requires_grad):
            return self.readers[who].read(inputs)


def take_step(
    objective: Objective, teacher: Network, student: Network, batch: int = 3, epoch: int = 0
) -> dict[str, Term]:
    """The terms of one step on random inputs and labels."""
    x = torch.rand(batch, *student.source.shape)
    labels = torch.randint(len(student.classes), (batch,))
    teacher.eval().requires_grad_(False)
    readers = {
        who: TapReader(net, [ref for ref in objective.taps() if ref.who == who], full=objective.needs_logits)
        for who, net in (("teacher", teacher), ("student", student))
    }
    try:
        return objective(Step(readers, x, labels, epoch, step=epoch))
    finally:
        for reader in readers.values():
            reader.close()
