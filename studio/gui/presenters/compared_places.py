"""At which places of a pair the methods that fit it compare the two, found from the objectives they would train with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio import catalog
from studio.methods.base import Method
from studio.methods.parts.composed_method import Composed
from studio.networks.no_draws import NoDraws

if TYPE_CHECKING:
    from studio.methods.base import AnyMethod, Cast


@dataclass(frozen=True)
class ComparedPlaces:
    """Titles of methods by the place where they compare; those that compare in few places come first.

    Attributes:
        by_group: by the student's group.
        by_mean: at the pooled vector.
        by_answers: at the answers, or at their slopes by the input.
    """

    by_group: Mapping[str, tuple[str, ...]]
    by_mean: tuple[str, ...]
    by_answers: tuple[str, ...]


def compared_places(cast: Cast) -> ComparedPlaces:
    """Where each method that fits, as it comes, compares teacher and student.

    A method that reads no group compares pooled vectors where it is about how pictures relate, else answers.
    """
    groups: dict[str, frozenset[str]] = {}
    mean: list[str] = []
    answers: list[str] = []
    for method in catalog.entries("method"):
        if not isinstance(method, Method) or isinstance(method, Composed) or not method.needs.teacher:
            continue
        if method.refusal(method.Settings(), cast) is not None:
            continue
        read = _groups_of(method, cast)
        if read:
            groups[method.title] = read
        else:
            (mean if method.compares == "relations" else answers).append(method.title)
    few_first = sorted(groups, key=lambda title: len(groups[title]))
    names = {name for read in groups.values() for name in read}
    by_group = {name: tuple(title for title in few_first if name in groups[title]) for name in names}
    return ComparedPlaces(by_group, tuple(mean), tuple(answers))


def _groups_of(method: AnyMethod, cast: Cast) -> frozenset[str]:
    """The student's groups that the objectives of its stages read; their weights are not drawn."""
    with NoDraws():
        objectives = [stage.objective(cast) for stage in method.plan(method.Settings(), cast) if stage.objective]
    return frozenset(tap.group for each in objectives for tap in each.taps() if tap.who == "student")
