"""Attention maps at the ends of the groups, and how alike those of student and teacher are."""

from __future__ import annotations

from math import prod

import torch

from studio.insight.agreement import pooled
from studio.insight.attention import attention_maps, drawn_maps, summed_cosine
from studio.insight.group_matching import GroupMatch
from studio.insight.probed_networks import ProbedNetworks
from studio.insight.snapshot_parts.base import PartCost, PartReading, SnapshotArrays, SnapshotPart, plain
from studio.insight.teacher_features import TeacherFeatures
from studio.methods.base import Objective
from studio.methods.ops.attention_maps import MAPS
from studio.networks.taps import NetworkOutputs


class GroupAttention(SnapshotPart):
    """attention/ROLE/GROUP/KIND (P, h, w) float16 of unit length; alike/GROUP/KIND () their mean cosine on the probe."""

    key = "attention"
    gives = ("attention/", "alike/")

    def __init__(self, networks: ProbedNetworks) -> None:
        super().__init__()
        self._networks = networks
        if networks.teacher is not None:
            for group, maps in networks.teacher.drawn.items():
                self.fixed |= {f"attention/teacher/{group}/{kind}": values for kind, values in maps.items()}

    @classmethod
    def made(cls, networks: ProbedNetworks) -> GroupAttention | None:
        return cls(networks) if _places(networks) else None

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        cosines = 4 * len(networks.matches)
        return PartCost(bytes=len(MAPS) * (networks.probe.shown * _places(networks) * 2 + cosines))

    def begin(self, _objective: Objective | None, /) -> PartReading:
        return _Reading(self._networks)


def _places(networks: ProbedNetworks) -> int:
    """Of one example's maps together, in both networks; 0 where none has places beside each other."""
    readers = (reader for reader in (networks.teacher_reader, networks.student_reader) if reader is not None)
    shapes = (shape for reader in readers for point, shape in reader.shapes.items() if point.kind == "out")
    return sum(count for shape in shapes if (count := prod(shape[1:])) > 1)


class _Reading(PartReading):
    """Sums over the chunks of the pass; they stay on the device until they are asked for."""

    def __init__(self, networks: ProbedNetworks) -> None:
        self._groups, self._shown = networks.groups, networks.probe.shown
        self._teacher = networks.teacher
        self._compared = tuple(match for match in networks.matches if match.out is not None)
        device = networks.subject.device
        self._cosines = {(m.student, kind): torch.zeros((), device=device) for m in self._compared for kind in MAPS}
        self._examples = 0
        self._drawn: SnapshotArrays = {}

    def add(self, rows: slice, outputs: NetworkOutputs) -> None:
        self._examples += rows.stop - rows.start
        if rows.start == 0:
            for group in self._groups:
                maps = drawn_maps(outputs.out(group)[: self._shown])
                self._drawn |= {f"attention/student/{group}/{kind}": values for kind, values in maps.items()}
        if self._teacher is not None:
            for match in self._compared:
                self._compare(match, self._teacher, rows, outputs)

    def _compare(self, match: GroupMatch, teacher: TeacherFeatures, rows: slice, outputs: NetworkOutputs) -> None:
        assert match.out is not None
        for kind, maps in attention_maps(pooled(outputs.out(match.student), match.out)).items():
            self._cosines[match.student, kind] += summed_cosine(maps, teacher.maps[match.student][kind][rows])

    def arrays(self) -> SnapshotArrays:
        means = {key: total / max(1, self._examples) for key, total in self._cosines.items()}
        return self._drawn | {f"alike/{group}/{kind}": plain(mean) for (group, kind), mean in means.items()}


PART = GroupAttention
