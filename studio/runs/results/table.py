"""Runs as rows of a table: one a run, or one an experiment with the mean and spread over its seeds."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import is_
from types import MappingProxyType
from typing import Literal

from studio.runs.references import ENDED_WELL
from studio.runs.run_info import RunInfo

RowKind = Literal["run", "teacher", "alone"]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        runs: the runs it stands for, the newest first; one unless grouped.
        kind: "teacher" or "alone" where it is a reference of another run.
        accuracy: mean test accuracy, a fraction; ``deviation`` its sample standard deviation over ``n`` seeds.
        gap: mean share of the gap that was closed.
        children: of a chain of trainings the rows of its steps and ensembles, in the order they were begun.
    """

    runs: tuple[RunInfo, ...]
    kind: RowKind
    accuracy: float | None
    deviation: float | None
    n: int
    gap: float | None
    seconds: float | None
    children: tuple[Row, ...] = ()

    @property
    def first(self) -> RunInfo:
        """The run that gives the row its words: the newest."""
        return self.runs[0]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its runs."""
        return tuple(run.id for run in self.runs)

    @property
    def key(self) -> str:
        """Names the row as long as its first run is there."""
        return self.runs[-1].id


def kinds(runs: Iterable[RunInfo]) -> dict[str, RowKind]:
    """Run id to "teacher" or "alone", for the runs that were trained as such or that others refer to."""
    found: dict[str, RowKind] = {}
    for run in runs:
        if run.parent and run.role in ("teacher", "alone"):
            found.setdefault(run.id, "teacher" if run.role == "teacher" else "alone")
        for role, run_id in run.references.items():
            if role == "teacher" or (role == "alone" and run_id not in found):
                found[run_id] = "teacher" if role == "teacher" else "alone"
    return found


def rows(
    runs: Sequence[RunInfo],
    grouped: bool = False,
    roles: Mapping[str, RowKind] | None = None,
    known: Mapping[str, Row] = MappingProxyType({}),
) -> list[Row]:
    """Rows in the order of ``runs``, those of a chain below it, references of other runs after the rest.

    Args:
        grouped: whether the runs of one experiment share a row, and those that are the same step of its chains.
        roles: the :func:`kinds` of ``runs``, where they have been found before.
        known: rows made before, by their keys; one whose runs are the same objects is not made again.
    """
    roles = kinds(runs) if roles is None else roles
    chains = _chains(runs)
    groups: dict[str, list[RunInfo]] = {}
    below: dict[str, dict[str, list[RunInfo]]] = {}
    for run in runs:
        chain = chains.get(run.id)
        if chain is None:
            groups.setdefault(_same(run) if grouped else run.id, []).append(run)
        else:
            steps = below.setdefault(_same(chain) if grouped else chain.id, {})
            steps.setdefault(run.role if grouped else run.id, []).append(run)
    own: list[Row] = []
    references: list[Row] = []
    for key, group in groups.items():
        kind = roles.get(group[0].id, "run")
        steps = below.get(key, {})
        children = [_known_or_new(step, roles.get(step[0].id, "run"), (), known) for step in steps.values()]
        children.sort(key=lambda row: _begun(row.runs[-1]))
        row = _known_or_new(group, kind, tuple(children), known)
        (own if kind == "run" and not group[0].parent else references).append(row)
    return own + references


def _chains(runs: Sequence[RunInfo]) -> dict[str, RunInfo]:
    """Run id to the chain it stands below: the one it was trained for, or one that uses it where that is no more."""
    chains = {run.id: run for run in runs if run.is_chain}
    if not chains:
        return {}
    users: dict[str, RunInfo] = {}
    for chain in chains.values():
        for step in chain.references.values():
            users.setdefault(step, chain)
    found: dict[str, RunInfo] = {}
    for run in runs:
        above = chains.get(run.parent) or users.get(run.id) if run.parent and run.id not in chains else None
        if above is not None:
            found[run.id] = above
    return found


def _begun(run: RunInfo) -> tuple[int, datetime, str]:
    return run.sequence, run.created, run.id


def _known_or_new(group: list[RunInfo], kind: RowKind, children: tuple[Row, ...], known: Mapping[str, Row]) -> Row:
    row = known.get(group[-1].id)
    if row is None or row.kind != kind or not _are_same(row.runs, group):
        row = _row(tuple(group), kind)
    return row if _are_same(row.children, children) else replace(row, children=children)


def _are_same(some: Sequence[object], others: Sequence[object]) -> bool:
    return len(some) == len(others) and all(map(is_, some, others))


def _same(run: RunInfo) -> str:
    """Equal for runs that differ in their seed and name alone; a broken run is like no other."""
    return run.group or run.id


def _row(runs: tuple[RunInfo, ...], kind: RowKind) -> Row:
    if len(runs) == 1:  # ten thousand times as often as not
        run = runs[0]
        accuracy = run.test_accuracy if run.state != "failed" else None
        gap = run.gap.value if run.gap is not None and not run.problem else None
        return Row(runs, kind, accuracy, None, int(accuracy is not None), gap, run.seconds)
    whole = [run for run in runs if run.state in ENDED_WELL]
    told = whole or runs  # a mean over runs that were stopped half-way would say nothing of the method
    accuracies = [run.test_accuracy for run in told if run.test_accuracy is not None and run.state != "failed"]
    gaps = [run.gap.value for run in told if run.gap is not None]
    times = [run.seconds for run in runs if run.seconds is not None]
    return Row(
        runs,
        kind,
        statistics.fmean(accuracies) if accuracies else None,
        statistics.stdev(accuracies) if len(accuracies) > 1 else None,
        len(accuracies),
        statistics.fmean(gaps) if gaps else None,
        statistics.fmean(times) if times else None,
    )


COLUMNS = (
    "id",
    "name",
    "method",
    "dataset",
    "teacher",
    "student",
    "seed",
    "state",
    "test_accuracy",
    "teacher_accuracy",
    "alone_accuracy",
    "gap_closed",
    "gap_low",
    "gap_high",
    "parameters",
    "seconds",
    "created",
    "tags",
)


def to_csv(runs: Iterable[RunInfo]) -> str:
    """The runs as a CSV text with a header line; accuracies and gaps are fractions, empty where unknown."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    table.writerows(_values(run) for run in runs)
    return out.getvalue()


def _values(run: RunInfo) -> Mapping[str, object]:
    gap = run.gap
    return {
        "id": run.id,
        "name": run.name,
        "method": run.method,
        "dataset": run.dataset,
        "teacher": run.teacher,
        "student": run.student,
        "seed": run.seed,
        "state": run.state,
        "test_accuracy": run.test_accuracy,
        "teacher_accuracy": run.teacher_reference.value if run.teacher_reference else None,
        "alone_accuracy": run.alone_reference.value if run.alone_reference else None,
        "gap_closed": gap.value if gap else None,
        "gap_low": gap.low if gap else None,
        "gap_high": gap.high if gap else None,
        "parameters": run.parameters.get("student"),
        "seconds": run.seconds,
        "created": run.created.isoformat(),
        "tags": " ".join(run.tags),
    }
