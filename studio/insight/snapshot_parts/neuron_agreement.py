"""Do the same neurons fire in both networks: behind a fitted map, and in the run's own way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.insight.agreement import Tally, pooled
from studio.insight.channel_alignment import ChannelAlignment, fitted_alignments, own_alignments
from studio.insight.group_matching import GroupMatch, MapSize
from studio.insight.probed_networks import ProbedNetworks
from studio.insight.snapshot_parts.base import PartCost, PartReading, SnapshotArrays, SnapshotPart, plain
from studio.insight.teacher_features import TeacherFeatures
from studio.methods.base import Objective
from studio.networks.taps import NetworkOutputs

#: Before the names of what is read the run's own way.
OWN = "own/"


class NeuronAgreement(SnapshotPart):
    """agreement/GROUP, chance/GROUP (), channels/GROUP, firing/GROUP (C,), how/GROUP (); the same under own/.

    Behind own/ stands what is read behind the run's connector or channel by channel; it is missing where widths differ and
    nothing connects.
    """

    key = "agreement"
    gives = ("agreement/", "chance/", "channels/", "firing/", "how/", OWN)
    #: what is behind a connector is the training's own: a network file does not hold it
    askable = False

    def __init__(self, networks: ProbedNetworks) -> None:
        super().__init__()
        self._networks = networks

    @classmethod
    def made(cls, networks: ProbedNetworks) -> NeuronAgreement | None:
        return cls(networks) if any(match.pre is not None for match in networks.matches) else None

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        compared = [match for match in networks.matches if match.pre is not None]
        numbers = sum(8 * match.channels[0] + 9 for match in compared)
        return PartCost(passes=len(networks.probe.fitting), bytes=2 * numbers)

    def begin(self, objective: Objective | None, /) -> PartReading:
        networks = self._networks
        assert networks.teacher is not None
        assert networks.fitting is not None
        fitted = fitted_alignments(networks.matches, networks.student_reader, networks.fitting)
        own = own_alignments(networks.matches, objective, networks.student_reader)
        return _Reading(networks, networks.teacher, {"": fitted, OWN: own})


@dataclass(frozen=True)
class _Compared:
    """Neurons of a match compared in one way; ``size`` is the match's (h, w) at ``pre``."""

    match: GroupMatch
    size: MapSize
    prefix: str
    alignment: ChannelAlignment
    tally: Tally


class _Reading(PartReading):
    """Counts over the chunks of the pass.

    Args:
        alignments: by the beginning of the names, those of the groups that are compared so, by the student's group.
    """

    def __init__(
        self, networks: ProbedNetworks, teacher: TeacherFeatures, alignments: dict[str, dict[str, ChannelAlignment]]
    ) -> None:
        self._teacher = teacher
        self._compared = tuple(
            _Compared(
                match, match.pre, prefix, by_group[match.student], Tally(match.channels[0], networks.subject.device)
            )
            for prefix, by_group in alignments.items()
            for match in networks.matches
            if match.pre is not None and match.student in by_group
        )

    def add(self, rows: slice, outputs: NetworkOutputs) -> None:
        for compared in self._compared:
            group = compared.match.student
            values = pooled(compared.alignment.to_teacher(outputs.pre(group)), compared.size)
            compared.tally.add(values > 0, self._teacher.on[group][rows])

    def arrays(self) -> SnapshotArrays:
        arrays: SnapshotArrays = {}
        for compared in self._compared:
            group, tally, prefix = compared.match.student, compared.tally, compared.prefix
            arrays[f"{prefix}agreement/{group}"] = plain(tally.agreement)
            arrays[f"{prefix}chance/{group}"] = plain(tally.chance)
            arrays[f"{prefix}channels/{group}"] = plain(tally.channels)
            arrays[f"{prefix}firing/{group}"] = plain(tally.firing)
            arrays[f"{prefix}how/{group}"] = np.array(compared.alignment.how, dtype=np.int8)
        return arrays


PART = NeuronAgreement
