"""What was set differently in two experiments, in the words of the forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.runs.results.settings_text import Paragraph, settings_text

if TYPE_CHECKING:
    from studio.experiment import Experiment


@dataclass(frozen=True)
class SettingDifference:
    """A setting with another value in each experiment; None where one has no such setting.

    Attributes:
        part: the part of the experiment it stands in: "Data", "Method", ...
    """

    part: str
    label: str
    first: str | None
    second: str | None

    @property
    def swapped(self) -> SettingDifference:
        """The same with the sides exchanged."""
        return SettingDifference(self.part, self.label, self.second, self.first)


@dataclass(frozen=True)
class SettingDifferences:
    """All of them, in the order of the forms; ``same`` counts the settings that are alike."""

    lines: tuple[SettingDifference, ...] = ()
    same: int = 0

    @property
    def causes(self) -> tuple[SettingDifference, ...]:
        """Those that may explain another result each by itself: what only one side has comes with another choice above it."""
        both = tuple(line for line in self.lines if line.first is not None and line.second is not None)
        return both or self.lines[:1]

    @property
    def swapped(self) -> SettingDifferences:
        """The same with the sides exchanged."""
        return SettingDifferences(tuple(line.swapped for line in self.lines), self.same)


def setting_differences(first: Experiment, second: Experiment) -> SettingDifferences:
    """What two experiments were set differently.

    Seeds are paired, and which references are trained as well changes no number: neither is a difference.
    """
    second = second.model_copy(update={"seed": first.seed, "references": first.references})
    ours, theirs = _by_place(settings_text(first)), _by_place(settings_text(second))
    parts = list(dict.fromkeys(part for part, _, _ in (*ours, *theirs)))
    places = sorted(dict.fromkeys((*ours, *theirs)), key=lambda place: parts.index(place[0]))
    lines = [SettingDifference(place[0], place[1], ours.get(place), theirs.get(place)) for place in places]
    differing = tuple(line for line in lines if line.first != line.second)
    return SettingDifferences(differing, len(lines) - len(differing))


def _by_place(paragraphs: Sequence[Paragraph]) -> dict[tuple[str, str, int], str]:
    """Values by part, label, and how often that label stood in the part before."""
    found: dict[tuple[str, str, int], str] = {}
    for paragraph in paragraphs:
        for line in paragraph.lines:
            place = (paragraph.title, line.label, 0)
            while place in found:
                place = (*place[:2], place[2] + 1)
            found[place] = line.value
    return found
