"""What two compared groups of runs are called: as briefly as they can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studio.core.printable import one_line
from studio.runs.comparison.setting_differences import SettingDifferences
from studio.runs.run_info import RunInfo

_TOLD_BY: tuple[Callable[[RunInfo], str], ...] = (
    lambda run: run.method_title,
    lambda run: run.student_title,
    lambda run: run.teacher_title,
)


def side_names(
    first: Sequence[RunInfo], second: Sequence[RunInfo], settings: SettingDifferences | None
) -> tuple[str, str]:
    """By what they differ in first: method, student, teacher, the only setting, the name a person gave, the seed."""
    ours, theirs = first[0], second[0]
    for told in _TOLD_BY:
        if told(ours) != told(theirs):
            return one_line(told(ours)), one_line(told(theirs))
    if settings is not None and len(settings.causes) == 1:
        line = settings.causes[0]
        if line.first is not None and line.second is not None:
            return one_line(f"{line.label} {line.first}"), one_line(f"{line.label} {line.second}")
    if ours.name != theirs.name:
        return one_line(ours.name), one_line(theirs.name)
    if len(first) == 1 and ours.seed != theirs.seed:
        return one_line(f"{ours.name}, seed {ours.seed}"), one_line(f"{theirs.name}, seed {theirs.seed}")
    return ours.id, theirs.id
