"""What a network makes of one input: its answer, where it looked, and how long it took."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import torch

from studio.core.answer_time import AnswerTime
from studio.insight.asked_maps import WantedMaps, maps_at, places_at
from studio.insight.probe_reader import prepared, undisturbed
from studio.models.base import Model
from studio.networks.base import Network, TapKind
from studio.networks.measure import wait_for

#: In the order in which they are offered.
TAPS: tuple[TapKind, ...] = ("out", "first", "pre", "block")
#: Passes that are timed, of which the median counts; fewer where they take longer than this many seconds together.
TIMED, PATIENCE = 9, 0.08


@dataclass(frozen=True, eq=False)
class SingleAnswer:
    """What one model answers to one input, as plain arrays.

    Attributes:
        classes: their names, in the order of the probabilities.
        probabilities: (K,) float32 of sum 1.
        maps: by group or block, bottom to top: (h, w) float32 of unit length. Without those that keep no places, and
            empty of a model without an inside.
        time: for this one input, on the machine and beside whatever else it does.
        taps: the kinds of places at which it could be asked.
        explains: whether it could be asked what speaks for its answer.
    """

    classes: tuple[str, ...]
    probabilities: np.ndarray
    maps: Mapping[str, np.ndarray] = field(default_factory=dict)
    time: AnswerTime = field(default_factory=lambda: AnswerTime.of([0.0]))
    taps: tuple[TapKind, ...] = ()
    explains: bool = False


def answer_of_network(
    network: Network, example: np.ndarray, kind: WantedMaps = "attention", tap: TapKind = "out"
) -> SingleAnswer:
    """Ask a network about one input. Its modes, its statistics and the random numbers of a run stay as they are.

    Args:
        network: on any device; may be in training.
        example: one input as its data have it: (C, H, W) uint8 of a picture, (D,) float32 of a point or an encoded row.
        kind: which maps.
        tap: behind which layers they are taken; no maps where it has none of them.
    """
    device = network.input.mean.device
    inputs = prepared(torch.from_numpy(np.ascontiguousarray(example))[None].to(device))
    with undisturbed(device, network):
        logits, maps = maps_at(network, inputs, kind, places_at(network, tap))
        probabilities = logits[0].softmax(0).cpu().numpy()
    return SingleAnswer(
        network.classes,
        probabilities,
        {point.group: values[0].cpu().numpy() for point, values in maps.items()},
        times_in_turn([lambda: seconds_of_network(network, example)])[0],
        tuple(tap for tap in TAPS if places_at(network, tap)),
        network.passes_gradients,
    )


def answer_of_model(model: Model, example: np.ndarray) -> SingleAnswer:
    """Ask a model that is no network, in the same way; it has no inside to look at."""
    inputs = example[None].astype(np.float32) / (255 if example.dtype == np.uint8 else 1)
    probabilities = model.probabilities(inputs)[0]  # the first one finds its memory
    time = times_in_turn([lambda: seconds_of_model(model, example)])[0]
    return SingleAnswer(model.classes, probabilities, {}, time)


def seconds_of_network(network: Network, example: np.ndarray) -> float:
    """What one answer of a network takes to one input, which is made ready before; see :func:`answer_of_network`."""
    device = network.input.mean.device
    inputs = prepared(torch.from_numpy(np.ascontiguousarray(example))[None].to(device))
    with undisturbed(device, network):
        wait_for(device)
        begun = perf_counter()
        network(inputs)
        wait_for(device)
        return perf_counter() - begun


def seconds_of_model(model: Model, example: np.ndarray) -> float:
    """What one answer of a model that is no network takes to one input."""
    inputs = example[None].astype(np.float32) / (255 if example.dtype == np.uint8 else 1)
    begun = perf_counter()
    model.probabilities(inputs)
    return perf_counter() - begun


def times_in_turn(
    answering: Sequence[Callable[[], float]], stopping: Callable[[], bool] = lambda: False
) -> list[AnswerTime]:
    """What each takes for an answer: one of each in turn, then again, so that what else the machine does meets all alike.

    Args:
        answering: each gives one answer, and the seconds that it took; has given one before, which found its memory.
        stopping: true ends it after the round it is in.
    """
    taken: list[list[float]] = [[] for _ in answering]
    for _ in range(TIMED):
        for seconds, answer in zip(taken, answering, strict=True):
            seconds.append(answer())
        if stopping() or sum(map(sum, taken)) >= PATIENCE * len(taken):
            break
    return [AnswerTime.of(seconds) for seconds in taken]
