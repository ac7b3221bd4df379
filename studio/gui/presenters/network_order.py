"""In which order networks are listed for a step: first those that suit the data and the network at the other side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: How many times as many parameters a teacher usually has as its student: the middle of five to fifty, on a logarithmic scale.
_TIMES = 16.0
#: Parameters looked for while the other network is not picked: what two cores train in minutes.
_UNPAIRED = {"teacher": 3e6, "student": 3e6 / _TIMES}
#: From this side of a picture on published networks, which halve it five times, keep more than a place or two.
_PHOTOGRAPH = 64
#: The most of one family among the first: of the family of the other network, all of whose groups match, and of any other.
_OF_ITS_OWN, _OF_ANOTHER = 5, 2


@dataclass(frozen=True)
class ListedNetwork:
    """What the order of a network depends on.

    Attributes:
        family: key of its family.
        parameters: 0 where they are not known without building it.
        is_published: whether it was made for photographs.
    """

    key: str
    family: str
    parameters: int
    fits: bool = True
    is_published: bool = False


def ordered(
    found: Sequence[ListedNetwork],
    step: Literal["teacher", "student"],
    other: ListedNetwork | None,
    side: int,
    first: int,
) -> list[ListedNetwork]:
    """All of them: the ``first`` so many by family, from large to small, then the others from near to far.

    A network is near that has about as many parameters as usual beside the other; those of its family come before others.
    What does not fit comes last.

    Args:
        other: the network at the other side, where it is picked.
        side: of a picture in pixels; 0 of other data.
    """

    def away(each: ListedNetwork) -> tuple[bool, bool, bool, float]:
        strange = each.is_published and side < _PHOTOGRAPH
        related = other is not None and each.family == other.family
        return not each.fits, strange, not related, _distance(each, step, other)

    near = sorted(found, key=away)
    chosen: list[ListedNetwork] = []
    for each in near:
        most = _OF_ITS_OWN if other is not None and each.family == other.family else _OF_ANOTHER
        if each.fits and len(chosen) < first and sum(1 for one in chosen if one.family == each.family) < most:
            chosen.append(each)
    families = list(dict.fromkeys(each.family for each in chosen))
    shown = sorted(chosen, key=lambda each: (families.index(each.family), -each.parameters))
    among = {each.key for each in chosen}
    return [*shown, *(each for each in near if each.key not in among)]


def _distance(each: ListedNetwork, step: Literal["teacher", "student"], other: ListedNetwork | None) -> float:
    """How far its parameters are from what is looked for, on a logarithmic scale."""
    if not each.parameters:
        return math.inf
    wanted = _UNPAIRED[step]
    if other is not None and other.parameters:
        wanted = other.parameters * _TIMES if step == "teacher" else other.parameters / _TIMES
    return abs(math.log(each.parameters / wanted))
