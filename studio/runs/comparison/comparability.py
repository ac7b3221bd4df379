"""Why two runs cannot be compared, if they cannot."""

from __future__ import annotations

from collections.abc import Sequence

from studio.core.errors import StudioError
from studio.core.message import Text, text
from studio.runs.references import ENDED_WELL
from studio.runs.run_info import RunInfo

_STATES = {
    "running": Text("It is still running: wait until it has ended."),
    "stopped": Text("It was stopped before its end: go on with it."),
    "interrupted": Text("It was interrupted: go on with it."),
    "failed": Text("It failed, so there is nothing to compare."),
}


class NotComparable(StudioError):
    """Two runs whose numbers beside each other would say nothing."""


def newest_of_each_seed(runs: Sequence[RunInfo]) -> tuple[RunInfo, ...]:
    """The runs that have come to their end, by seed; of one seed the newest.

    Raises:
        NotComparable: none of them has.
    """
    by_seed: dict[int, RunInfo] = {}
    for run in sorted(runs, key=lambda run: (run.sequence, run.created, run.id), reverse=True):
        if not _why_unusable(run):
            by_seed.setdefault(run.seed, run)
    if not by_seed:
        raise _unusable(runs)
    return tuple(by_seed[seed] for seed in sorted(by_seed))


def check_comparable(first: Sequence[RunInfo], second: Sequence[RunInfo]) -> None:
    """Whether two groups of ended runs can be compared, the runs at equal places with each other.

    Raises:
        NotComparable: they are the same, or were tested on other data or another part of them.
    """
    if {run.id for run in first} & {run.id for run in second}:
        raise NotComparable("This is one run twice.", "", "Choose two runs, or two groups of runs.")
    apart = [pair for pair in zip(first, second, strict=False) if not _same_test(*pair)]
    if not apart:
        return
    one, other = apart[0]
    if one.dataset_title != other.dataset_title:
        raise NotComparable(
            "They were tested on different data.",
            "{first} learnt {data}, {second} learnt {other_data}: their scores do not measure the same.",
            "Choose two runs on the same data.",
            first=one.name,
            data=one.dataset_title,
            second=other.name,
            other_data=other.dataset_title,
        )
    raise NotComparable(
        "They were tested on different parts of the data.",
        _why_other_part(one, other),
        "Choose two runs that were tested on the same part.",
    )


def _same_test(one: RunInfo, other: RunInfo) -> bool:
    return bool(one.tested_on) and one.tested_on == other.tested_on


def _why_other_part(one: RunInfo, other: RunInfo) -> Text:
    """Which setting of the data is to blame, where the experiments tell."""
    from studio.runs.comparison.setting_differences import setting_differences

    try:
        lines = setting_differences(one.experiment, other.experiment).lines
    except StudioError:
        lines = ()
    found = next((line for line in lines if line.part == "Data"), None)
    if found is None:
        return text("Both are {data}, but not the same share or files of it.", data=one.dataset_title)
    return text(
        "{setting} is {first} in one and {second} in the other.",
        setting=found.label,
        first=found.first or "–",
        second=found.second or "–",
    )


def _why_unusable(run: RunInfo) -> Text:
    if run.problem:
        return run.problem
    if run.state not in ENDED_WELL:
        return _STATES.get(run.state, _STATES["interrupted"])
    return Text("") if run.reached is not None else Text("It reached no score that could be compared.")


def _unusable(runs: Sequence[RunInfo]) -> NotComparable:
    if not runs:
        return NotComparable("There is nothing to compare it with.", "", "Choose two runs, or two groups of runs.")
    what = "{name} has no result to compare." if len(runs) == 1 else "None of the {n} runs of {name} has a result."
    return NotComparable(what, _why_unusable(runs[0]), name=runs[0].name, n=len(runs))
