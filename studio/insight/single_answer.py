"""What a network makes of one input: its answer, where it looked, and how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

import numpy as np
import torch

from studio.data.base import as_float
from studio.insight.probe_reader import undisturbed
from studio.methods.ops.attention_maps import MAPS, attention_map
from studio.models.base import Model
from studio.networks.base import Network
from studio.networks.measure import wait_for
from studio.networks.taps import TapPoint, TapReader

#: The map of attention transfer that is read.
MAP = "sum2"
#: Passes that are timed, of which the median counts; fewer where they take longer than this many seconds together.
TIMED, PATIENCE = 5, 0.08


@dataclass(frozen=True, eq=False)
class SingleAnswer:
    """What one model answers to one input, as plain arrays.

    Attributes:
        classes: their names, in the order of the probabilities.
        probabilities: (K,) float32 of sum 1.
        maps: by group, bottom to top, where it answers strongly: (h, w) float32 of unit length. Without the groups that
            keep no places, and empty of a model without an inside.
        milliseconds: for this one input, on the machine and beside whatever else it does.
    """

    classes: tuple[str, ...]
    probabilities: np.ndarray
    maps: Mapping[str, np.ndarray] = field(default_factory=dict)
    milliseconds: float = 0.0


def answer_of_network(network: Network, example: np.ndarray) -> SingleAnswer:
    """Ask a network about one input. Its modes, its statistics and the random numbers of a run stay as they are.

    Args:
        network: on any device; may be in training.
        example: one input as its data have it: (C, H, W) uint8 of a picture, (D,) float32 of a point or an encoded row.
    """
    device = network.input.mean.device
    inputs = as_float(torch.from_numpy(np.ascontiguousarray(example))[None].to(device))
    if inputs.dim() == 4:
        inputs = inputs.contiguous(memory_format=torch.channels_last)
    points = [TapPoint(tap.group, "out") for tap in network.anatomy.taps]
    with undisturbed(device, network):
        with TapReader(network, points) as reader:
            outputs = reader.run(inputs)
        features = {point.group: outputs.out(point.group) for point in points}
        kind, power = MAPS[MAP]
        maps = {
            group: attention_map(feature, kind, power)[0].reshape(feature.shape[2:]).cpu().numpy()
            for group, feature in features.items()
            if feature.dim() == 4 and feature.shape[2] * feature.shape[3] > 1
        }
        probabilities = outputs.logits[0].softmax(0).cpu().numpy()
        taken: list[float] = []
        while len(taken) < TIMED and sum(taken) < PATIENCE:
            wait_for(device)
            begun = perf_counter()
            network(inputs)
            wait_for(device)
            taken.append(perf_counter() - begun)
    return SingleAnswer(network.classes, probabilities, maps, 1000 * median(taken))


def answer_of_model(model: Model, example: np.ndarray) -> SingleAnswer:
    """Ask a model that is no network, in the same way; it has no inside to look at."""
    inputs = example[None].astype(np.float32) / (255 if example.dtype == np.uint8 else 1)
    taken = []
    for _ in range(2):  # the first one finds its memory
        begun = perf_counter()
        probabilities = model.probabilities(inputs)[0]
        taken.append(perf_counter() - begun)
    return SingleAnswer(model.classes, probabilities, {}, 1000 * taken[-1])


def likeness(one: np.ndarray, other: np.ndarray) -> float | None:
    """The cosine of two maps of unit length; None where they differ in size."""
    return float((one * other).sum()) if one.shape == other.shape else None
