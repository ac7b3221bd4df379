"""The report of a run with what tells it apart from others: a section for each run it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio.core.errors import StudioError
from studio.runs.comparison.comparison_report import comparison_parts
from studio.runs.comparison.run_comparison import RunComparison, compare_runs
from studio.runs.results.html_report import Illustration, escape, write_report
from studio.runs.run_info import RunInfo


def compare_in(runs: Sequence[RunInfo], one: RunInfo, other: RunInfo, *, only: bool = False) -> RunComparison:
    """Compare the experiments of two runs over all their seeds; these two alone where they are of one experiment.

    Args:
        runs: among which the other seeds are looked for.
        only: these two alone, in any case.

    Raises:
        NotComparable: they have no results, or were not tested on the same; says why.
    """
    if only or (one.group and one.group == other.group):
        return compare_runs([one], [other])
    return compare_runs(_seeds(runs, one), _seeds(runs, other))


def _seeds(runs: Sequence[RunInfo], info: RunInfo) -> list[RunInfo]:
    """All runs of its experiment; the named one alone where that cannot be read."""
    return [run for run in runs if run.group == info.group] if info.group else [info]


def write_report_beside(
    path: Path,
    info: RunInfo,
    others: Sequence[RunInfo],
    runs: Sequence[RunInfo],
    illustrations: Sequence[Illustration] = (),
) -> None:
    """Write the report of a run, with a section on each of the others; one that cannot be compared says why.

    Args:
        runs: among which further seeds are looked for.

    Raises:
        StudioError: the run's own files cannot be read.
        NotWritten: there is no space, or no right to write; an older file of this name is intact.
    """
    sections: list[str] = []
    for other in others:
        try:
            sections += comparison_parts(compare_in(runs, info, other), heading=2)
        except StudioError as error:
            sections.append(f"<h2>Compared with {escape(other.name)}</h2><p>{escape(str(error))}</p>")
    write_report(path, info, illustrations, sections)
