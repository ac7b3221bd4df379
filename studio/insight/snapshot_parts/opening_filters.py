"""The first filters of both networks, where the student is made from its teacher."""

from __future__ import annotations

from studio.insight.first_filters import first_filters
from studio.insight.probed_networks import ProbedNetworks
from studio.insight.snapshot_parts.base import ComputedArrays, PartCost, PartReading, SnapshotPart
from studio.methods.base import Objective


class OpeningFilters(SnapshotPart):
    """filters/ROLE (N, C, k, k) float32."""

    key = "filters"
    gives = ("filters/",)

    def __init__(self, networks: ProbedNetworks) -> None:
        super().__init__()
        self._networks = networks

    @classmethod
    def made(cls, networks: ProbedNetworks) -> OpeningFilters | None:
        return cls(networks) if networks.subject.made_from_teacher else None

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        found = (first_filters(network) for network in networks.by_role.values())
        return PartCost(bytes=sum(filters.nbytes for filters in found if filters is not None))

    def begin(self, _objective: Objective | None, /) -> PartReading:
        found = {role: first_filters(network) for role, network in self._networks.by_role.items()}
        return ComputedArrays({f"filters/{role}": filters for role, filters in found.items() if filters is not None})


PART = OpeningFilters
