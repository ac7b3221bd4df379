"""Names in little room: those that begin alike are cut so that what differs is seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

#: Where a name is cut: the first of these that tells it from the others.
_PLACES = (Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideLeft)


def told_apart(names: Iterable[str], font: QFont, room: float) -> Mapping[str, str]:
    """Names as they are written in a width of ``room``, by the names in full.

    One that has no room is cut at its end, as long as another does not look the same then: such names are cut in the
    middle, or at their beginning, or lose the beginning that they share, whichever is the first to tell them apart.

    Args:
        names: all that stand beside each other.
        font: they are written in.
    """
    return _written(tuple(dict.fromkeys(names)), font.key(), font, float(room))


@lru_cache(maxsize=64)
def _written(names: tuple[str, ...], _key: str, font: QFont, room: float) -> Mapping[str, str]:
    metrics, written, alike = QFontMetricsF(font), dict.fromkeys(names, ""), list(names)
    for place in _PLACES:
        written |= {name: metrics.elidedText(name, place, room) for name in alike}
        if not (alike := _alike(written)):
            return MappingProxyType(written)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in alike:
        groups[written[name]].append(name)
    for group in groups.values():
        shared = _shared_beginning(group)
        for name in group:
            written[name] = metrics.elidedText("…" + name[shared:], Qt.TextElideMode.ElideRight, room)
    return MappingProxyType(written)


def _alike(written: Mapping[str, str]) -> list[str]:
    """The names that are written as another is."""
    count = Counter(written.values())
    return [name for name, words in written.items() if count[words] > 1]


def _shared_beginning(names: Sequence[str]) -> int:
    """How many letters all of them begin with alike."""
    return sum(1 for _ in takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False)))
