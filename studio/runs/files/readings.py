"""The lines of a run's events, many readings of the loss at a time: a long run has a million of them.

Readings are nearly all there is in a long file, and one after the other they differ in their numbers alone. So all that are
written as the one before are read by one regular expression, ten times as fast as one by one. Whatever is written otherwise
is read as a line of its own.
"""

from __future__ import annotations

import json
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
#: A number as JSON writes it, if it is below 1e117; others, and what is no number, are read one by one.
_NUMBER = r"-?\d{1,17}(?:\.\d+)?(?:e[+-]?\d{1,2})?"


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
    for lines in _whole_lines(stream):
        other: Terms | None = None
        for part in alike.split(lines) if alike is not None else lines.split(b"\n"):
            if isinstance(part, Readings):
                yield part
            elif part and (read := from_line(part)) is not None:
                yield read.event
                other = read.event if isinstance(read.event, Terms) else other
        if other is not None:
            alike = _LinesAlike(other)


class _LinesAlike:
    """All lines that are written as the one of this event, but for their numbers."""

    def __init__(self, event: Terms) -> None:
        self._kinds: dict[str, TermKind] = {name: reading.kind for name, reading in event.terms.items()}
        terms = ",".join(
            rf'{_quoted(name)}:\{{"value":({_NUMBER}),"weight":({_NUMBER}),"kind":{_quoted(kind)}\}}'
            for name, kind in self._kinds.items()
        )
        line = (
            rf'\{{"seq":\d+,"time":{_NUMBER},"kind":"terms","stage":{_quoted(event.stage)},"epoch":(\d{{1,15}}),'
            rf'"step":(\d{{1,15}}),"terms":\{{{terms}\}},"learning_rate":{_NUMBER},"pictures_per_second":({_NUMBER})\}}'
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

    def _readings(self, found: list[tuple[bytes, ...]]) -> Readings:
        numbers = np.fromiter(map(float, chain.from_iterable(groups[:-1] for groups in found)), np.float64)
        columns = numbers.reshape(len(found), -1).T  # epoch, step, value and weight of each term, pictures a second
        terms = {
            name: (kind, columns[2 + 2 * i], columns[3 + 2 * i]) for i, (name, kind) in enumerate(self._kinds.items())
        }
        return Readings(columns[1], int(columns[0, -1]), terms, columns[-1])


def _quoted(word: str) -> str:
    return re.escape(json.dumps(word, ensure_ascii=False))


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file, cut at ends of lines. A last line without an end is left out, and so is one that is too long."""
    rest = b""
    while data := stream.read(CHUNK):
        data = rest + data
        end = data.rfind(b"\n") + 1
        if end:
            yield data[:end]
        rest = data[end:]
        if len(rest) > MAX_LINE:
            rest = b"\0"  # its end will be no line of ours
