"""The arrays of one moment of a run, computed on the probe without leaving a trace in the run."""

from __future__ import annotations

from collections.abc import Sequence

from studio.events import KeyMoment
from studio.insight.probe_reader import undisturbed
from studio.insight.probed_networks import ProbedNetworks, Subject
from studio.insight.snapshot_parts import snapshot_parts
from studio.insight.snapshot_parts.base import PartCost, SnapshotArrays, SnapshotPart
from studio.methods.base import Objective


class SnapshotTaker:
    """Measures student and teacher on the same probe, again and again. Built once a run.

    Neither building nor measuring changes a mode, a parameter, a gradient, a statistic or a global random number. The
    teacher is run when the taker is built: it is frozen. What is measured are the parts
    (:mod:`studio.insight.snapshot_parts`); this only brings them together.

    Args:
        subject: whose inside is shown.
        parts: what snapshots are made of; all there are if None. Parts that these networks or data cannot fill are left
            out.
    """

    def __init__(self, subject: Subject, parts: Sequence[type[SnapshotPart]] | None = None) -> None:
        self._subject = subject
        networks = [subject.student] if subject.teacher is None else [subject.student, subject.teacher]
        with undisturbed(subject.device, *networks):
            self._networks = ProbedNetworks(subject)
            wanted = snapshot_parts() if parts is None else parts
            self._parts = tuple(part for each in wanted if (part := each.made(self._networks)) is not None)

    @property
    def costs(self) -> dict[str, PartCost]:
        """What each part takes of a snapshot that it is in, by its key."""
        with undisturbed(self._subject.device, *self._networks.by_role.values()):
            return {part.key: part.cost(self._networks) for part in self._parts}

    def take(self, objective: Objective | None, moments: tuple[KeyMoment, ...] = ()) -> SnapshotArrays:
        """The arrays of this moment.

        Args:
            objective: whose connectors are used where it has any: of the current stage, or of the last that had
                connectors; None without one.
            moments: what it is besides a moment like others; some parts are kept at such alone.

        Returns:
            By name what the parts say of themselves; groups go by the student's names. What needs a teacher is missing
            without one, and so are the answers of a teacher that knows other classes.
        """
        modules = [self._subject.student] if objective is None else [self._subject.student, objective]
        due = [part for part in self._parts if part.when == "always" or moments]
        with undisturbed(self._subject.device, *modules):
            readings = [part.begin(objective) for part in due]
            for rows, outputs in self._networks.student_reader.run_in_chunks(self._networks.probe.measured.inputs):
                for reading in readings:
                    reading.add(rows, outputs)
            arrays: SnapshotArrays = {}
            for part, reading in zip(due, readings, strict=True):
                arrays |= part.fixed | reading.arrays()
            return arrays
