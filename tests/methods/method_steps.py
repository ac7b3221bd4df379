"""What the tests of methods share: small networks, casts of them, and one step on random inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from studio import catalog
from studio.methods.base import Batch, Cast, Method, Objective, Stage, StageMoment, Term, Who
from studio.methods.entry import MethodEntry
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.measure import summarise
from studio.networks.pairing import pair_groups
from studio.networks.taps import NetworkOutputs, TapReader

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


def cast_for(entry: MethodEntry[Any], teacher: str, student: str) -> Cast:
    """The pair as a method takes it: one that makes its student begins with a copy of the teacher."""
    if entry.needs.made_from_teacher:
        return replace(cast(teacher, teacher), made_from_teacher=True)
    return cast(teacher, student)


def student_for(entry: MethodEntry[Any], teacher: str, student: str) -> str:
    """The key of the network that a method begins with in :func:`cast_for`."""
    return teacher if entry.needs.made_from_teacher else student


def method(key: str) -> Method[Any]:
    found: Method[Any] = catalog.find("method", key)
    return found


def build(stage: Stage, who: Cast) -> Any:
    """The objective of a stage that has one, as whatever its method makes it."""
    assert stage.objective is not None
    return stage.objective(who)


class Readers:
    """Both networks, read where an objective reads them; makes batches on which they have run."""

    def __init__(self, objective: Objective, teacher: Network, student: Network) -> None:
        teacher.eval().requires_grad_(False)
        networks: tuple[tuple[Who, Network], ...] = (("teacher", teacher), ("student", student))
        self._readers = {
            who: TapReader(net, [ref for ref in objective.taps() if ref.who == who], full=objective.needs_logits)
            for who, net in networks
        }

    def batch(self, passes: frozenset[Who], inputs: Tensor, labels: Tensor, epoch: int = 0) -> Batch:
        """One of five epochs of one step each, on which the networks of ``passes`` have run and no other."""
        outputs = {who: self.again(who, inputs) for who in sorted(passes, reverse=True)}
        return Batch(
            inputs,
            labels,
            epoch=epoch,
            epochs=5,
            step=epoch,
            steps=5,
            steps_per_epoch=1,
            outputs=outputs,
            again=self.again,
        )

    def again(self, who: Who, inputs: Tensor) -> NetworkOutputs:
        with torch.set_grad_enabled(torch.is_grad_enabled() if who == "student" else inputs.requires_grad):
            return self._readers[who].run(inputs)

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_error: object) -> None:
        for reader in self._readers.values():
            reader.close()


@dataclass(frozen=True)
class WeighedTerm(Term):
    """A term with the weight it has in the step it is of."""

    weight: float


def weighed(terms: Mapping[str, Term], moment: StageMoment) -> dict[str, WeighedTerm]:
    return {name: WeighedTerm(term.value, term.weight_at(moment), term.kind) for name, term in terms.items()}


def take_step(
    objective: Objective, teacher: Network, student: Network, batch: int = 3, epoch: int = 0
) -> dict[str, WeighedTerm]:
    """The terms of one step on random inputs and labels."""
    x = torch.rand(batch, *student.source.shape)
    labels = torch.randint(len(student.classes), (batch,))
    with Readers(objective, teacher, student) as readers:
        read = readers.batch(objective.passes, x, labels, epoch)
        return weighed(objective(read), read)
