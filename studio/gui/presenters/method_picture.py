"""The small picture of a method on its help page, as SVG in the colours of the theme (``@teacher``, ``@run``, ...).

The networks, and where they are tapped, are drawn from what the method says of itself. A file beside the page adds what
is particular to a method: there the line ``@networks`` stands for the two networks, ``@taps`` for the points that are
compared. A method without a file gets a plain drawing of the kind of thing it compares.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from studio import catalog
from studio.core.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.methods.base import AnyMethod, Compares

_NAME = re.compile(r"method-(\w+)\.svg")
_MARK = re.compile(r"^ *@(networks|taps)$", re.MULTILINE)
#: Colour, height of the middle line, and heights of the three groups, of teacher and student.
_ROWS = (("teacher", 42, (40, 36, 32)), ("run", 106, (24, 21, 18)))
#: Left ends of the three groups; their width, narrower where there must be room for the ReLU behind them.
_LEFT, _WIDTH, _NARROW = (20, 72, 124), 34, 26
#: Where taps are, from the stem's to the last group's: behind a group, and between a group and its ReLU.
_OUT, _PRE = (14, 63, 115, 166), (14, 51, 103, 155)
#: Share of full height of the bars of an answer, teacher's and student's.
_BARS = ((0.19, 0.99, 0.52, 0.10), (0.23, 0.83, 0.47, 0.16))


def method_picture(name: str, own: str | None) -> str | None:
    """The picture ``name``.

    Args:
        name: of the file, ``method-<key>.svg``; every other name is no method's.
        own: what stands in that file; None where there is none.

    Returns:
        The whole SVG; ``own`` as it is where it has no marks, None where there is neither a file nor such a method.
    """
    found = _NAME.fullmatch(name)
    if found is None or (own is not None and not _MARK.search(own)):
        return own
    try:
        drawn = _MethodPicture(found[1])
    except StudioError:
        return own
    return drawn.whole() if own is None else _MARK.sub(lambda mark: drawn.marked(mark[1]), own)


class _MethodPicture:
    def __init__(self, key: str) -> None:
        # with it comes the engine, which a window that has just opened does without
        from studio.insight.tap_points import GROUPS, tap_points

        method: AnyMethod = catalog.find("method", key)
        self._words = method.words
        self._compares = method.compares
        self._rows = _ROWS if method.needs.teacher else _ROWS[1:]
        points = tap_points(key)
        self._before_relu = any(kind == "pre" for _, kind in points)
        self._tapped = [
            (_PRE if (group, "pre") in points else _OUT)[number]
            for number, group in enumerate(GROUPS)
            if {(group, "pre"), (group, "out")} & points
        ]
        if not points and self._compares == "relations":
            self._tapped = [_OUT[-1]]

    def marked(self, mark: str) -> str:
        """What a mark of a file stands for."""
        return "\n".join(self._networks() if mark == "networks" else self._taps())

    def whole(self) -> str:
        """The picture of a method that has no file of its own."""
        lines = [*self._networks(), *self._taps(), *_EMBLEMS[self._compares]()]
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="138" viewBox="0 0 240 138">'
        return "\n".join([head, f"<title>{escape(self._words)}</title>", *lines, "</svg>"])

    def _networks(self) -> list[str]:
        width, head = (_NARROW, 176) if self._before_relu else (_WIDTH, 174)
        aside = 2 if self._compares == "gradients" else 0  # where their way back takes the room
        lines = []
        for color, y, heights in self._rows:
            lines.append(_word(20, 14 - aside, "teacher") if color == "teacher" else _word(20, 132 + aside, "student"))
            lines.append(_line(8, y, _LEFT[0], y))
            for left, height, following in zip(_LEFT, heights, (*_LEFT[1:], head), strict=True):
                lines.append(_box(left, y - height / 2, width, height, 4, color))
                start = left + width
                if self._before_relu:
                    lines.append(_line(start, y, start + 8, y))
                    lines.append(_path(f"M{start + 9} {y + 4}H{start + 15}L{start + 20} {y - 4}", color))
                    start += 21
                lines.append(_line(start, y, following, y))
            lines.append(_box(head, y - 7, 12, 14, 3, color))
        return lines

    def _taps(self) -> list[str]:
        lines = []
        for x in self._tapped:
            lines += [_dot(x, y, 3, "accent") for _, y, _ in _ROWS]
            lines += _arrow(x, 48, 100, dashed=True)
        return lines


# --- what is compared -------------------------------------------------------------------------------------------------


def _answers() -> list[str]:
    lines = []
    for (color, y, _), bars in zip(_ROWS, _BARS, strict=True):
        lines.append(_line(186, y, 198, y))
        lines += [_bar(202 + 7 * n, y + 13 - 25 * height, 5, 25 * height, color) for n, height in enumerate(bars)]
    return [*lines, *_arrow(215, 60, 90)]


def _attention() -> list[str]:
    lines = []
    for (color, y, _), x in zip(_ROWS, (215.5, 217), strict=True):
        lines.append(_box(202, y - 15, 30, 30, 2, "text3", 1))
        lines += [_dot(x, y - 2, radius, color, opacity) for radius, opacity in ((10.5, 0.25), (6.3, 0.45), (2.8, 1))]
    return lines


def _maps() -> list[str]:
    """Maps of several channels, one behind the other."""
    lines = []
    for color, y, _ in _ROWS:
        lines += [_bar(202 + 5 * n, y - 13 + 5 * n, 20, 16, color, 0.2 + 0.2 * n) for n in range(3)]
    return lines


def _relations() -> list[str]:
    lines = []
    for (color, y, _), corners in zip(
        _ROWS, (((203, -14), (231, -4), (207, 15)), ((206, -9), (227, -2), (208, 12))), strict=True
    ):
        ends = [(x, y + off) for x, off in corners]
        lines += [
            _path(f"M{a[0]} {a[1]}L{b[0]} {b[1]}", color, 1) for a, b in zip(ends, ends[1:] + ends[:1], strict=True)
        ]
        lines += [_dot(x, at, 3, color) for x, at in ends]
    return lines


def _gradients() -> list[str]:
    """From the end of each network back to its input."""
    lines = []
    for (color, y, _), far, near in zip(_ROWS, (18, 123), (32, 116), strict=True):
        side = -7 if far < y else 7
        lines += [_dot(8, y, 3, color), _line(186, y, 198, y)]
        lines += [_path(f"M192 {y + side}V{far}H8", "accent", dashed=True)]
        lines += _arrow(8, far, near)
    return lines


_EMBLEMS: dict[Compares, Callable[[], list[str]]] = {
    "nothing": list,
    "answers": _answers,
    "attention": _attention,
    "features": _maps,
    "relations": _relations,
    "gradients": _gradients,
}

# --- strokes ----------------------------------------------------------------------------------------------------------


def _path(way: str, color: str, width: float = 1.5, *, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="3 3"' if dashed else ""
    return f'<path d="{way}" fill="none" stroke="@{color}" stroke-width="{width}"{dashes}/>'


def _line(x0: float, y0: float, x1: float, y1: float) -> str:
    return _path(f"M{x0} {y0}L{x1} {y1}", "text3", 1)


def _arrow(x: float, start: float, end: float, *, dashed: bool = False) -> list[str]:
    """Straight down, or up."""
    back = end - 4.4 if end > start else end + 4.4
    head = _path(f"M{x - 2.4} {back}L{x} {end}L{x + 2.4} {back}", "accent")
    return [_path(f"M{x} {start}L{x} {end}", "accent", dashed=dashed), head]


def _box(x: float, y: float, width: float, height: float, radius: float, color: str, stroke: float = 1.5) -> str:
    size = f'x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"'
    return f'<rect {size} fill="none" stroke="@{color}" stroke-width="{stroke}"/>'


def _bar(x: float, y: float, width: float, height: float, color: str, opacity: float = 1) -> str:
    return f'<rect x="{x}" y="{y:.1f}" width="{width}" height="{height:.1f}" fill="@{color}" fill-opacity="{opacity:.2f}"/>'


def _dot(x: float, y: float, radius: float, color: str, opacity: float = 1) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="@{color}" fill-opacity="{opacity}"/>'


def _word(x: float, y: float, word: str) -> str:
    return f'<text x="{x}" y="{y}" font-family="Inter" font-size="11" fill="@text2">{word}</text>'
