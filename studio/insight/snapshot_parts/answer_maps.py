"""Grad-CAM at the ends of the groups: what speaks for the answer that each network gives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from torch import Tensor
from torch.nn.functional import normalize

from studio.insight.agreement import pooled
from studio.insight.fetch import fetched
from studio.insight.grad_cam import grad_cam_maps
from studio.insight.probe_reader import prepared
from studio.insight.probed_networks import ProbedNetworks
from studio.insight.snapshot_parts.base import ComputedArrays, PartCost, PartReading, SnapshotArrays, SnapshotPart
from studio.methods.base import Objective
from studio.networks.base import Network
from studio.networks.taps import TapPoint

#: Pixels of a side beyond which maps are averaged before they are kept: they are drawn over pictures of 150 at most.
LARGEST_SIDE = 32


class AnswerMaps(SnapshotPart):
    """grad_cam/ROLE/GROUP (P, h, w) float16 of unit length, at most 32 x 32, zero where nothing speaks for the answer."""

    key = "grad_cam"
    gives = ("grad_cam/",)

    def __init__(self, networks: ProbedNetworks) -> None:
        super().__init__()
        self._networks = networks
        teacher = networks.subject.teacher
        if teacher is not None and teacher.passes_gradients:
            points = {match.student: TapPoint(match.teacher, "out") for match in networks.matches}
            self.fixed = answer_maps("grad_cam/teacher/", teacher, networks.probe.drawn.inputs, points)

    @classmethod
    def made(cls, networks: ProbedNetworks) -> AnswerMaps | None:
        if not networks.subject.dataset.offers.has_maps or not networks.subject.student.passes_gradients:
            return None
        return cls(networks)

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        shown, maps = networks.probe.shown, len(networks.groups) * len(networks.by_role)
        return PartCost(passes=shown, gradients=shown, bytes=maps * shown * LARGEST_SIDE**2 * 2)

    def begin(self, _objective: Objective | None, /) -> PartReading:
        networks = self._networks
        points = {group: TapPoint(group, "out") for group in networks.groups}
        inputs = networks.probe.drawn.inputs
        return ComputedArrays(answer_maps("grad_cam/student/", networks.subject.student, inputs, points))


def answer_maps(prefix: str, network: Network, inputs: Tensor, points: Mapping[str, TapPoint]) -> SnapshotArrays:
    """Grad-CAM for what a network answers, as it is kept.

    Args:
        prefix: before the names of the arrays.
        inputs: as the data have them, uint8 pictures.
        points: by the names of the arrays; those without places are left out.
    """
    _, maps = grad_cam_maps(network, prepared(inputs), tuple(points.values()))
    return {f"{prefix}{name}": kept(maps[point]) for name, point in points.items() if point in maps}


def kept(maps: Tensor) -> np.ndarray:
    """Maps (P, h, w) of at most 32 x 32 places and of unit length, float16."""
    h, w = maps.shape[-2:]
    small = pooled(maps[:, None], (min(h, LARGEST_SIDE), min(w, LARGEST_SIDE)))[:, 0]
    return fetched(normalize(small.flatten(1), dim=1, eps=1e-12).reshape(small.shape).half())


PART = AnswerMaps
