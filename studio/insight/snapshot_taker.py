"""The arrays of one moment of a run, computed on the probe without leaving a trace in the run."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from studio.data.base import Dataset
from studio.insight.attention import drawn_maps
from studio.insight.boundary_walks import BoundaryWalks
from studio.insight.channel_alignment import (
    FittingData,
    examples_to_fit,
    fitted_alignments,
    own_alignments,
    places_to_fit,
)
from studio.insight.group_matching import GroupMatch, match_groups
from studio.insight.plane import evaluate_on_plane, plane_of
from studio.insight.probe import MEASURED, choose_probe
from studio.insight.probe_reader import ProbeReader, undisturbed
from studio.insight.similarity import SimilarityTally
from studio.insight.teacher_features import TeacherFeatures
from studio.methods.base import Objective
from studio.methods.ops.boundary_walk import BoundaryAttack
from studio.networks.base import Network

SnapshotArrays = dict[str, np.ndarray]

#: Values at taps that one pass over the probe may show, so that networks for large pictures cost little more than those
#: for small ones: they are measured on fewer than 256 examples, but on 32 at least.
VALUES_READ = 2**26
FEWEST_MEASURED = 32


class SnapshotTaker:
    """Measures student and teacher on the same probe, again and again. Built once a run.

    Neither building nor measuring changes a mode, a parameter, a statistic or a global random number. The teacher is
    run once, when the taker is built: it is frozen.

    Args:
        pairs: (teacher group, student group), bottom to top; without a teacher all groups of the student are shown.
        seed: of the probe; equal seeds show the same examples of a dataset.
        device: where the networks are.
        attack: how the run pushes inputs to the teacher's boundary; None where it does not, and points in the plane are
            then pushed in the usual way.
    """

    def __init__(
        self,
        student: Network,
        teacher: Network | None,
        dataset: Dataset,
        pairs: tuple[tuple[str, str], ...],
        seed: int,
        device: torch.device,
        attack: BoundaryAttack | None = None,
    ) -> None:
        self._student = student
        self._device = device
        self._groups = _groups(student) if teacher is None else tuple(ours for _, ours in pairs)
        self._matches: tuple[GroupMatch, ...] = ()
        self._teacher: TeacherFeatures | None = None
        self._fitting: FittingData | None = None
        self._plane = plane_of(dataset, seed)
        self._boundary_walks: BoundaryWalks | None = None
        example = dataset.test.inputs[:1].to(device)
        with undisturbed(device, student):
            self._student_reader = ProbeReader(student, self._groups, example)
        if teacher is None:
            self._probe = choose_probe(dataset, seed, _examples_for(self._student_reader.values), 0).to(device)
            self._fixed = self._fixed_arrays()
            return
        with undisturbed(device, teacher):
            teacher_reader = ProbeReader(teacher, tuple(group for group, _ in pairs), example)
            self._matches = match_groups(teacher_reader, self._student_reader, pairs)
            measured = _examples_for(max(teacher_reader.values, self._student_reader.values))
            self._probe = choose_probe(dataset, seed, measured, examples_to_fit(self._matches)).to(device)
            places = places_to_fit(self._matches, len(self._probe.fitting), seed)
            self._teacher = TeacherFeatures(teacher_reader, self._matches, self._probe, places)
            self._fitting = FittingData(self._probe.fitting.inputs, places, self._teacher.rows)
            columns = _columns(teacher, dataset.classes)
            self._fixed = self._fixed_arrays() | self._teacher_arrays(teacher_reader, columns)
            if columns is not None and self._plane is not None and teacher.passes_gradients:
                self._boundary_walks = BoundaryWalks(teacher, columns, self._plane, device, attack)

    def take(self, objective: Objective | None) -> SnapshotArrays:
        """The arrays of this moment.

        Args:
            objective: whose connectors are used where it has any: of the current stage, or of the last that had
                connectors; None without one.

        Returns:
            probe/inputs, probe/labels, logits/{role}, attention/{role}/{group}/{kind}, alike/{group}/{kind},
            agreement/{group}, chance/{group}, channels/{group}, firing/{group}, how/{group} behind a fitted map, the
            same under own/... behind the run's connector or channel by channel, and, for points in the plane,
            plane/...; groups go by the student's names. What needs a teacher is missing without one, and so are the
            answers of a teacher that knows other classes; own/... is missing where widths differ and nothing connects.
        """
        modules = [self._student] if objective is None else [self._student, objective]
        with undisturbed(self._device, *modules):
            arrays = dict(self._fixed)
            if self._plane is not None:
                arrays |= _plane_arrays("student", *evaluate_on_plane(self._student_reader, self._plane))
            if self._boundary_walks is not None:
                arrays |= self._boundary_walks.arrays(self._student)
            comparison = None
            if self._teacher is not None and self._fitting is not None:
                fitted = fitted_alignments(self._matches, self._student_reader, self._fitting)
                own = own_alignments(self._matches, objective, self._student_reader)
                comparison = SimilarityTally(self._matches, self._teacher, fitted, own, self._device)
            for rows, outputs in self._student_reader.run_in_chunks(self._probe.measured.inputs):
                if rows.start == 0:
                    shown = slice(0, self._probe.shown)
                    arrays["logits/student"] = outputs.logits[shown].float().cpu().numpy()
                    for group in self._groups:
                        arrays |= _attention_arrays("student", group, drawn_maps(outputs.out(group)[shown]))
                if comparison is not None:
                    comparison.add(rows, outputs)
            return arrays | (comparison.arrays() if comparison is not None else {})

    def _fixed_arrays(self) -> SnapshotArrays:
        drawn = self._probe.drawn
        arrays = {"probe/inputs": drawn.inputs.cpu().numpy(), "probe/labels": drawn.labels.cpu().numpy()}
        if self._plane is not None:
            arrays["plane/extent"] = self._plane.extent.numpy()
            arrays["plane/points"] = self._plane.points.numpy()
            arrays["plane/labels"] = self._plane.labels.numpy()
        return arrays

    def _teacher_arrays(self, reader: ProbeReader, columns: Tensor | None) -> SnapshotArrays:
        """The teacher's half of a snapshot; ``columns`` are those of its logits in the order of the data's classes."""
        assert self._teacher is not None
        arrays: SnapshotArrays = {}
        for group, maps in self._teacher.drawn.items():
            arrays |= _attention_arrays("teacher", group, maps)
        if columns is not None:
            arrays["logits/teacher"] = self._teacher.logits.float().cpu()[:, columns].numpy()
        if columns is not None and self._plane is not None:
            names = {match.teacher: match.student for match in self._matches}
            probabilities, layers = evaluate_on_plane(reader, self._plane)
            ours = {names[group]: values for group, values in layers.items()}
            arrays |= _plane_arrays("teacher", probabilities[columns], ours)
        return arrays


def _groups(network: Network) -> tuple[str, ...]:
    """All groups but the stem, which no pair has either."""
    return tuple(tap.group for tap in network.anatomy.taps if tap.group != "stem")


def _examples_for(values: int) -> int:
    """On how many examples to measure, where one shows ``values`` numbers at its taps."""
    return min(max(VALUES_READ // max(1, values), FEWEST_MEASURED), MEASURED)


def _columns(teacher: Network, classes: tuple[str, ...]) -> Tensor | None:
    """For every class of the data its column in the teacher's logits; None where it knows other classes."""
    if set(teacher.classes) != set(classes):
        return None
    return torch.tensor([teacher.classes.index(name) for name in classes])


def _attention_arrays(role: str, group: str, maps: SnapshotArrays) -> SnapshotArrays:
    return {f"attention/{role}/{group}/{kind}": values for kind, values in maps.items()}


def _plane_arrays(role: str, probabilities: np.ndarray, layers: SnapshotArrays) -> SnapshotArrays:
    named = {f"plane/{role}/layer/{group}": values for group, values in layers.items()}
    return {f"plane/{role}/probabilities": probabilities, **named}
