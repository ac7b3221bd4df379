"""The examples that are drawn, as they were fed, and their classes."""

from __future__ import annotations

from studio.insight.fetch import fetched
from studio.insight.probed_networks import ProbedNetworks
from studio.insight.snapshot_parts.base import PartCost, PartReading, SnapshotPart
from studio.methods.base import Objective


class ShownExamples(SnapshotPart):
    """probe/inputs (P, C, H, W) uint8 or (P, D) float32; probe/labels (P,) int64."""

    key = "examples"
    gives = ("probe/",)

    def __init__(self, networks: ProbedNetworks) -> None:
        super().__init__()
        drawn = networks.probe.drawn
        self.fixed = {"probe/inputs": fetched(drawn.inputs), "probe/labels": fetched(drawn.labels)}

    @classmethod
    def made(cls, networks: ProbedNetworks) -> ShownExamples:
        return cls(networks)

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        drawn = networks.probe.drawn
        return PartCost(bytes=drawn.inputs.nbytes + drawn.labels.nbytes)

    def begin(self, _objective: Objective | None, /) -> PartReading:
        return PartReading()


PART = ShownExamples
