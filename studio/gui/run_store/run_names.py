"""What a run is called where others are called the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from studio.gui.text.say import say
from studio.runs.results.role_text import role_text
from studio.runs.run_info import RunInfo


def names_in_table(runs: Iterable[RunInfo]) -> dict[str, str]:
    """Run id to what it is called among all ``runs``: with seed, and time, where others are called the same."""
    return _told_apart({info.id: (info, info.name) for info in runs})


def names_at_lines(drawn: Collection[RunInfo]) -> dict[str, str]:
    """Run id to what a ``drawn`` run is called beside the others: no longer than what tells it from them.

    A run without a name of its own is called by its method where all are of the same data, a step of a chain by its role.
    """
    same_data = len({info.dataset_title for info in drawn}) <= 1
    return _told_apart({info.id: (info, _short_name(info, same_data)) for info in drawn})


def names_of_groups(drawn: Collection[RunInfo]) -> dict[str, str]:
    """Group to what its ``drawn`` runs are called together: as at their lines, without seeds."""
    same_data = len({info.dataset_title for info in drawn}) <= 1
    return {info.group: _short_name(info, same_data) for info in drawn if info.group}


def _told_apart(named: Mapping[str, tuple[RunInfo, str]]) -> dict[str, str]:
    """Run id to its name, with the seed where others have that name, and the time where they have that seed too."""
    same_name = Counter(name for _, name in named.values())
    same_seed = Counter((name, info.seed) for info, name in named.values() if same_name[name] > 1)
    names: dict[str, str] = {}
    for run, (info, name) in named.items():
        if same_name[name] > 1:
            told = QCoreApplication.translate("runs", "{name}, seed {seed}").format(name=name, seed=info.seed)
            if same_seed[name, info.seed] > 1:
                told += info.created.astimezone().strftime(", %H:%M")
            name = told
        names[run] = name
    return names


def _short_name(info: RunInfo, same_data: bool) -> str:
    if info.parent and info.name.endswith(f": {info.role}"):
        return say(role_text(info.role, first=True))
    unnamed = info.name == f"{info.method_title} on {info.dataset_title}"
    return info.method_title if same_data and unnamed else info.name
