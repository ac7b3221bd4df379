"""The lines of a run's events, many readings of the loss at a time: a long run has a million of them.

Readings are nearly all there is in a long file, and one after the other they differ in their numbers alone. So all that are
written as the one before are read by one regular expression, ten times as fast as one by one. Whatever is written otherwise
is read as a line of its own.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

import numpy as np

from studio.events import Event, TermKind, Terms
from studio.runs.files.event_codec import MAX_LINE, from_line

#: Bytes read at a time: a few hundred lines, so that other threads have their turn.
CHUNK = 131_072
#: A number as JSON writes it, if it is below 1e117; others, and what is no number, are read one by one. (Nothing is given
#: back once it is matched: that halves the time.)
_NUMBER = r"-?+\d{1,17}+(?:\.\d++)?+(?:e[+-]?+\d{1,2}+)?+"
_WHOLE = r"\d{1,15}+"
#: Where weights were others more often than this, they go on changing.
_FEW = 2


@dataclass(frozen=True)
class Readings:
    """Readings of the same terms, one after the other.

    Attributes:
        steps: (n,) float64.
        epoch: of the last.
        terms: name to kind, values (n,) and weights (n,).
        pictures_per_second: (n,).
    """

    steps: np.ndarray
    epoch: int
    terms: Mapping[str, tuple[TermKind, np.ndarray, np.ndarray]]
    pictures_per_second: np.ndarray


def read_lines(stream: BinaryIO) -> Iterator[Event | Readings]:
    """What the lines say, in order. A torn or damaged line is passed over, and so are kinds this version does not know."""
    alike: _LinesAlike | None = None
    changes = 0
    for lines in _whole_lines(stream):
        other: Terms | None = None
        weights = set[tuple[float, ...]]()
        for part in alike.split(lines) if alike is not None else lines.split(b"\n"):
            if isinstance(part, Readings):
                yield part
            elif part and (read := from_line(part)) is not None:
                yield read.event
                if isinstance(read.event, Terms):
                    other = read.event
                    weights.add(tuple(reading.weight for reading in other.terms.values()))
        if other is not None:
            changes += len(weights)
            alike = _LinesAlike(other, weights_change=changes > _FEW)


class _LinesAlike:
    """All lines that are written as the one of this event, but for their numbers.

    Args:
        weights_change: whether weights are among these numbers, or are those of the event in every line.
    """

    def __init__(self, event: Terms, *, weights_change: bool) -> None:
        self._kinds: dict[str, TermKind] = {name: reading.kind for name, reading in event.terms.items()}
        self._weights = None if weights_change else [reading.weight for reading in event.terms.values()]
        terms = ",".join(
            rf'{_written(name)}:\{{"value":({_NUMBER}),"weight":{weight},"kind":{_written(kind)}\}}'
            for (name, kind), weight in zip(self._kinds.items(), self._weight_patterns(), strict=True)
        )
        line = (
            rf'\{{"seq":{_WHOLE},"time":{_NUMBER},"kind":"terms","stage":{_written(event.stage)},"epoch":({_WHOLE}),'
            rf'"step":({_WHOLE}),"terms":\{{{terms}\}},"learning_rate":{_NUMBER},"pictures_per_second":({_NUMBER})\}}'
        )
        self._pattern = re.compile(rf"(?:{line}|(.*))\n".encode())

    def split(self, lines: bytes) -> Iterator[Readings | bytes]:
        """The readings, as many at a time as stand one after the other, and every line that is none of them."""
        found = self._pattern.findall(lines)
        begin = 0
        for at in [i for i, groups in enumerate(found) if not groups[0]]:
            if at > begin:
                yield self._readings(found[begin:at])
            yield found[at][-1]
            begin = at + 1
        if begin < len(found):
            yield self._readings(found[begin:])

    def _weight_patterns(self) -> list[str]:
        """What is written for the weight of each term."""
        if self._weights is None:
            return [f"({_NUMBER})"] * len(self._kinds)
        return [_written(weight) if math.isfinite(weight) else "(?!)" for weight in self._weights]

    def _readings(self, found: list[tuple[bytes, ...]]) -> Readings:
        numbers = np.fromiter(map(float, chain.from_iterable(groups[1:-1] for groups in found)), np.float64)
        columns = iter(numbers.reshape(len(found), -1).T)  # step, value (and weight) of each term, pictures a second
        steps = next(columns)
        terms: dict[str, tuple[TermKind, np.ndarray, np.ndarray]] = {}
        for i, (name, kind) in enumerate(self._kinds.items()):
            value = next(columns)
            weight = next(columns) if self._weights is None else np.full(len(found), self._weights[i])
            terms[name] = (kind, value, weight)
        return Readings(steps, int(found[-1][0]), terms, next(columns))


def _written(value: str | float) -> str:
    """A pattern for a value as it is written."""
    return re.escape(json.dumps(value, ensure_ascii=False))


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file, cut at ends of lines. A last line without an end is left out, and so is one that is too long."""
    rest: list[bytes] = []  # joined when its end has come: a file without ends of lines is not copied again and again
    held = 0
    while data := stream.read(CHUNK):
        end = data.rfind(b"\n") + 1
        if end:
            yield b"".join((*rest, data[:end]))
            rest, held, data = [], 0, data[end:]
        rest.append(data)
        held += len(data)
        if held > MAX_LINE:
            rest, held = [b"\0"], 1  # its end will be no line of ours
