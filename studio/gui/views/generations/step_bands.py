"""One band a step of a chain, with its own test curve; in further rows where one is full."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.theme import scaled
from studio.gui.views.charts.curve_thinning import thin
from studio.gui.views.charts.strokes import Stroke, make_pen

#: Pixels: a band's height, its least width, the gap between two.
HEIGHT, NARROWEST, GAP = 52, 112, 4


@dataclass(frozen=True, eq=False)
class Band:
    """One step.

    Attributes:
        title: of the step; ``words``: what it reached, or how far it is.
        through: how much of it is done at each reading, a fraction, (n,); ``error``: in percent, (n,).
        learns: whether it is the one that learns now.
    """

    title: str
    words: str
    stroke: Stroke
    through: np.ndarray
    error: np.ndarray
    learns: bool = False


class StepBands(GuardedOverrides, QWidget):
    """Bands beside each other on one scale: 100 % error at the top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bands: tuple[Band, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Test error of each step while it learnt"))
        theme.notifier().changed.connect(self._restyle)

    def show_bands(self, bands: tuple[Band, ...]) -> None:
        """Show these steps."""
        if [_key(band) for band in bands] == [_key(band) for band in self._bands]:
            return
        self._bands = bands
        self.setAccessibleDescription("; ".join(f"{band.title}: {band.words}" for band in bands))
        self._fit_height()
        self.update()

    @property
    def bands(self) -> tuple[Band, ...]:
        """What is shown."""
        return self._bands

    def rects(self) -> list[QRectF]:
        """Where each band stands."""
        columns = self._columns()
        width = (self.width() - (columns - 1) * GAP) / columns
        return [
            QRectF(
                (i % columns) * (width + GAP),
                (i // columns) * (scaled(HEIGHT) + GAP),
                width,
                scaled(HEIGHT),
            )
            for i in range(len(self._bands))
        ]

    def _columns(self) -> int:
        """How many stand in a row: as many rows as it takes, all of about equal length."""
        count = max(1, len(self._bands))
        most = max(1, int((self.width() + GAP) // (scaled(NARROWEST) + GAP)))
        rows = -(-count // most)
        return -(-count // rows)

    def _restyle(self) -> None:
        self._fit_height()
        self.update()

    def _fit_height(self) -> None:
        rows = -(-max(1, len(self._bands)) // self._columns())
        height = rows * (scaled(HEIGHT) + GAP) - GAP
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Band after band."""
        painter = QPainter(self)
        errors = [band.error[np.isfinite(band.error)] for band in self._bands]
        low = min((float(error.min()) for error in errors if len(error)), default=0.0)
        for band, rect in zip(self._bands, self.rects(), strict=True):
            _paint_band(painter, band, rect, low)
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(240, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer fit beside each other in less width."""
        super().resizeEvent(event)
        self._fit_height()

    def event(self, event: QEvent) -> bool:
        """A tool tip says what a band says: its words may be cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            pairs = zip(self._bands, self.rects(), strict=True)
            found = next((band for band, rect in pairs if rect.contains(QPointF(event.pos()))), None)
            QToolTip.showText(event.globalPos(), plain_tip(f"{found.title}: {found.words}") if found else "", self)
            return True
        return super().event(event)


def _key(band: Band) -> tuple[object, ...]:
    """What tells a band from another: curves only grow or are cut, so their length and end tell whether they are the same."""
    end = (float(band.through[-1]), float(band.error[-1])) if len(band.through) else ()
    return (band.title, band.words, band.stroke, band.learns, len(band.through), end)


def _paint_band(painter: QPainter, band: Band, rect: QRectF, low: float) -> None:
    """The ground, the curve from the upper left, title and words at the upper right, where the curve is low."""
    colors = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.color("stage_band"))
    painter.drawRoundedRect(rect, 4, 4)
    inner = rect.adjusted(4, 4, -4, -5)
    x, y = thin(band.through, band.error, max(8, int(inner.width())))
    if len(x):
        pixels_x = inner.left() + np.clip(x, 0, 1) * inner.width()
        pixels_y = inner.top() + np.clip((100 - y) / max(1e-6, 100 - low), 0, 1) * inner.height()
        line = QPolygonF([QPointF(a, b) for a, b in zip(pixels_x, pixels_y, strict=True)])
        painter.setPen(make_pen(Stroke(band.stroke.role, band.stroke.index, width=1.5, solid=True)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)
        if band.learns:
            painter.setPen(QPen(colors.color("accent"), 1))
            painter.drawLine(QPointF(pixels_x[-1], rect.top() + 2), QPointF(pixels_x[-1], rect.bottom() - 2))
    _paint_words(painter, theme.font("section"), "text", rect.adjusted(8, scaled(4), -6, 0), band.title)
    tone = "accent" if band.learns else "text2"
    _paint_words(painter, theme.font("axis"), tone, rect.adjusted(8, scaled(19), -6, 0), band.words)


def _paint_words(painter: QPainter, font: QFont, tone: str, rect: QRectF, words: str) -> None:
    """At the right, the curve behind them covered."""
    metrics = QFontMetricsF(font)
    elided = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    width = metrics.horizontalAdvance(elided)
    place = QRectF(rect.right() - width, rect.top(), width + 1, metrics.height())
    painter.fillRect(place.adjusted(-2, 1, 0, 0), theme.current().color("stage_band"))
    painter.setFont(font)
    painter.setPen(theme.current().color(tone))
    painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, elided)
