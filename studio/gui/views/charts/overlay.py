"""What stands above and beside the curves of a plot, painted in pixels: the moment, dots, markers, names at the lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from studio.gui import theme
from studio.gui.views.charts.placing import Box, LineName, place
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.swatch import paint_marker, paint_swatch

Pixels = tuple[np.ndarray, np.ndarray]
#: Room for the swatch in front of a name: a square for a run, a piece of its line for a reference.
SAMPLE, LINE_SAMPLE = 14, 20
#: How much of a name may lie over another.
MOST_COVERED = 0.2


@dataclass(frozen=True)
class OverlayLine:
    """A curve in a plot. ``key`` says which curve it is from one drawing to the next.

    ``label`` stands at the line (none if empty); ``dot`` marks its last point: it is still growing.
    """

    key: str
    x: np.ndarray = field(compare=False)
    y: np.ndarray = field(compare=False)
    stroke: Stroke = field(default_factory=Stroke)
    label: str = ""
    bold: bool = False
    dot: bool = False


@dataclass(frozen=True)
class OverlayBand:
    """A tinted stretch: upright (of x, a stage) or lying (of y, an interval)."""

    begin: float
    end: float
    label: str = ""
    lying: bool = False


def paint_overlay(
    painter: QPainter,
    area: QRectF,
    to_pixels: Callable[[np.ndarray, np.ndarray], Pixels],
    lines: Sequence[OverlayLine],
    bands: Sequence[OverlayBand],
    moment: float | None,
    note: str,
) -> None:
    """Paint over the scene of a plot.

    Args:
        area: where curves are drawn, in pixels.
        to_pixels: pixels for values of the axes.
        lines: the curves, as they are drawn.
        bands: the stretches behind them; upright ones show their names.
        moment: the x of the upright line; None for none.
        note: a sentence for the middle; none if empty.
    """
    _paint_band_names(painter, area, to_pixels, bands)
    if moment is not None:
        at = float(to_pixels(np.array([moment]), np.zeros(1))[0][0])
        painter.fillRect(QRectF(round(at), area.top(), 1, area.height()), theme.current().color("accent"))
    drawn = [(line, to_pixels(line.x, line.y)) for line in lines if len(line.x)]
    for line, (x, y) in drawn:
        if line.stroke.marker:
            tenths = np.linspace(area.left(), area.right(), 11)
            for at in tenths[(tenths >= x[0]) & (tenths <= x[-1])]:
                _paint_mark(painter, QPointF(at, np.interp(at, x, y)), line.stroke)
        if line.dot or len(x) == 1:
            _paint_mark(painter, QPointF(x[-1], y[-1]), line.stroke, dot=True)
    _paint_names(painter, area, drawn)
    if note:
        painter.setFont(theme.font("explain"))
        painter.setPen(theme.current().color("text3"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(16, 0, -16, 0), int(flags), note)


def _paint_names(painter: QPainter, area: QRectF, drawn: Sequence[tuple[OverlayLine, Pixels]]) -> None:
    """Names in text colour behind a swatch, each where it finds room; the bold one has the first choice.

    A name without room is left out: two written over each other could neither be read.
    """
    named = [(line, pixels) for line, pixels in drawn if line.label]
    named.sort(key=lambda pair: (not pair[0].bold, pair[0].stroke.role == "run"))
    names = []
    for line, (x, y) in named:
        metrics = QFontMetricsF(_font(line))
        width = metrics.horizontalAdvance(line.label) + 8 + _sample(line)
        beside = line.dot and x[-1] + 6 + width < area.right()
        left = x[-1] + 6 if beside else min(x[-1], area.right()) - width
        names.append(LineName(width, metrics.height() + 2, left, (x, y)))
    room = Box(area.left() + 2, area.top(), max(1.0, area.width() - 4), max(1.0, area.height()))
    boxes = place(names, [pixels for _, pixels in drawn], room)
    for i, ((line, _), box) in enumerate(zip(named, boxes, strict=True)):
        if all(box.overlap(earlier) <= MOST_COVERED for earlier in boxes[:i]):
            _paint_name(painter, QRectF(box.x, box.y, box.width, box.height), line)


def _paint_name(painter: QPainter, rect: QRectF, line: OverlayLine) -> None:
    colors = theme.current()
    painter.fillRect(rect.adjusted(0, 1, 0, -1), colors.color("surface"))
    if line.stroke.role == "run":
        if line.stroke.marker:
            paint_swatch(painter, QRectF(rect.left(), rect.top(), 18, rect.height()), "run", line.stroke.index)
        else:
            painter.fillRect(QRectF(rect.left() + 4, round(rect.center().y()) - 4, 8, 8), line.stroke.color)
    else:  # a name may stand nearer to another line than to its own
        paint_swatch(painter, QRectF(rect.left() + 2, rect.top(), 18, rect.height()), line.stroke.role)
    rect.setLeft(rect.left() + _sample(line))
    painter.setPen(colors.color("text"))
    painter.setFont(_font(line))
    painter.drawText(rect.adjusted(4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, line.label)


def _sample(line: OverlayLine) -> int:
    return SAMPLE if line.stroke.role == "run" else LINE_SAMPLE


def _font(line: OverlayLine) -> QFont:
    font = theme.font("axis")
    if line.bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def _paint_band_names(
    painter: QPainter, area: QRectF, to_pixels: Callable[[np.ndarray, np.ndarray], Pixels], bands: Sequence[OverlayBand]
) -> None:
    painter.setFont(theme.font("axis"))
    painter.setPen(theme.current().color("text3"))
    metrics = QFontMetricsF(painter.font())
    for band in bands:
        if not band.label or band.lying:
            continue
        ends, _ = to_pixels(np.array([band.begin, band.end]), np.zeros(2))
        rect = QRectF(ends[0], area.top() + 0.18 * area.height(), ends[1] - ends[0], metrics.height())
        if rect.width() >= metrics.horizontalAdvance(band.label) + 4:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, band.label)


def _paint_mark(painter: QPainter, at: QPointF, stroke: Stroke, dot: bool = False) -> None:
    """A dot at an end that still grows, or the marker of a run that shares its colour; rimmed, so that lines pass under."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.current().color("surface"), 2 if dot else 1))
    painter.setBrush(stroke.color)
    paint_marker(painter, at, "circle" if dot else stroke.marker, 5 if dot else 3.5)
    painter.restore()
