"""Attention and Grad-CAM at the taps between the ends of the groups, kept at the key moments of a run alone."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from studio.insight.attention import attention_maps
from studio.insight.grad_cam import feature_at, has_places
from studio.insight.inner_places import InnerPlace, inner_places
from studio.insight.probe_reader import prepared
from studio.insight.probed_networks import ProbedNetworks
from studio.insight.snapshot_parts.answer_maps import LARGEST_SIDE, answer_maps, kept
from studio.insight.snapshot_parts.base import ComputedArrays, PartCost, PartReading, SnapshotArrays, SnapshotPart
from studio.methods.base import Objective
from studio.networks.base import Network
from studio.networks.taps import TapPoint, TapReader

#: Of the kinds of attention maps the one that is kept.
KIND = "sum2"


class InnerMaps(SnapshotPart):
    """inner/attention/ROLE/TAP/NAME and inner/grad_cam/ROLE/TAP/NAME (P, h, w) float16 of unit length, at most 32 x 32.

    TAP is "first", "pre" or "block", NAME the student's group or block; the teacher's counterpart goes by it too.
    """

    key = "inner_maps"
    gives = ("inner/",)
    when = "key moments"

    def __init__(self, networks: ProbedNetworks, places: tuple[InnerPlace, ...]) -> None:
        super().__init__()
        self._networks = networks
        self._points = {place.name: place.student for place in places}
        teacher = networks.subject.teacher
        theirs = {place.name: place.teacher for place in places if place.teacher is not None}
        if teacher is not None and theirs:
            self.fixed = self._arrays("teacher", teacher, theirs)

    @classmethod
    def made(cls, networks: ProbedNetworks) -> InnerMaps | None:
        places = _places(networks) if networks.subject.dataset.offers.has_maps else ()
        return cls(networks, places) if places else None

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        shown, places = networks.probe.shown, len(_places(networks))
        maps = 2 * places * len(networks.by_role)
        return PartCost(passes=2 * shown, gradients=shown, bytes=maps * shown * LARGEST_SIDE**2 * 2)

    def begin(self, _objective: Objective | None, /) -> PartReading:
        return ComputedArrays(self._arrays("student", self._networks.subject.student, self._points))

    def _arrays(self, role: str, network: Network, points: dict[str, TapPoint]) -> SnapshotArrays:
        return inner_arrays(role, network, self._networks.probe.drawn.inputs, points)


def inner_arrays(role: str, network: Network, inputs: Tensor, points: Mapping[str, TapPoint]) -> SnapshotArrays:
    """The arrays of one network.

    Args:
        inputs: as the data have them, uint8 pictures.
        points: by "TAP/NAME"; those without places are left out.
    """
    found: SnapshotArrays = {}
    with TapReader(network, points.values()) as reader:
        outputs = reader.run(prepared(inputs))
    for name, point in points.items():
        feature = feature_at(outputs, point)
        if has_places(feature):
            maps = attention_maps(feature)[KIND].reshape(len(feature), *feature.shape[2:])
            found[f"inner/attention/{role}/{name}"] = kept(maps)
    if network.passes_gradients:
        found |= answer_maps(f"inner/grad_cam/{role}/", network, inputs, points)
    return found


def _places(networks: ProbedNetworks) -> tuple[InnerPlace, ...]:
    subject = networks.subject
    pairs = subject.pairs if subject.teacher is not None else tuple((None, group) for group in networks.groups)
    return inner_places(subject.student, subject.teacher, pairs)


PART = InnerMaps
