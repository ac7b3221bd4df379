"""Names of runs in little room: what tells a run from the others stays, what they share is cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise, takewhile

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

#: Between the name of an experiment and what tells its runs apart: ``Soft targets on Digits, weight 20, seed 1``.
_SEPARATOR = ", "
#: Characters of the beginning without which a name is no longer recognised.
_LEAST = "Abc…"
#: The share of the room that the beginning has where what must stay is long: it tells the method.
_BEGINNING = 0.25


def begin_apart(names: Iterable[str]) -> Mapping[str, int]:
    """By name the place from which on it differs from the others; 0 where it does from its first word on.

    Of runs of one experiment that is what stands behind its name, else the first word that the name next to it in the
    alphabet has not.
    """
    titles = {name: name.partition(_SEPARATOR)[0] for name in names}
    count = Counter(titles.values())
    in_order = sorted(count)
    shared = dict.fromkeys(in_order, 0)
    for one, other in pairwise(in_order):
        same = takewhile(lambda words: words[0] == words[1], zip(one.split(" "), other.split(" "), strict=False))
        length = sum(len(word) + 1 for word, _ in same)
        shared[one], shared[other] = max(shared[one], length), max(shared[other], length)
    return {name: len(title) if count[title] > 1 else max(0, shared[title] - 1) for name, title in titles.items()}


def elided_name(name: str, apart: int, metrics: QFontMetricsF, room: float) -> str:
    """A name in a width of ``room``.

    Args:
        name: in full.
        apart: where what must stay begins, see :func:`begin_apart`.
    """
    if metrics.horizontalAdvance(name) <= room:
        return name
    shared, own = name[:apart], name[apart:]
    left = room - metrics.horizontalAdvance(own)
    if shared and own and max(left, room * _BEGINNING) >= metrics.horizontalAdvance(_LEAST):
        begun = metrics.elidedText(shared.rstrip(), Qt.TextElideMode.ElideRight, max(left, room * _BEGINNING))
        left = room - metrics.horizontalAdvance(begun)
        return begun + metrics.elidedText(own, Qt.TextElideMode.ElideMiddle, left)
    if shared and own:
        return metrics.elidedText("…" + own.removeprefix(_SEPARATOR), Qt.TextElideMode.ElideMiddle, room)
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
