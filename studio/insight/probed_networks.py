"""Student and teacher of a run with the examples they are measured on: what the parts of its snapshots are made from."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from studio.data.base import Dataset
from studio.insight.channel_alignment import FittingData, examples_to_fit, places_to_fit
from studio.insight.group_matching import GroupMatch, match_groups
from studio.insight.plane import Plane, plane_of
from studio.insight.probe import MEASURED, choose_probe
from studio.insight.probe_reader import ProbeReader
from studio.insight.teacher_features import TeacherFeatures
from studio.methods.ops.boundary_walk import BoundaryAttack
from studio.networks.base import Network

#: Values at taps that one pass over the probe may show, so that networks for large pictures cost little more than those
#: for small ones: they are measured on fewer than 256 examples, but on 32 at least.
VALUES_READ = 2**26
FEWEST_MEASURED = 32


@dataclass(frozen=True)
class Subject:
    """Whose inside a run's snapshots show.

    Attributes:
        pairs: (teacher group, student group), bottom to top; without a teacher all groups of the student are shown.
        seed: of the probe; equal seeds show the same examples of a dataset.
        device: where the networks are.
        attack: how the run pushes inputs to the teacher's boundary; None where it does not, and points in the plane are
            then pushed in the usual way.
        made_from_teacher: whether the student begins as a copy of its teacher.
    """

    student: Network
    teacher: Network | None
    dataset: Dataset
    pairs: tuple[tuple[str, str], ...]
    seed: int
    device: torch.device
    attack: BoundaryAttack | None = None
    made_from_teacher: bool = False


class ProbedNetworks:
    """What several parts share, read once a run; build undisturbed.

    Attributes:
        groups: of the student that are shown; the teacher's go by these names too.
        student_reader: reads the student at both points of those groups.
        teacher_reader: the same of the teacher; None without one, and so ``teacher`` and ``fitting``.
        matches: which groups are compared.
        probe: the examples, on the device.
        teacher: what the teacher shows on them: it is frozen.
        fitting: what maps between the two are fitted on.
        columns: (K,) int64, for every class of the data its column in the teacher's logits; None where it knows other
            classes.
        plane: of data that are points in it.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        student, teacher, dataset = subject.student, subject.teacher, subject.dataset
        self.groups = _groups(student) if teacher is None else tuple(ours for _, ours in subject.pairs)
        self.plane: Plane | None = plane_of(dataset, subject.seed)
        self.matches: tuple[GroupMatch, ...] = ()
        self.teacher_reader: ProbeReader | None = None
        self.teacher: TeacherFeatures | None = None
        self.fitting: FittingData | None = None
        self.columns: Tensor | None = None
        example = dataset.test.inputs[:1].to(subject.device)
        self.student_reader = ProbeReader(student, self.groups, example)
        if teacher is None:
            measured = _examples_for(self.student_reader.values)
            self.probe = choose_probe(dataset, subject.seed, measured, 0).to(subject.device)
            return
        self.teacher_reader = ProbeReader(teacher, tuple(group for group, _ in subject.pairs), example)
        self.matches = match_groups(self.teacher_reader, self.student_reader, subject.pairs)
        measured = _examples_for(max(self.teacher_reader.values, self.student_reader.values))
        self.probe = choose_probe(dataset, subject.seed, measured, examples_to_fit(self.matches)).to(subject.device)
        drawn = places_to_fit(self.matches, len(self.probe.fitting), subject.seed)
        places = {group: each.to(subject.device) for group, each in drawn.items()}
        self.teacher = TeacherFeatures(self.teacher_reader, self.matches, self.probe, places)
        self.fitting = FittingData(self.probe.fitting.inputs, places, self.teacher.rows)
        self.columns = _columns(teacher, dataset.classes)

    @property
    def by_role(self) -> dict[str, Network]:
        """The networks by their role, the teacher first."""
        teacher = {} if self.subject.teacher is None else {"teacher": self.subject.teacher}
        return {**teacher, "student": self.subject.student}


def _groups(network: Network) -> tuple[str, ...]:
    """All groups but the stem, which no pair has either."""
    return tuple(tap.group for tap in network.anatomy.taps if tap.group != "stem")


def _examples_for(values: int) -> int:
    """On how many examples to measure, where one shows ``values`` numbers at its taps."""
    return min(max(VALUES_READ // max(1, values), FEWEST_MEASURED), MEASURED)


def _columns(teacher: Network, classes: tuple[str, ...]) -> Tensor | None:
    if set(teacher.classes) != set(classes):
        return None
    return torch.tensor([teacher.classes.index(name) for name in classes])
