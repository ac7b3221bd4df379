"""What both networks answer over the whole plane, and where their neurons switch."""

from __future__ import annotations

import numpy as np

from studio.insight.plane import GRID, NEURONS, Plane, evaluate_on_plane
from studio.insight.probed_networks import ProbedNetworks
from studio.insight.snapshot_parts.base import ComputedArrays, PartCost, PartReading, SnapshotArrays, SnapshotPart
from studio.methods.base import Objective


class PlaneAnswers(SnapshotPart):
    """plane/extent (4,), plane/points (N, 2), plane/labels (N,), plane/ROLE/probabilities (K, G, G) and layer/GROUP."""

    key = "plane"
    gives = ("plane/extent", "plane/points", "plane/labels", "plane/teacher/", "plane/student/")

    def __init__(self, networks: ProbedNetworks, plane: Plane) -> None:
        super().__init__()
        self._networks, self._plane = networks, plane
        self.fixed = {
            "plane/extent": plane.extent.numpy(),
            "plane/points": plane.points.numpy(),
            "plane/labels": plane.labels.numpy(),
        }
        reader, columns = networks.teacher_reader, networks.columns
        if reader is not None and columns is not None:
            names = {match.teacher: match.student for match in networks.matches}
            probabilities, layers = evaluate_on_plane(reader, plane)
            ours = {names[group]: values for group, values in layers.items()}
            self.fixed |= _named("teacher", probabilities[columns], ours)

    @classmethod
    def made(cls, networks: ProbedNetworks) -> PlaneAnswers | None:
        return None if networks.plane is None else cls(networks, networks.plane)

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        assert networks.plane is not None
        maps = sum(len(each.classes) + NEURONS * len(networks.groups) for each in networks.by_role.values())
        plane = networks.plane
        return PartCost(
            passes=GRID**2, bytes=maps * GRID**2 * 2 + plane.extent.nbytes + plane.points.nbytes + plane.labels.nbytes
        )

    def begin(self, _objective: Objective | None, /) -> PartReading:
        return ComputedArrays(_named("student", *evaluate_on_plane(self._networks.student_reader, self._plane)))


def _named(role: str, probabilities: np.ndarray, layers: SnapshotArrays) -> SnapshotArrays:
    named = {f"plane/{role}/layer/{group}": values for group, values in layers.items()}
    return {f"plane/{role}/probabilities": probabilities, **named}


PART = PlaneAnswers
