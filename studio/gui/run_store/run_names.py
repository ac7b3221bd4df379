"""What a run is called where others are called the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QCoreApplication

from studio.runs.run_info import RunInfo


def name_in_table(info: RunInfo, runs: Iterable[RunInfo]) -> str:
    """What a run is called among ``runs``: with seed, and time, where others are called the same."""
    return _told_from(info, info.name, [one for one in runs if one.name == info.name and one.id != info.id])


def name_at_line(info: RunInfo, drawn: Collection[RunInfo]) -> str:
    """What a drawn run is called beside the others that are ``drawn``: no longer than what tells it from them.

    A run without a name of its own is called by its method where all are of the same data.
    """
    same_data = all(one.dataset_title == info.dataset_title for one in drawn)
    name = _short_name(info, same_data)
    return _told_from(info, name, [one for one in drawn if _short_name(one, same_data) == name and one.id != info.id])


def _short_name(info: RunInfo, same_data: bool) -> str:
    unnamed = info.name == f"{info.method_title} on {info.dataset_title}"
    return info.method_title if same_data and unnamed else info.name


def _told_from(info: RunInfo, name: str, alike: Collection[RunInfo]) -> str:
    """``name`` with the seed of the run where others are called ``alike``, and its time where they have that seed too."""
    if not alike:
        return name
    name = QCoreApplication.translate("runs", "{name}, seed {seed}").format(name=name, seed=info.seed)
    if any(one.seed == info.seed for one in alike):
        name += info.created.astimezone().strftime(", %H:%M")
    return name
