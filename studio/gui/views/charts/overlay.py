"""What stands above and beside the curves of a plot, painted in pixels: the moment, dots, markers, names at the lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from studio.gui import theme
from studio.gui.views.charts.line_names import PlacedName, line_end, paint_name, place_names
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.swatch import paint_marker

Pixels = tuple[np.ndarray, np.ndarray]
#: Where the name of a band may stand, as shares of the height of a plot: at the first that no curve crosses.
HEIGHTS = (0.18, 0.02, 0.9, 0.35, 0.5, 0.7)


@dataclass(frozen=True)
class OverlayLine:
    """A curve in a plot. ``key`` says which curve it is from one drawing to the next.

    ``label`` stands at the line (none if empty), ``brief`` where there is little room; ``name`` is whose it is, told
    with the value under the pointer, the label if empty. ``dot`` marks its last point: it is still growing. ``spread``
    is the lower and the upper border of the band around it, (n,) each.
    """

    key: str
    x: np.ndarray = field(compare=False)
    y: np.ndarray = field(compare=False)
    stroke: Stroke = field(default_factory=Stroke)
    label: str = ""
    bold: bool = False
    dot: bool = False
    brief: str = ""
    name: str = ""
    spread: tuple[np.ndarray, np.ndarray] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class OverlayBand:
    """A tinted stretch: upright (of x, a stage) or lying (of y, an interval)."""

    begin: float
    end: float
    label: str = ""
    lying: bool = False


class Overlay:
    """Paints over the scene of a plot. What is dear to find, the places of names, is kept until lines or room are others."""

    def __init__(self) -> None:
        self._lines: tuple[OverlayLine, ...] = ()
        self._drawn: list[tuple[OverlayLine, Pixels]] = []
        self._names: list[PlacedName] = []
        self._room: tuple[object, ...] = ()

    @property
    def names(self) -> tuple[PlacedName, ...]:
        """The names as they stood at the last painting."""
        return tuple(self._names)

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        to_pixels: Callable[[np.ndarray, np.ndarray], Pixels],
        lines: Sequence[OverlayLine],
        bands: Sequence[OverlayBand],
        moment: float | None,
        note: str,
        names: tuple[float, bool] = (0.0, False),
    ) -> None:
        """Paint.

        Args:
            area: where curves are drawn, in pixels.
            to_pixels: pixels for values of the axes.
            lines: the curves, as they are drawn.
            bands: the stretches behind them; upright ones show their names.
            moment: the x of the upright line; None for none.
            note: a sentence for the middle; none if empty.
            names: how wide the column beside the curves is in which their names stand, and whether they are brief.
        """
        self._find(area, to_pixels, lines, names)
        _paint_band_names(painter, area, to_pixels, bands, [pixels for _, pixels in self._drawn])
        if moment is not None:
            at = float(to_pixels(np.array([moment]), np.zeros(1))[0][0])
            painter.fillRect(QRectF(round(at), area.top(), 1, area.height()), theme.current().color("accent"))
        for line, (x, y) in self._drawn:
            if line.stroke.marker:
                tenths = np.linspace(area.left(), area.right(), 11)
                inside = tenths[(tenths >= x[0]) & (tenths <= x[-1])]
                _paint_marks(painter, inside, np.interp(inside, x, y), line.stroke)
            if line.dot or len(x) == 1:
                _paint_marks(painter, x[-1:], y[-1:], line.stroke, dot=True)
        for name in self._names:
            paint_name(painter, name, area)
        if note:
            painter.setFont(theme.font("explain"))
            painter.setPen(theme.current().color("text3"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(16, 0, -16, 0), int(flags), note)

    def _find(
        self,
        area: QRectF,
        to_pixels: Callable[[np.ndarray, np.ndarray], Pixels],
        lines: Sequence[OverlayLine],
        names: tuple[float, bool],
    ) -> None:
        """The lines in pixels and the places of their names, where they are not those of the last painting."""
        corners = to_pixels(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
        room = (area.getRect(), *(float(value) for side in corners for value in side), theme.font("axis"), names)
        same = len(lines) == len(self._lines) and all(
            one == other and one.x is other.x and one.y is other.y
            for one, other in zip(lines, self._lines, strict=False)
        )
        if same and room == self._room:
            return
        self._lines, self._room = tuple(lines), room
        known = [(line, np.isfinite(line.y)) for line in lines]
        self._drawn = [(line, to_pixels(line.x[there], line.y[there])) for line, there in known if there.any()]
        ends = [
            line_end(line.stroke, line.label, line.brief, line.bold, pixels)
            for line, pixels in self._drawn
            if line.label
        ]
        self._names = place_names(ends, area, *names) if names[0] else []


def _paint_band_names(
    painter: QPainter,
    area: QRectF,
    to_pixels: Callable[[np.ndarray, np.ndarray], Pixels],
    bands: Sequence[OverlayBand],
    curves: Sequence[Pixels],
) -> None:
    painter.setFont(theme.font("axis"))
    painter.setPen(theme.current().color("text3"))
    metrics = QFontMetricsF(painter.font())
    for band in bands:
        if not band.label or band.lying:
            continue
        ends, _ = to_pixels(np.array([band.begin, band.end]), np.zeros(2))
        wide = metrics.horizontalAdvance(band.label) + 4
        if ends[1] - ends[0] >= wide:
            rect = QRectF((ends[0] + ends[1] - wide) / 2, area.top(), wide, metrics.height())
            painter.drawText(free_place(rect, area.height(), curves), Qt.AlignmentFlag.AlignCenter, band.label)


def free_place(words: QRectF, height: float, curves: Sequence[Pixels]) -> QRectF:
    """Where words can be read: moved down to the first of some heights at which no curve crosses them, else to the first.

    Args:
        words: what they take, at the upper edge of the plot.
        height: of the plot, in pixels.
        curves: x and y in pixels, x in order.
    """
    places = [words.translated(0, share * height) for share in HEIGHTS]
    return next((place for place in places if not any(_crosses(place, curve) for curve in curves)), places[0])


def _crosses(place: QRectF, curve: Pixels) -> bool:
    """Whether a curve passes through a rectangle."""
    x, y = curve
    left, right = max(place.left(), float(x[0])), min(place.right(), float(x[-1]))
    if left > right:
        return False
    inside = (x > left) & (x < right)
    heights = np.concatenate([np.interp([left], x, y), y[inside], np.interp([right], x, y)])
    upper, lower = np.minimum(heights[:-1], heights[1:]), np.maximum(heights[:-1], heights[1:])
    return bool(((upper < place.bottom()) & (lower > place.top())).any())


def _paint_marks(painter: QPainter, xs: np.ndarray, ys: np.ndarray, stroke: Stroke, dot: bool = False) -> None:
    """Dots at an end that still grows, or the markers of a run that shares its colour; rimmed, so that lines pass under."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.current().color("surface"), 2 if dot else 1))
    painter.setBrush(stroke.color)
    marker, radius = ("circle", 5.0) if dot else (stroke.marker, 3.5)
    for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
        paint_marker(painter, QPointF(x, y), marker, radius)
    painter.restore()
