"""The arrays of one moment of a run, computed on the probe without leaving a trace in the run."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from studio.data.base import Dataset
from studio.insight.attention import drawn_maps
from studio.insight.boundary_walks import BoundaryWalks
from studio.insight.channel_alignment import Fitting, build_alignments, examples_to_fit, places_to_fit
from studio.insight.group_matching import GroupMatch, match_groups
from studio.insight.plane import over_plane, survey
from studio.insight.probe import MEASURED, choose_probe
from studio.insight.probe_reader import ProbeReader, undisturbed
from studio.insight.similarity import SimilarityTally
from studio.insight.teacher_features import TeacherFeatures
from studio.methods.base import BoundaryAttack, Objective
from studio.networks.base import Network

Arrays = dict[str, np.ndarray]

#: Values at taps that one pass over the probe may show, so that networks for large pictures cost little more than those
#: for small ones: they are measured on fewer than 256 examples, but on 32 at least.
LOOKED_AT = 2**26
LEAST_MEASURED = 32


class SnapshotTaker:
    """Looks at student and teacher on the same probe, again and again. Built once a run.

    Neither building nor looking changes a mode, a parameter, a statistic or a global random number. The teacher is
    asked once, when the observer is built: it is frozen.

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
        self._fitting: Fitting | None = None
        self._plane = survey(dataset, seed)
        self._walkers: BoundaryWalks | None = None
        example = dataset.test.inputs[:1].to(device)
        with undisturbed(device, student):
            self._gaze = ProbeReader(student, self._groups, example)
        if teacher is None:
            self._probe = choose_probe(dataset, seed, _affordable(self._gaze.values), 0).to(device)
            self._fixed = self._fixed_arrays()
            return
        with undisturbed(device, teacher):
            theirs = ProbeReader(teacher, tuple(group for group, _ in pairs), example)
            self._matches = match_groups(theirs, self._gaze, pairs)
            measured = _affordable(max(theirs.values, self._gaze.values))
            self._probe = choose_probe(dataset, seed, measured, examples_to_fit(self._matches)).to(device)
            places = places_to_fit(self._matches, len(self._probe.fitting), seed)
            self._teacher = TeacherFeatures(theirs, self._matches, self._probe, places)
            self._fitting = Fitting(self._probe.fitting.inputs, places, self._teacher.rows)
            columns = _columns(teacher, dataset.classes)
            self._fixed = self._fixed_arrays() | self._teacher_arrays(theirs, columns)
            if columns is not None and self._plane is not None:
                self._walkers = BoundaryWalks(teacher, columns, self._plane, device, attack)

    def take(self, objective: Objective | None) -> Arrays:
        """The arrays of this moment.

        Args:
            objective: whose connectors are used where it has any: of the current stage, or of the last that had
                connectors; None without one.

        Returns:
            probe/inputs, probe/labels, logits/{role}, attention/{role}/{group}/{kind}, alike/{group}/{kind},
            agreement/{group}, chance/{group}, channels/{group}, firing/{group}, how/{group} and, for points in the
            plane, plane/...; groups go by the student's names. What needs a teacher is missing without one, and so
            are the answers of a teacher that knows other classes.
        """
        watched = [self._student] if objective is None else [self._student, objective]
        with undisturbed(self._device, *watched):
            arrays = dict(self._fixed)
            if self._plane is not None:
                arrays |= _plane_arrays("student", *over_plane(self._gaze, self._plane))
            if self._walkers is not None:
                arrays |= self._walkers.arrays(self._student)
            comparison = None
            if self._teacher is not None:
                bridges = build_alignments(self._matches, objective, self._gaze, self._fitting)
                comparison = SimilarityTally(self._matches, self._teacher, bridges, self._device)
            for rows, outputs in self._gaze.over(self._probe.measured.inputs):
                if rows.start == 0:
                    shown = slice(0, self._probe.shown)
                    arrays["logits/student"] = outputs.logits[shown].float().cpu().numpy()
                    for group in self._groups:
                        arrays |= _attention_arrays("student", group, drawn_maps(outputs.out(group)[shown]))
                if comparison is not None:
                    comparison.add(rows, outputs)
            return arrays | (comparison.arrays() if comparison is not None else {})

    def _fixed_arrays(self) -> Arrays:
        drawn = self._probe.drawn
        arrays = {"probe/inputs": drawn.inputs.cpu().numpy(), "probe/labels": drawn.labels.cpu().numpy()}
        if self._plane is not None:
            arrays["plane/extent"] = self._plane.extent.numpy()
            arrays["plane/points"] = self._plane.points.numpy()
            arrays["plane/labels"] = self._plane.labels.numpy()
        return arrays

    def _teacher_arrays(self, gaze: ProbeReader, columns: Tensor | None) -> Arrays:
        """The teacher's half of a snapshot; ``columns`` are those of its logits in the order of the data's classes."""
        assert self._teacher is not None
        arrays: Arrays = {}
        for group, maps in self._teacher.drawn.items():
            arrays |= _attention_arrays("teacher", group, maps)
        if columns is not None:
            arrays["logits/teacher"] = self._teacher.logits.float().cpu()[:, columns].numpy()
        if columns is not None and self._plane is not None:
            names = {match.teacher: match.student for match in self._matches}
            probabilities, layers = over_plane(gaze, self._plane)
            ours = {names[group]: values for group, values in layers.items()}
            arrays |= _plane_arrays("teacher", probabilities[columns], ours)
        return arrays


def _groups(network: Network) -> tuple[str, ...]:
    """All groups but the stem, which no pair has either."""
    return tuple(tap.group for tap in network.anatomy.taps if tap.group != "stem")


def _affordable(values: int) -> int:
    """On how many examples to measure, where one shows ``values`` numbers at its taps."""
    return min(max(LOOKED_AT // max(1, values), LEAST_MEASURED), MEASURED)


def _columns(teacher: Network, classes: tuple[str, ...]) -> Tensor | None:
    """For every class of the data its column in the teacher's logits; None where it knows other classes."""
    if set(teacher.classes) != set(classes):
        return None
    return torch.tensor([teacher.classes.index(name) for name in classes])


def _attention_arrays(role: str, group: str, maps: Arrays) -> Arrays:
    return {f"attention/{role}/{group}/{kind}": values for kind, values in maps.items()}


def _plane_arrays(role: str, probabilities: np.ndarray, layers: Arrays) -> Arrays:
    named = {f"plane/{role}/layer/{group}": values for group, values in layers.items()}
    return {f"plane/{role}/probabilities": probabilities, **named}
