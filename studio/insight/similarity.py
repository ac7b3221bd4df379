"""Compares a student with its teacher over one pass of the probe: attention maps and neurons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from studio.insight.agreement import Tally, pooled
from studio.insight.attention import attention_maps, summed_cosine
from studio.insight.channel_alignment import ChannelAlignment
from studio.insight.group_matching import GroupMatch, MapSize
from studio.insight.teacher_features import TeacherFeatures
from studio.methods.ops.attention_maps import MAPS
from studio.networks.taps import NetworkOutputs

#: Before the names of what is read the run's own way.
OWN = "own/"


@dataclass(frozen=True)
class _Compared:
    """Neurons of a match compared in one way; ``size`` is the match's (h, w) at ``pre``."""

    match: GroupMatch
    size: MapSize
    prefix: str
    alignment: ChannelAlignment
    tally: Tally


class SimilarityTally:
    """Sums over the chunks of one pass; they stay on the device until :meth:`arrays` is called.

    Args:
        fitted: the alignments all students of the teacher are compared behind, by the student's group; groups without
            one are not compared neuron by neuron.
        own: those of the run itself.
    """

    def __init__(
        self,
        matches: tuple[GroupMatch, ...],
        teacher: TeacherFeatures,
        fitted: dict[str, ChannelAlignment],
        own: dict[str, ChannelAlignment],
        device: torch.device,
    ) -> None:
        self._matches = matches
        self._teacher = teacher
        self._compared = tuple(
            _Compared(match, match.pre, prefix, alignments[match.student], Tally(match.channels[0], device))
            for prefix, alignments in (("", fitted), (OWN, own))
            for match in matches
            if match.pre is not None and match.student in alignments
        )
        self._cosines = {
            (m.student, kind): torch.zeros((), device=device) for m in matches if m.out is not None for kind in MAPS
        }
        self._examples = 0

    def add(self, rows: slice, outputs: NetworkOutputs) -> None:
        """Count what the student gave on the probe's examples ``rows``."""
        self._examples += rows.stop - rows.start
        for match in self._matches:
            group = match.student
            if match.out is not None:
                for kind, maps in attention_maps(pooled(outputs.out(group), match.out)).items():
                    self._cosines[group, kind] += summed_cosine(maps, self._teacher.maps[group][kind][rows])
        for compared in self._compared:
            group = compared.match.student
            values = pooled(compared.alignment.to_teacher(outputs.pre(group)), compared.size)
            compared.tally.add(values > 0, self._teacher.on[group][rows])

    def arrays(self) -> dict[str, np.ndarray]:
        """alike, agreement, chance, channels, firing and how, and own/..., as they stand in a snapshot."""
        arrays: dict[str, np.ndarray] = {}
        for (group, kind), total in self._cosines.items():
            arrays[f"alike/{group}/{kind}"] = _number(total / max(1, self._examples))
        for compared in self._compared:
            group, tally, prefix = compared.match.student, compared.tally, compared.prefix
            arrays[f"{prefix}agreement/{group}"] = _number(tally.agreement)
            arrays[f"{prefix}chance/{group}"] = _number(tally.chance)
            arrays[f"{prefix}channels/{group}"] = _number(tally.channels)
            arrays[f"{prefix}firing/{group}"] = _number(tally.firing)
            arrays[f"{prefix}how/{group}"] = np.array(compared.alignment.how, dtype=np.int8)
        return arrays


def _number(values: Tensor) -> np.ndarray:
    return values.float().cpu().numpy()
