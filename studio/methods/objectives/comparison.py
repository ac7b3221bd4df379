"""What most methods are made of: a position, what is done to either side's features, and how far apart the two are.

The four design aspects of METHODS 0.2 as parts that fit together: a :class:`Position`, two :class:`Side`, a
:data:`Distance`. :func:`compare` is the plain function, :class:`Comparison` the objective around it. A loss that is not
of this form has an objective in its method's file, which says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from studio.methods.base import Batch, Batches, Objective, TapRef, Term, TermWeight, Who
from studio.methods.objectives.positions import Position
from studio.methods.ops.precision import full_precision
from studio.methods.ops.sizes import Pool, to_smaller
from studio.networks.base import Network

Transform = Callable[[list[Tensor]], list[Tensor]]
"""Turns the features of all places of one network, bottom to top, into what is compared."""

Distance = Callable[[Tensor, Tensor], Tensor]
"""How far apart (student, teacher) are at one place, 0-dim: any loss of two tensors, or an :class:`Elementwise` one."""

Reduction = Literal["mean", "picture"]

Layers = Literal["equal", "later"]
"""How places are weighed: all alike, or each counts twice as much as the one below it and the last in full."""


#: Examples that modules are calibrated on; two or three digits of a channel's mean are enough.
EXAMPLES = 1024


@runtime_checkable
class Calibrated(Protocol):
    """A module of a side whose buffers are set from its network once, before the first step of its stage."""

    def calibrate_from(self, network: Network, group: str) -> bool:
        """Set the buffers from the weights of the network; False where it takes the features of examples."""

    def calibrate_on(self, features: Tensor) -> None:
        """Bring the buffers up to date with the features of further examples."""


def unchanged(features: list[Tensor]) -> list[Tensor]:
    """The transform that leaves features as they are."""
    return features


class Side(nn.Module):
    """What is done to one network's features before they are compared.

    Args:
        modules: by the student's group (or any name), one for each place from bottom to top: connector, regressor,
            translator, margin ... They act before sizes are brought together. Empty: nothing is done.
        transform: acts on all places at once, afterwards.
    """

    def __init__(self, modules: Mapping[str, nn.Module] | None = None, transform: Transform = unchanged) -> None:
        super().__init__()
        self.places = nn.ModuleDict(modules)
        self.transform = transform

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        """The features behind the modules."""
        if not len(self.places):
            return features
        return [module(feature) for module, feature in zip(self.places.values(), features, strict=True)]


@dataclass(frozen=True)
class Elementwise:
    """The distance of two tensors of one shape that is put together of one value for each of their elements.

    Attributes:
        of: (student, teacher) to one value for each element.
        reduction: "mean" over all elements, or "picture": the sum over a picture's elements, averaged over pictures.
        scale: a constant of the loss itself, not its weight.
    """

    of: Callable[[Tensor, Tensor], Tensor]
    reduction: Reduction = "mean"
    scale: float = 1.0

    def __call__(self, student: Tensor, teacher: Tensor) -> Tensor:
        values = self.of(student, teacher)
        reduced = values.mean() if self.reduction == "mean" else values.sum() / len(student)
        return reduced if self.scale == 1 else self.scale * reduced


def compare(
    students: Sequence[Tensor],
    teachers: Sequence[Tensor],
    distance: Distance,
    *,
    student: Transform = unchanged,
    teacher: Transform = unchanged,
    layers: Layers = "equal",
    pool: Pool | None = "avg",
) -> Tensor:
    """The distance of the transformed features, added up over the places; 0-dim, float32 or the inputs' float64.

    Args:
        students: one (B, C, H, W) or (B, D) a place, bottom to top.
        teachers: as many; they receive no gradient.
        distance: of what the transforms give at one place.
        student: the student's transform.
        teacher: the teacher's transform.
        layers: how places are weighed.
        pool: how the larger of two maps is brought to the size of the smaller; None where the transforms need no such thing.
    """
    places = _opposed(students, teachers, student, teacher, pool)
    return _added_up(places, distance, layers)


def _opposed(
    students: Sequence[Tensor], teachers: Sequence[Tensor], student: Transform, teacher: Transform, pool: Pool | None
) -> list[tuple[Tensor, Tensor]]:
    """What is compared at every place, (student, teacher). Arguments as in :func:`compare`."""
    pairs = [_alike(full_precision(s), full_precision(t).detach()) for s, t in zip(students, teachers, strict=True)]
    sized = [to_smaller(s, t, pool) if pool and s.dim() == t.dim() == 4 else (s, t) for s, t in pairs]
    return list(zip(student([s for s, _ in sized]), teacher([t for _, t in sized]), strict=True))


def _alike(student: Tensor, teacher: Tensor) -> tuple[Tensor, Tensor]:
    """Both as they are, or as maps where one is a map (B, C, H, W) and the other a vector (B, C): a map of one place."""
    if {student.dim(), teacher.dim()} != {2, 4}:
        return student, teacher
    return (student, teacher[:, :, None, None]) if student.dim() == 4 else (student[:, :, None, None], teacher)


def _added_up(places: Sequence[tuple[Tensor, Tensor]], distance: Distance, layers: Layers) -> Tensor:
    """The distances at all places together; places are given from bottom to top, at least one."""
    total: Tensor | None = None
    for s, t in places:
        below = total if layers == "equal" or total is None else total / 2  # each place above halves those below
        total = distance(s, t) if below is None else below + distance(s, t)
    assert total is not None
    return total


class Comparison(Objective):
    """:func:`compare` as terms of a stage: one for each distance of the same two sides.

    Args:
        position: where the features of both networks are taken.
        terms: by its name, the distance and the weight of each term.
        teacher: what is done to the teacher's features, without gradient.
        student: what is done to the student's; its modules are trained with the student.
        layers: how places are weighed.
        pool: how sizes are brought together, see :func:`compare`.
    """

    def __init__(
        self,
        position: Position,
        terms: Mapping[str, tuple[Distance, TermWeight]],
        *,
        teacher: Side | None = None,
        student: Side | None = None,
        layers: Layers = "equal",
        pool: Pool | None = "avg",
    ) -> None:
        super().__init__()
        self.position = position
        self.terms = dict(terms)
        self.teacher_side = teacher or Side()
        self.student_side = student or Side()
        self.layers: Layers = layers
        self.pool: Pool | None = pool

    def taps(self) -> tuple[TapRef, ...]:
        return self.position.taps()

    @property
    def needs_logits(self) -> bool:
        return self.position.needs_logits

    @property
    def passes(self) -> frozenset[Who]:
        return self.position.passes

    def prepare(self, networks: Mapping[Who, Network], batches: Batches) -> None:
        waiting: list[tuple[Who, int, Calibrated]] = []
        sides: tuple[tuple[Who, Side], ...] = (("teacher", self.teacher_side), ("student", self.student_side))
        for who, side in sides:
            groups = [tap.group for tap in self.taps() if tap.who == who]
            for place, (module, group) in enumerate(zip(side.places.values(), groups, strict=False)):
                if isinstance(module, Calibrated) and not module.calibrate_from(networks[who], group):
                    waiting.append((who, place, module))
        if waiting:
            self._calibrate_on_examples(waiting, batches(self.passes.intersection(who for who, _, _ in waiting)))

    def _calibrate_on_examples(self, waiting: list[tuple[Who, int, Calibrated]], batches: Iterator[Batch]) -> None:
        count = 0
        for batch in batches:
            for who, place, module in waiting:
                module.calibrate_on(self.position.features(batch, who)[place])
            count += len(batch.inputs)
            if count >= EXAMPLES:
                return

    @property
    def connects(self) -> bool:
        return any(tap.who == "student" and self._connector(tap.group) is not None for tap in self.taps())

    def connect(self, group: str, student_pre: Tensor) -> Tensor | None:
        connector = self._connector(group)
        if connector is None:
            return None
        connected: Tensor = connector(student_pre)
        return connected

    def _connector(self, group: str) -> nn.Module | None:
        """The module between the student's pre-ReLU point at ``group`` and the teacher's, None where there is none."""
        places = self.student_side.places
        if TapRef("student", group, "pre") not in self.taps() or group not in places:
            return None
        return None if isinstance(places[group], nn.Identity) else places[group]

    def forward(self, batch: Batch) -> dict[str, Term]:
        students = self.student_side(self.position.features(batch, "student"))
        teachers = self.position.features(batch, "teacher")
        with torch.no_grad():
            teachers = self.teacher_side(teachers)
        places = _opposed(students, teachers, self.student_side.transform, self.teacher_side.transform, self.pool)
        return {
            term: Term(_added_up(places, distance, self.layers), weight)
            for term, (distance, weight) in self.terms.items()
        }


def each(transform: Callable[[Tensor], Tensor]) -> Transform:
    """The transform that treats every place by itself."""
    return lambda features: [transform(feature) for feature in features]


def by_group(pairs: Iterable[tuple[str, str]], build: Callable[[str, str], nn.Module]) -> dict[str, nn.Module]:
    """One module for each pair of groups, under the student group's name: ``build(teacher group, student group)``."""
    return {student: build(teacher, student) for teacher, student in pairs}


def squared(student: Tensor, teacher: Tensor) -> Tensor:
    """(s − t)²."""
    return (student - teacher).square()


def absolute(student: Tensor, teacher: Tensor) -> Tensor:
    """|s − t|."""
    return (student - teacher).abs()
