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

from studio.core.score_scale import ACCURACY, ScoreScale
from studio.runs.files.history import Reference
from studio.runs.references import ENDED_WELL
from studio.runs.run_info import RunInfo

RowKind = Literal["run", "teacher", "alone"]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        runs: the runs it stands for, the newest first; one unless grouped.
        kind: "teacher" or "alone" where it is a reference of another run.
        score: mean of the score that counts, in the meaning of ``scale``; ``deviation`` its sample standard deviation
            over ``n`` seeds.
        gap: mean share of the gap that was closed.
        children: of a chain of trainings the rows of its steps and ensembles, in the order they were begun.
    """

    runs: tuple[RunInfo, ...]
    kind: RowKind
    score: float | None
    deviation: float | None
    n: int
    gap: float | None
    seconds: float | None
    children: tuple[Row, ...] = ()

    @property
    def scale(self) -> ScoreScale:
        """What its score means."""
        return self.first.scale

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
        if run.is_reference:
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


def one_a_seed(runs: Iterable[RunInfo]) -> tuple[RunInfo, ...]:
    """The first of each seed of one experiment, newest first: a seed that was trained once more is the same draw again."""
    found: dict[int, RunInfo] = {}
    for run in runs:
        found.setdefault(run.seed, run)
    return tuple(found.values())


def _row(runs: tuple[RunInfo, ...], kind: RowKind) -> Row:
    if len(runs) == 1:  # ten thousand times as often as not
        run = runs[0]
        score = run.score if run.state != "failed" else None
        gap = run.gap.value if run.gap is not None and not run.problem else None
        return Row(runs, kind, score, None, int(score is not None), gap, run.seconds)
    whole = [run for run in runs if run.state in ENDED_WELL]
    told = one_a_seed(whole) or runs  # a mean over runs that were stopped half-way would say nothing of the method
    alike = [run for run in told if run.headline == runs[0].headline and run.state != "failed"]
    scores = [run.score for run in alike if run.score is not None]
    gaps = [run.gap.value for run in told if run.gap is not None]
    times = [run.seconds for run in runs if run.seconds is not None]
    return Row(
        runs,
        kind,
        statistics.fmean(scores) if scores else None,
        statistics.stdev(scores) if len(scores) > 1 else None,
        len(scores),
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
    "score",
    "score_name",
    "score_unit",
    "score_better",
    "gap_closed",
    "gap_low",
    "gap_high",
    "parameters",
    "seconds",
    "created",
    "tags",
)


def to_csv(runs: Iterable[RunInfo]) -> str:
    """The runs as a CSV text with a header line; accuracies and gaps are fractions, empty where unknown.

    ``score`` is the figure that counts, in its own unit; accuracies are empty where that is another one.
    """
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
        "teacher_accuracy": _accuracy(run, run.teacher_reference),
        "alone_accuracy": _accuracy(run, run.alone_reference),
        "score": run.score,
        "score_name": run.headline,
        "score_unit": run.unit,
        "score_better": run.better,
        "gap_closed": gap.value if gap else None,
        "gap_low": gap.low if gap else None,
        "gap_high": gap.high if gap else None,
        "parameters": run.parameters.get("student"),
        "seconds": run.seconds,
        "created": run.created.isoformat(),
        "tags": " ".join(run.tags),
    }


def _accuracy(run: RunInfo, reference: Reference | None) -> float | None:
    return reference.value if reference is not None and run.headline == ACCURACY else None
