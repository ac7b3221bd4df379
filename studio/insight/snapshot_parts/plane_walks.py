"""Points of the plane that walk to the teacher's decision."""

from __future__ import annotations

from studio.insight.boundary_walks import CANDIDATES, SHOWN, BoundaryWalks
from studio.insight.probed_networks import ProbedNetworks
from studio.insight.snapshot_parts.base import ComputedArrays, PartCost, PartReading, SnapshotPart
from studio.methods.base import Objective
from studio.methods.ops.boundary_walk import BoundaryAttack
from studio.networks.base import Network


class PlaneWalks(SnapshotPart):
    """plane/walks/paths (M, S, 2), plane/walks/bases, plane/walks/targets (M,), plane/walks/taught ()."""

    key = "walks"
    gives = ("plane/walks/",)

    def __init__(self, student: Network, walks: BoundaryWalks) -> None:
        super().__init__()
        self._student, self._walks = student, walks

    @classmethod
    def made(cls, networks: ProbedNetworks) -> PlaneWalks | None:
        subject, plane, columns = networks.subject, networks.plane, networks.columns
        teacher = subject.teacher
        if plane is None or columns is None or teacher is None or not teacher.passes_gradients:
            return None
        return cls(subject.student, BoundaryWalks(teacher, columns, plane, subject.device, subject.attack))

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        steps = 1 + (networks.subject.attack or BoundaryAttack()).max_steps
        return PartCost(passes=CANDIDATES, bytes=SHOWN * (steps * 2 * 4 + 2 * 8) + 1)

    def begin(self, _objective: Objective | None, /) -> PartReading:
        return ComputedArrays(self._walks.arrays(self._student))


PART = PlaneWalks
