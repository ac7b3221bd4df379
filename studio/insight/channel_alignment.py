"""Brings a student's neurons beside its teacher's, so that they can be compared one by one.

What two runs are compared by must not depend on how either was trained: behind a layer that a method trained for it the
same student agrees in other neurons than channel by channel, or behind a map fitted afterwards. So every student of a
teacher is read behind a fitted map, equally wide or not, and that is the number to compare. What its own method made of
it is read beside that: behind its connector, or channel by channel where widths are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import torch
from torch import Tensor

from studio.data.random import generator
from studio.insight.agreement import as_maps, pooled
from studio.insight.group_matching import GroupMatch
from studio.insight.probe_reader import ProbeReader
from studio.insight.ridge import RidgeFit, rows_at
from studio.methods.base import Objective
from studio.networks.taps import TapPoint

#: Channel by channel; behind the objective's connector; behind a map fitted in closed form.
DIRECTLY, CONNECTED, FITTED = 0, 1, 2

#: Rows a map needs for each channel of the student; vectors give a row each, maps one a place. They decide how many
#: examples are read, within bounds: places of one picture are too much alike to stand for pictures.
ROWS_A_CHANNEL = 32
LEAST_EXAMPLES, MOST_EXAMPLES = 128, 2048
#: Rows a map is fitted on, about, where the examples have more places than it needs.
ROWS = 8192


@dataclass(frozen=True)
class ChannelAlignment:
    """The way from the student's values before the ReLU to the teacher's channels.

    Attributes:
        how: ``DIRECTLY``, ``CONNECTED`` or ``FITTED``.
        to_teacher: (B, C_student, ...) -> (B, C_teacher, h, w).
    """

    how: int
    to_teacher: Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class FittingData:
    """What maps are fitted on: the same training examples and places at every moment of a run.

    Attributes:
        inputs: training examples, on the student's device.
        places: group -> (n,), the places of its maps.
        targets: group -> (F*n, C_teacher) float32, the teacher's values there.
    """

    inputs: Tensor
    places: dict[str, Tensor]
    targets: dict[str, Tensor]


def examples_to_fit(matches: tuple[GroupMatch, ...]) -> int:
    """How many training examples the fits need; 0 where no neurons are compared."""
    needs = [ceil(ROWS_A_CHANNEL * match.channels[1] / match.places) for match in matches if match.pre is not None]
    return min(max(*needs, LEAST_EXAMPLES), MOST_EXAMPLES) if needs else 0


def places_to_fit(matches: tuple[GroupMatch, ...], examples: int, seed: int) -> dict[str, Tensor]:
    """Places (n,) of every match that has neurons to compare, enough for about 8192 rows from ``examples`` examples."""
    each = ceil(ROWS / max(1, examples))
    return {
        match.student: torch.randperm(match.places, generator=generator(seed, "places", match.student))[:each]
        for match in matches
        if match.pre is not None
    }


def fitted_alignments(
    matches: tuple[GroupMatch, ...], student: ProbeReader, fitting: FittingData
) -> dict[str, ChannelAlignment]:
    """A fitted map for every match that has neurons to compare, by the student's group; call undisturbed.

    It is a function of student, teacher and examples alone. All are fitted in one pass of the student.
    """
    compared = [(match, match.pre) for match in matches if match.pre is not None]
    fits = {match.student: RidgeFit(match.channels[1], match.channels[0], student.device) for match, _ in compared}
    for rows, outputs in student.run_in_chunks(fitting.inputs):
        for match, size in compared:
            group = match.student
            places = fitting.places[group]
            ours = rows_at(pooled(as_maps(outputs.pre(group)), size), places)
            each = len(places)
            fits[group].add(ours, fitting.targets[group][rows.start * each : rows.stop * each])
    return {group: ChannelAlignment(FITTED, fit.solve()) for group, fit in fits.items()}


def own_alignments(
    matches: tuple[GroupMatch, ...], objective: Objective | None, student: ProbeReader
) -> dict[str, ChannelAlignment]:
    """How the run itself compares the two, by the student's group; call undisturbed.

    Behind the objective's connector where it has one that does something, else channel by channel where widths are
    equal; a match that has neither is left out.
    """
    alignments: dict[str, ChannelAlignment] = {}
    for match in matches:
        if match.pre is None:
            continue
        connected = _connected(match, objective, student)
        if connected is not None:
            alignments[match.student] = connected
        elif not match.differs:
            alignments[match.student] = ChannelAlignment(DIRECTLY, as_maps)
    return alignments


def _connected(match: GroupMatch, objective: Objective | None, student: ProbeReader) -> ChannelAlignment | None:
    if objective is None:
        return None
    trial = torch.zeros(1, *student.shapes[TapPoint(match.student, "pre")], device=student.device)
    answer = objective.connect(match.student, trial)
    if answer is None or answer is trial or answer.shape[1] != match.channels[0]:
        return None

    def to_teacher(values: Tensor) -> Tensor:
        connected = objective.connect(match.student, values)
        assert connected is not None
        return as_maps(connected)

    return ChannelAlignment(CONNECTED, to_teacher)
