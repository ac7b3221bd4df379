"""Where a network looks, or what speaks for its answer, at any of its taps: for pictures a person asks about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from torch import Tensor
from torch.nn.functional import normalize

from studio.insight.grad_cam import feature_at, grad_cam_maps, has_places
from studio.insight.probe_reader import undisturbed
from studio.methods.ops.attention_maps import MAPS, attention_map
from studio.networks.base import Network, TapKind
from studio.networks.taps import TapPoint, TapReader

WantedMaps = Literal["attention", "grad_cam"]
"""Where a layer answers strongly, or what there speaks for the answer of the network."""

#: The map of attention transfer that is read.
ATTENTION = "sum2"


def places_at(network: Network, tap: TapKind) -> tuple[TapPoint, ...]:
    """All its places of a kind, bottom to top; none where it has no such place."""
    if tap == "block":
        return tuple(TapPoint(block.name, tap) for block in network.blocks if block.group.startswith(("stem", "group")))
    groups = network.anatomy.taps
    return tuple(TapPoint(one.group, tap) for one in groups if tap == "out" or getattr(one, tap) is not None)


def maps_at(
    network: Network, inputs: Tensor, kind: WantedMaps, points: Sequence[TapPoint]
) -> tuple[Tensor, dict[TapPoint, Tensor]]:
    """Its answers to a few inputs and its maps, from one pass; those of Grad-CAM from one pass and one way back.

    Its modes, parameters, gradients and statistics stay as they are, and no random number is drawn.

    Args:
        network: on the device of the inputs; may be in training. One that passes no gradients has no Grad-CAM.
        inputs: pictures in [0, 1], (B, C, H, W) float, or points.
        points: where; those without places beside each other have no map.

    Returns:
        The logits (B, K), and the maps (B, h, w) float32, each of unit length; of Grad-CAM zero where nothing speaks for
        the answer.
    """
    if kind == "grad_cam" and network.passes_gradients:
        logits, found = grad_cam_maps(network, inputs, points)
        return logits, {point: _unit(maps) for point, maps in found.items()}
    wanted = points if kind == "attention" else ()
    with undisturbed(inputs.device, network), TapReader(network, wanted) as reader:
        outputs = reader.run(inputs)
        features = {point: feature for point in wanted if has_places(feature := feature_at(outputs, point))}
        by, power = MAPS[ATTENTION]
        maps = {
            point: attention_map(feature, by, power).reshape(len(feature), *feature.shape[2:])
            for point, feature in features.items()
        }
        return outputs.logits, maps


def _unit(maps: Tensor) -> Tensor:
    """Each of maps (B, h, w) at length 1; one of zeros stays one."""
    return normalize(maps.flatten(1), dim=1, eps=1e-12).reshape(maps.shape)
