"""Snapshots that nobody measured: made-up numbers in arrays as the real ones have them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from studio.insight.snapshot_parts.answer_maps import LARGEST_SIDE
from studio.insight.snapshot_parts.base import SnapshotArrays
from studio.methods.base import Cast
from studio.methods.ops.attention_maps import MAPS
from studio.networks.base import NetworkSummary, TapShape

SHOWN, POINTS, GRID, NEURONS = 8, 60, 16, 4
LOW, HIGH = -1.5, 2.5


def made_up_snapshot(
    cast: Cast, shape: tuple[int, ...], step: int, *, key_moment: bool, made_from_teacher: bool = False
) -> SnapshotArrays:
    """The arrays of a moment of a run.

    Args:
        cast: who learns, from whom.
        shape: of an input, (C, H, W) for pictures or (2,) for points.
        step: of the moment; another has other numbers, but for the probe and the teacher.
        key_moment: whether maps between the ends of groups belong to it.
        made_from_teacher: whether the first filters of both networks do.
    """
    fixed, now = np.random.default_rng(0), np.random.default_rng(step + 1)
    arrays = {"probe/inputs": _inputs(fixed, shape), "probe/labels": np.sort(np.arange(SHOWN) % cast.classes)}
    pairs = cast.pairs if cast.teacher is not None else tuple((group, group) for group in groups_of(cast.student))
    if cast.teacher is not None:
        taps = {ours: cast.teacher.tap(theirs) for theirs, ours in pairs}
        arrays |= _network_arrays("teacher", taps, cast.classes, shape, fixed)
    taps = {ours: cast.student.tap(ours) for _, ours in pairs}
    arrays |= _network_arrays("student", taps, cast.classes, shape, now)
    if cast.teacher is not None:
        for theirs, ours in pairs:
            arrays |= _comparison(cast.teacher.tap(theirs), cast.student.tap(ours), now)
    if key_moment:
        arrays |= _inner_arrays(cast, pairs, fixed, now)
    if made_from_teacher:
        arrays |= _filters(cast, shape, fixed, now)
    if shape == (2,):
        arrays |= _plane(fixed, cast.classes, taught=cast.teacher is not None)
    return arrays


def groups_of(network: NetworkSummary) -> tuple[str, ...]:
    """Its groups, without the stem."""
    return tuple(tap.group for tap in network.taps if tap.group != "stem")


def _inputs(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    if len(shape) == 1:
        return rng.uniform(LOW, HIGH, (SHOWN, *shape)).astype(np.float32)
    return rng.integers(0, 255, (SHOWN, *shape), dtype=np.uint8)


def _network_arrays(
    role: str, taps: dict[str, TapShape], classes: int, shape: tuple[int, ...], rng: np.random.Generator
) -> SnapshotArrays:
    """What is shown of one network; ``taps`` under the names of the student's groups."""
    arrays: SnapshotArrays = {f"logits/{role}": rng.normal(size=(SHOWN, classes)).astype(np.float32)}
    for group, tap in taps.items():
        if tap.height * tap.width > 1:
            for kind in MAPS:
                arrays[f"attention/{role}/{group}/{kind}"] = _maps(rng, tap.height, tap.width)
            arrays[f"grad_cam/{role}/{group}"] = _kept_maps(rng, tap)
    if shape == (2,):
        answers = rng.dirichlet(np.ones(classes), (GRID, GRID)).transpose(2, 0, 1)
        arrays[f"plane/{role}/probabilities"] = answers.astype(np.float16)
        for group, tap in taps.items():
            if tap.pre:
                layer = rng.normal(size=(min(tap.channels, NEURONS), GRID, GRID))
                arrays[f"plane/{role}/layer/{group}"] = layer.astype(np.float16)
    return arrays


def _inner_arrays(
    cast: Cast, pairs: tuple[tuple[str, str], ...], fixed: np.random.Generator, now: np.random.Generator
) -> SnapshotArrays:
    """Maps between the ends of groups: before the ReLU, and of the student's blocks before the last of their group."""
    arrays: SnapshotArrays = {}
    for theirs, ours in pairs:
        student = cast.student.tap(ours)
        networks = [("student", student, now)]
        if cast.teacher is not None:
            networks.append(("teacher", cast.teacher.tap(theirs), fixed))
        names = [each.block.name for each in cast.student.blocks if each.block.group == ours]
        blocks = [f"block/{name}" for name in names[:-1]]
        for role, tap, rng in networks:
            if tap.height * tap.width == 1:
                continue
            for place in ([f"pre/{ours}"] if tap.pre and student.pre else []) + blocks:
                arrays[f"inner/attention/{role}/{place}"] = _kept_maps(rng, tap)
                arrays[f"inner/grad_cam/{role}/{place}"] = _kept_maps(rng, tap)
    return arrays


def _filters(
    cast: Cast, shape: tuple[int, ...], fixed: np.random.Generator, now: np.random.Generator
) -> SnapshotArrays:
    """Of pictures, as many as a network's first group has channels."""
    networks = [("student", cast.student, now)] + ([("teacher", cast.teacher, fixed)] if cast.teacher else [])
    return {
        f"filters/{role}": rng.normal(size=(network.taps[0].channels, shape[0], 3, 3)).astype(np.float32)
        for role, network, rng in networks
        if len(shape) == 3
    }


def _maps(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Of unit length, (P, height, width) float16."""
    maps = rng.random((SHOWN, height, width))
    unit: np.ndarray = maps / np.sqrt((maps**2).sum((1, 2), keepdims=True))
    return unit.astype(np.float16)


def _kept_maps(rng: np.random.Generator, tap: TapShape) -> np.ndarray:
    """Of the size of a tap, as far as that is kept."""
    return _maps(rng, min(tap.height, LARGEST_SIDE), min(tap.width, LARGEST_SIDE))


def _comparison(teacher: TapShape, student: TapShape, rng: np.random.Generator) -> SnapshotArrays:
    arrays: SnapshotArrays = {}
    group, number = student.group, _number(rng)
    if min(teacher.height, student.height) * min(teacher.width, student.width) > 1:
        arrays |= {f"alike/{group}/{kind}": number(0.5, 1) for kind in MAPS}
    if teacher.pre and student.pre:
        arrays |= _neurons("", group, teacher.channels, 2, rng)
        if teacher.channels == student.channels:
            arrays |= _neurons("own/", group, teacher.channels, 0, rng)
    return arrays


def _neurons(prefix: str, group: str, channels: int, how: int, rng: np.random.Generator) -> SnapshotArrays:
    number = _number(rng)
    return {
        f"{prefix}agreement/{group}": number(50, 100),
        f"{prefix}chance/{group}": number(50, 60),
        f"{prefix}channels/{group}": rng.uniform(50, 100, channels).astype(np.float32),
        f"{prefix}firing/{group}": rng.random(channels).astype(np.float32),
        f"{prefix}how/{group}": np.array(how, np.int8),
    }


def _number(rng: np.random.Generator) -> Callable[[float, float], np.ndarray]:
    return lambda low, high: np.array(rng.uniform(low, high), np.float32)


def _plane(rng: np.random.Generator, classes: int, *, taught: bool) -> SnapshotArrays:
    points, labels = rng.uniform(LOW, HIGH, (POINTS, 2)).astype(np.float32), np.arange(POINTS) % classes
    arrays: SnapshotArrays = {
        "plane/extent": np.array([LOW, HIGH, LOW, HIGH], np.float32),
        "plane/points": points,
        "plane/labels": labels,
    }
    if taught:
        steps = np.linspace(0, 1, 11, dtype=np.float32)[:, None]
        arrays |= {
            "plane/walks/paths": points[:3, None] + steps * (points[3:6] - points[:3])[:, None],
            "plane/walks/bases": labels[:3],
            "plane/walks/targets": (labels[:3] + 1) % classes,
            "plane/walks/taught": np.array(False),
        }
    return arrays
