"""Which group of the teacher speaks to which group of the student."""

from __future__ import annotations

from studio.networks.base import NetworkSummary, TapShape

Pairs = tuple[tuple[str, str], ...]


def pair_groups(teacher: NetworkSummary, student: NetworkSummary) -> Pairs:
    """(teacher group, student group) from bottom to top; stems are left out.

    Equally many groups are paired in order. Otherwise the last teacher group of a map size is paired with the last
    student group of that size; where no size is shared (or both work on vectors), groups are paired from the top.
    """
    t_groups = [tap for tap in teacher.taps if tap.group != "stem"]
    s_groups = [tap for tap in student.taps if tap.group != "stem"]
    if len(t_groups) == len(s_groups):
        return _names(t_groups, s_groups)
    return _by_size(t_groups, s_groups) or _from_top(t_groups, s_groups)


def _by_size(t_groups: list[TapShape], s_groups: list[TapShape]) -> Pairs:
    last = {(tap.height, tap.width): tap for tap in t_groups if tap.height * tap.width > 1}
    matched = {(tap.height, tap.width): tap for tap in s_groups if (tap.height, tap.width) in last}
    return _names([last[size] for size in matched], list(matched.values()))


def _from_top(t_groups: list[TapShape], s_groups: list[TapShape]) -> Pairs:
    count = min(len(t_groups), len(s_groups))
    return _names(t_groups[len(t_groups) - count :], s_groups[len(s_groups) - count :])


def _names(t_groups: list[TapShape], s_groups: list[TapShape]) -> Pairs:
    return tuple((t.group, s.group) for t, s in zip(t_groups, s_groups, strict=True))
