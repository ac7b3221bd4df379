"""What a run is called where others are called the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.core.errors import StudioError
from studio.gui.text.say import say
from studio.runs.results.role_text import role_text
from studio.runs.run_info import RunInfo

if TYPE_CHECKING:
    from studio.runs.results.settings_text import Part

    #: The part a setting belongs to, and its label; and the values of an experiment.
    _Place = tuple[Part, str]
    _Settings = Mapping[_Place, str]

#: So many experiments of one name are told apart by their settings; of more, reading them would take too long.
MOST_EXPERIMENTS = 8
#: So many settings are put into a name.
MOST_SETTINGS = 2
#: Which of them come first: what people compare before what runs mostly share.
_ORDER: tuple[Part, ...] = ("method", "student", "teacher", "training", "dataset")
#: Of these parts a name says which it is: both have a network.
_CALLED: tuple[Part, ...] = ("student", "teacher")
#: Settings that do not stand in a name: seeds have their own place in it, and where a teacher comes from takes too many words.
_UNTOLD: tuple[tuple[Part, str], ...] = (("training", "seed"), ("teacher", "source"))


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
    """Run id to its name; where others have it, with the settings that differ, the seed, and at last the time."""
    words = _of_settings(named.values())
    named = {run: (info, name + words.get((name, info.group), "")) for run, (info, name) in named.items()}
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


def _of_settings(named: Iterable[tuple[RunInfo, str]]) -> dict[tuple[str, str], str]:
    """By name and group, the settings in which the experiments of one name differ: ``, weight 20``."""
    of_name: dict[str, dict[str, RunInfo]] = {}
    for info, name in named:
        if info.group and not info.is_chain:
            of_name.setdefault(name, {}).setdefault(info.group, info)
    words = {}
    for name, groups in of_name.items():
        if 1 < len(groups) <= MOST_EXPERIMENTS:
            settings = {group: _settings(info.folder) for group, info in groups.items()}
            for group, differing in _differing(settings).items():
                words[name, group] = differing
    return words


def _differing(settings: Mapping[str, _Settings]) -> dict[str, str]:
    """What each experiment is told by: the first few settings by which more of them are told apart, which all of them have."""
    of_all = list(settings.values())
    places = [place for place in of_all[0] if all(place in one for one in of_all)]
    told: list[_Place] = []
    apart = 1
    for place in sorted(places, key=lambda place: _ORDER.index(place[0])):
        found = len({tuple(one[each] for each in (*told, place)) for one in of_all})
        if found > apart and len(told) < MOST_SETTINGS:
            told, apart = [*told, place], found
    return {key: "".join(f", {_called(place)} {one[place]}" for place in told) for key, one in settings.items()}


def _called(place: _Place) -> str:
    part, label = place
    return f"{part} {label.lower()}" if part in _CALLED else label.lower()


@lru_cache(maxsize=1024)
def _settings(folder: Path) -> _Settings:
    """The values of an experiment by part and label; empty where it cannot be read. What ran does not change."""
    from studio.experiment import load  # only where two are called the same: it brings every method along
    from studio.runs.results.settings_text import settings_text

    try:
        paragraphs = settings_text(load(folder / "experiment.toml", of_run=True))
    except StudioError:
        return {}
    return {
        (part.part, line.label): line.value
        for part in paragraphs
        for line in part.lines
        if (part.part, line.name) not in _UNTOLD
    }


def _short_name(info: RunInfo, same_data: bool) -> str:
    if info.is_named or info.is_reference:
        return info.name
    if info.parent:
        return say(role_text(info.role, first=True))
    return info.method_title if same_data else info.name
