"""Compares a student with its teacher over one pass of the probe: attention maps and neurons."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from studio.insight.agreement import Tally, pooled
from studio.insight.attention import attention_maps, summed_cosine
from studio.insight.channel_alignment import ChannelAlignment
from studio.insight.group_matching import GroupMatch
from studio.insight.teacher_features import TeacherFeatures
from studio.methods.ops.attention_maps import MAPS
from studio.networks.taps import NetworkOutputs


class SimilarityTally:
    """Sums over the chunks of one pass; they stay on the device until :meth:`arrays` is called.

    Args:
        alignments: by the student's group; groups without one are not compared neuron by neuron.
    """

    def __init__(
        self,
        matches: tuple[GroupMatch, ...],
        teacher: TeacherFeatures,
        alignments: dict[str, ChannelAlignment],
        device: torch.device,
    ) -> None:
        self._matches = matches
        self._teacher = teacher
        self._alignments = alignments
        self._tallies = {m.student: Tally(m.channels[0], device) for m in matches if m.student in alignments}
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
            if match.pre is not None and group in self._alignments:
                values = pooled(self._alignments[group].to_teacher(outputs.pre(group)), match.pre)
                self._tallies[group].add(values > 0, self._teacher.on[group][rows])

    def arrays(self) -> dict[str, np.ndarray]:
        """alike, agreement, chance, channels, firing and how, as they stand in a snapshot."""
        arrays: dict[str, np.ndarray] = {}
        for (group, kind), total in self._cosines.items():
            arrays[f"alike/{group}/{kind}"] = _number(total / max(1, self._examples))
        for group, tally in self._tallies.items():
            arrays[f"agreement/{group}"] = _number(tally.agreement)
            arrays[f"chance/{group}"] = _number(tally.chance)
            arrays[f"channels/{group}"] = _number(tally.channels)
            arrays[f"firing/{group}"] = _number(tally.firing)
            arrays[f"how/{group}"] = np.array(self._alignments[group].how, dtype=np.int8)
        return arrays


def _number(values: Tensor) -> np.ndarray:
    return values.float().cpu().numpy()
