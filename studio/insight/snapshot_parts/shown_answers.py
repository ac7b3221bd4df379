"""What both networks answer to the examples that are drawn."""

from __future__ import annotations

from studio.insight.probed_networks import ProbedNetworks
from studio.insight.snapshot_parts.base import PartCost, PartReading, SnapshotArrays, SnapshotPart, plain
from studio.methods.base import Objective
from studio.networks.taps import NetworkOutputs


class ShownAnswers(SnapshotPart):
    """logits/ROLE (P, K) float32, columns in the order of the data's classes; no teacher's where it knows other classes."""

    key = "answers"
    gives = ("logits/",)

    def __init__(self, networks: ProbedNetworks) -> None:
        super().__init__()
        self._shown = networks.probe.shown
        if networks.teacher is not None and networks.columns is not None:
            self.fixed = {"logits/teacher": plain(networks.teacher.logits)[:, networks.columns.numpy()]}

    @classmethod
    def made(cls, networks: ProbedNetworks) -> ShownAnswers:
        return cls(networks)

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        classes = max(len(network.classes) for network in networks.by_role.values())
        return PartCost(bytes=len(networks.by_role) * networks.probe.shown * classes * 4)

    def begin(self, _objective: Objective | None, /) -> PartReading:
        return _Reading(self._shown)


class _Reading(PartReading):
    def __init__(self, shown: int) -> None:
        self._shown = shown
        self._arrays: SnapshotArrays = {}

    def add(self, rows: slice, outputs: NetworkOutputs) -> None:
        if rows.start == 0:
            self._arrays["logits/student"] = plain(outputs.logits[: self._shown])

    def arrays(self) -> SnapshotArrays:
        return self._arrays


PART = ShownAnswers
