"""The inside of networks on pictures that a person asks about, as the arrays that snapshots hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from studio.insight.attention import drawn_maps
from studio.insight.inner_places import inner_places
from studio.insight.probe_reader import prepared, undisturbed
from studio.insight.snapshot_parts.answer_maps import answer_maps
from studio.insight.snapshot_parts.base import SnapshotArrays, plain
from studio.insight.snapshot_parts.inner_maps import inner_arrays
from studio.networks.base import Network
from studio.networks.measure import summarise
from studio.networks.pairing import pair_groups
from studio.networks.taps import TapPoint, TapReader


@dataclass(frozen=True)
class AskedPlaces:
    """Where two networks are asked, the teacher's places by the names of the student's.

    Attributes:
        student, teacher: by group the point at its end; ``teacher`` is empty without one.
        inner_student, inner_teacher: by "TAP/NAME" the taps between.
    """

    student: dict[str, TapPoint]
    teacher: dict[str, TapPoint]
    inner_student: dict[str, TapPoint]
    inner_teacher: dict[str, TapPoint]


def asked_places(student: Network, teacher: Network | None) -> AskedPlaces:
    """The places that snapshots of a run show as well; reads names and shapes alone."""
    known = teacher is not None and teacher.anatomy.taps
    if teacher is not None and known:
        pairs: tuple[tuple[str | None, str], ...] = pair_groups(summarise(teacher, ""), summarise(student, ""))
    else:
        pairs = tuple((None, tap.group) for tap in student.anatomy.taps if tap.group != "stem")
    inner = inner_places(student, teacher if known else None, pairs)
    return AskedPlaces(
        {ours: TapPoint(ours, "out") for _, ours in pairs},
        {ours: TapPoint(theirs, "out") for theirs, ours in pairs if theirs is not None},
        {place.name: place.student for place in inner},
        {place.name: place.teacher for place in inner if place.teacher is not None},
    )


def own_places(alone: Network, beside: AskedPlaces) -> tuple[dict[str, TapPoint], dict[str, TapPoint]]:
    """Of the student's places, at the ends of groups and between, those that the student alone has as well."""
    own = asked_places(alone, None)
    ends = {name: point for name, point in beside.student.items() if name in own.student}
    return ends, {name: point for name, point in beside.inner_student.items() if name in own.inner_student}


def asked_inside(
    role: str,
    network: Network,
    pictures: np.ndarray,
    ends: dict[str, TapPoint],
    inner: dict[str, TapPoint],
    classes: tuple[str, ...],
) -> SnapshotArrays:
    """What a network answers to a few pictures, and all its maps of them. It stays as it is.

    Args:
        role: "teacher" or "student", as the names of the arrays say it.
        pictures: as the data have them, uint8 (P, C, H, W).
        ends, inner: see :class:`AskedPlaces`.
        classes: of the data; the answers are in this order.

    Returns:
        logits/ROLE (P, K) where it knows these classes, attention/ROLE/GROUP/KIND, grad_cam/ROLE/GROUP and
        inner/MAP/ROLE/TAP/NAME (P, h, w), as in a snapshot.
    """
    device = network.input.mean.device
    inputs = torch.from_numpy(np.ascontiguousarray(pictures)).to(device)
    found: SnapshotArrays = {}
    with undisturbed(device, network):
        with TapReader(network, ends.values()) as reader:
            outputs = reader.run(prepared(inputs))
        if set(network.classes) == set(classes):
            found[f"logits/{role}"] = plain(outputs.logits[:, [network.classes.index(name) for name in classes]])
        for name, point in ends.items():
            drawn = drawn_maps(outputs.out(point.group))
            found |= {f"attention/{role}/{name}/{kind}": maps for kind, maps in drawn.items()}
        if network.passes_gradients:
            found |= answer_maps(f"grad_cam/{role}/", network, inputs, ends)
        return found | inner_arrays(role, network, inputs, inner)
