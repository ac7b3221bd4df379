"""How terms add up: the label term once, the method's own terms, and those of ``also``, in one objective."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from studio.data.random import mix_seed
from studio.experiment import Experiment
from studio.methods.base import Batch, Batches, Cast, Objective, Stage, TapRef, Term, Who
from studio.networks.base import Network
from studio.training.rng import isolated_seed

LABELS = "labels"


class StageObjective(Objective):
    """The sum a stage minimises, as named terms.

    Args:
        own: the method's objective, None where it has none in this stage.
        also: those of ``also``; a term's name met again gets a number.
        label_weight: weight of the cross-entropy with the labels; None in a stage without labels, 0 leaves it out.
    """

    def __init__(self, own: Objective | None, also: Sequence[Objective], label_weight: float | None) -> None:
        super().__init__()
        self.own = own
        self.also = nn.ModuleList(also)
        self.label_weight = label_weight

    def _each(self) -> list[Objective]:
        return [member for member in (self.own, *self.also) if isinstance(member, Objective)]

    def taps(self) -> tuple[TapRef, ...]:
        return tuple(dict.fromkeys(ref for member in self._each() for ref in member.taps()))

    @property
    def needs_logits(self) -> bool:
        return bool(self.label_weight) or any(member.needs_logits for member in self._each())

    @property
    def needs_teacher_logits(self) -> bool:
        """Whether the teacher has to run to its end; the labels are not its business."""
        return any(member.needs_logits for member in self._each())

    @property
    def passes(self) -> frozenset[Who]:
        of_members = frozenset(who for member in self._each() for who in member.passes)
        return of_members | {"student"} if self.label_weight else of_members

    @property
    def connects(self) -> bool:
        """Whether it learns connectors between the networks, behind which agreement can be measured."""
        return any(member.connects for member in self._each())

    def connect(self, group: str, student_pre: Tensor) -> Tensor | None:
        for member in self._each():
            connected = member.connect(group, student_pre)
            if connected is not None:
                return connected
        return None

    def prepare(self, networks: Mapping[Who, Network], batches: Batches) -> None:
        for member in self._each():
            member.prepare(networks, batches)

    def measure(self, networks: Mapping[Who, Network], batches: Batches) -> Mapping[str, float]:
        return self.own.measure(networks, batches) if self.own is not None else {}

    def forward(self, batch: Batch) -> dict[str, Term]:
        terms: dict[str, Term] = {}
        if self.label_weight and batch.labels is not None:
            terms[LABELS] = Term(self._label_loss(batch, batch.labels), self.label_weight, "task")
        for member in self._each():
            for name, term in member(batch).items():
                unique, count = name, 2
                while unique in terms:
                    unique, count = f"{name} {count}", count + 1
                terms[unique] = term
        return terms

    def _label_loss(self, batch: Batch, labels: Tensor) -> Tensor:
        """The mean cross-entropy with the labels, or the weighted one where a member weighs the pictures."""
        weights = [weight for member in self._each() if (weight := member.example_weights(batch)) is not None]
        if not weights:
            return nn.functional.cross_entropy(batch.student.logits, labels)
        each = nn.functional.cross_entropy(batch.student.logits, labels, reduction="none")
        return (each * torch.stack(weights).mean(0)).sum()


def stage_objective(experiment: Experiment, stage: Stage, cast: Cast, learnt: Mapping[str, Tensor]) -> StageObjective:
    """The objective of a stage, its modules initialised from the experiment's seed and the stage's name.

    Args:
        learnt: what the own objectives of earlier stages ended with, by the names in their state_dict: the submodules
            that this stage inherits begin there.
    """
    own, also = None, []
    with isolated_seed(mix_seed(experiment.seed, "objective", stage.name)):
        if stage.objective is not None:
            own = stage.objective(cast)
        if stage.labels:
            builds = (choice.method.joint(choice.typed) for choice in experiment.method.also)
            also = [build(cast) for build in builds if build is not None]
    for name in stage.inherits:
        assert own is not None
        begin = {key.removeprefix(f"{name}."): value for key, value in learnt.items() if key.startswith(f"{name}.")}
        own.get_submodule(name).load_state_dict(begin)
    return StageObjective(own, also, experiment.method.label_weight if stage.labels else None)
