"""The student alone that a run is compared with: a run of its own, whose snapshots stand beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from studio.core.message import NOTHING, Text
from studio.runs.files.history import RunHistory
from studio.runs.run_info import RunInfo


def alone_ids(runs: Iterable[str], infos: Mapping[str, RunInfo]) -> list[str]:
    """The students alone of some runs, as far as they are known."""
    asked = (infos[run].references.get("alone", "") for run in runs if run in infos)
    return list(dict.fromkeys(run for run in asked if run in infos))


def alone_of(
    info: RunInfo | None, infos: Mapping[str, RunInfo], history: Callable[[str], RunHistory | None]
) -> tuple[RunHistory | None, Text]:
    """The values of the student alone of a run, and why there is nothing of its inside to show.

    Args:
        info: the run; None while it is not listed yet.
        infos: all runs, by id.
        history: the values of a run; None while they are being read: then nothing is said.
    """
    if info is None or info.is_chain:
        return None, NOTHING
    run = info.references.get("alone", "")
    if not run:
        taught = "teacher" in info.references or info.teacher_reference is not None
        if not taught or info.state == "running":  # it may be trained yet
            return None, NOTHING
        return None, Text("Only teacher and student: the student alone was not trained for this run.")
    if run not in infos:
        return None, Text("The student alone that was trained for this run is no longer there.")
    found = history(run)
    if found is not None and not found.moments:
        return None, Text("The student alone has no snapshots: nothing of its inside can be shown.")
    return found, NOTHING
