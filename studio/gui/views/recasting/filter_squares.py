"""First filters as small squares, each in its own colours."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.swatch import paint_swatch

#: Pixels: the words above, the largest and the smallest square, the gap between two, and between two networks.
HEAD, LARGEST, SMALLEST, GAP, BETWEEN = 20, 26, 8, 3, 24


class FilterSquares(GuardedOverrides, QWidget):
    """The filters of two networks beside each other, those of the larger given more room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[tuple[str, Stroke, list[QImage]]] = []
        theme.keep_length(self, QWidget.setMinimumHeight, HEAD + 2 * (SMALLEST + GAP))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("First filters before and after"))
        theme.notifier().changed.connect(self.update)

    def show_filters(self, filters: list[tuple[str, Stroke, np.ndarray]]) -> None:
        """Show these networks' filters.

        Args:
            filters: for each network its words, its stroke, and its filters, (N, C, k, k) with C 1 or 3.
        """
        self._shown = [(words, stroke, [_image(one) for one in array]) for words, stroke, array in filters]
        self.setAccessibleDescription("; ".join(words for words, _, _ in self._shown))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 110)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Network after network."""
        painter = QPainter(self)
        total = sum(len(images) for _, _, images in self._shown)
        room = self.width() - BETWEEN * (len(self._shown) - 1)
        left = 0.0
        for words, stroke, images in self._shown:
            # in proportion to their number, but no less than the words above take
            width = max(110.0, room * len(images) / max(1, total))
            self._paint(painter, words, stroke, images, QRectF(left, 0, width, self.height()))
            left += width + BETWEEN
        painter.end()

    def _paint(self, painter: QPainter, words: str, stroke: Stroke, images: list[QImage], area: QRectF) -> None:
        paint_swatch(painter, QRectF(area.left(), 0, 18, scaled(HEAD) - 4), stroke.role, stroke.index)
        painter.setFont(theme.font("section"))
        painter.setPen(theme.current().color("text"))
        painter.drawText(QRectF(area.left() + 22, 0, area.width(), scaled(HEAD) - 4), words)
        side, columns = _fit(len(images), area.width(), area.height() - scaled(HEAD))
        for number, image in enumerate(images):
            x = area.left() + (number % columns) * (side + GAP)
            y = scaled(HEAD) + (number // columns) * (side + GAP)
            painter.drawImage(QRectF(x, y, side, side), image)


def _fit(number: int, width: float, height: float) -> tuple[float, int]:
    """The largest side with which so many squares find room, and how many stand in a row."""
    for side in range(LARGEST, SMALLEST, -1):
        columns = max(1, int((width + GAP) // (side + GAP)))
        if -(-number // columns) * (side + GAP) - GAP <= height:
            return float(side), columns
    return float(SMALLEST), max(1, int((width + GAP) // (SMALLEST + GAP)))


def _image(weights: np.ndarray) -> QImage:
    """A filter, (C, k, k): its least value dark, its largest bright; one that is alike everywhere is grey."""
    low, high = float(weights.min()), float(weights.max())
    scaled = (weights - low) / (high - low) if high > low else np.full_like(weights, 0.5)
    pixels = np.rint(255 * np.repeat(scaled, 3 // len(scaled), axis=0)).astype(np.uint8)
    rgb = np.ascontiguousarray(pixels.transpose(1, 2, 0))
    side = rgb.shape[0]
    return QImage(rgb.tobytes(), side, side, 3 * side, QImage.Format.Format_RGB888).copy()
