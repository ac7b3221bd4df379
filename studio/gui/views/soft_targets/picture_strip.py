"""A row of probe pictures to choose from, each over a small profile of what the networks answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.charts.maps import pictures
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.told_apart import told_apart

SIDE, GAP, PROFILE, NAME = 48, 12, 26, 15
#: Networks whose answers stand below a picture; bars lower than so many pixels are left out.
ROWS, LEAST_BAR = 2, 0.75


@dataclass(frozen=True, eq=False)
class StripContent:
    """What the strip shows.

    ``inputs`` are pictures (P, C, H, W) uint8 or points (P, D); ``profiles`` are probabilities (P, K), the teacher's first.
    ``key`` is another whenever the pictures are.
    """

    key: object
    inputs: np.ndarray
    names: tuple[str, ...]
    profiles: tuple[tuple[Stroke, np.ndarray], ...]


class PictureStrip(GuardedOverrides, QWidget):
    """One picture is chosen: by a click, or with the arrow keys."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip: StripContent | None = None
        self._pixmaps: list[QPixmap] = []
        self._index = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.notifier().changed.connect(self._restyle)

    def show_strip(self, strip: StripContent) -> None:
        """Show pictures and profiles."""
        if self._strip is None or strip.key != self._strip.key:
            self._pixmaps = _pixmaps(strip.inputs) if strip.inputs.ndim == 4 else []
        self._strip = strip
        self._index = min(self._index, len(strip.names) - 1)
        self.setFixedSize(self.sizeHint())
        self._update_accessible_name()
        self.update()

    @property
    def index(self) -> int:
        """Which picture is chosen."""
        return self._index

    def choose(self, index: int) -> None:
        """Choose a picture; beyond the ends nothing changes."""
        if self._strip is not None and 0 <= index < len(self._strip.names) and index != self._index:
            self._index = index
            self._update_accessible_name()
            self.update()
            self.chosen.emit(index)

    def _update_accessible_name(self) -> None:
        assert self._strip is not None
        words = self.tr("Pictures: {name}, {i} of {n}")
        count = len(self._strip.names)
        self.setAccessibleName(words.format(name=self._strip.names[self._index], i=self._index + 1, n=count))

    def _restyle(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """All pictures in one row."""
        count = len(self._strip.names) if self._strip is not None else 1
        return QSize(count * (SIDE + GAP), SIDE + scaled(PROFILE) + scaled(NAME) + 10)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        self.choose(int(event.position().x()) // (SIDE + GAP))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End choose."""
        last = 0 if self._strip is None else len(self._strip.names) - 1
        keys = {
            Qt.Key.Key_Left: self._index - 1,
            Qt.Key.Key_Right: self._index + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        wish = keys.get(Qt.Key(event.key()))
        if wish is None:
            super().keyPressEvent(event)
        else:
            self.choose(wish)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture, name, profile; a frame around the chosen one."""
        strip = self._strip
        if strip is None:
            return
        colors = theme.current()
        painter = QPainter(self)
        painter.setFont(theme.font("axis"))
        for i, name in enumerate(strip.names):
            x, y = i * (SIDE + GAP) + GAP / 2, 4.0
            if i == self._index:
                painter.setPen(QPen(colors.color("accent"), 2 if self.hasFocus() else 1))
                painter.setBrush(colors.color("accent_soft"))
                painter.drawRoundedRect(QRectF(x - 4, 1, SIDE + 8, self.height() - 2), 4, 4)
            if self._pixmaps:
                painter.drawPixmap(QPointF(x, y), self._pixmaps[i])
            else:
                painter.setPen(colors.color("text2"))
                painter.drawText(
                    QRectF(x, y, SIDE, SIDE), int(Qt.AlignmentFlag.AlignCenter), self._numbers_told(strip.inputs[i], i)
                )
            painter.setPen(colors.color("text"))
            elided = told_apart(strip.names, painter.font(), SIDE + 6)[name]
            painter.drawText(QRectF(x - 3, y + SIDE, SIDE + 6, scaled(NAME)), int(Qt.AlignmentFlag.AlignCenter), elided)
            self._paint_profile(painter, strip, i, QRectF(x, y + SIDE + scaled(NAME), SIDE, scaled(PROFILE)))
        painter.end()

    def _numbers_told(self, numbers: np.ndarray, i: int) -> str:
        """A point by its two numbers; of more numbers, a row of a table, which one it is."""
        if len(numbers) > 2:
            return self.tr("row {n}").format(n=i + 1)
        return "\n".join(f"{value:.2f}" for value in numbers)

    def _paint_profile(self, painter: QPainter, strip: StripContent, i: int, rect: QRectF) -> None:
        """Bars as high as the probabilities, a row a network: the teacher's, below it the student's in question."""
        rows = strip.profiles[:ROWS]
        height = rect.height() / max(1, len(rows))
        for row, (stroke, probabilities) in enumerate(rows):
            values = probabilities[i]
            step = rect.width() / len(values)
            bottom = rect.top() + (row + 1) * height - 1
            painter.fillRect(QRectF(rect.left(), bottom, rect.width(), 1), theme.current().color("border"))
            top = max(1e-9, float(values.max()))
            for k, value in enumerate(values.tolist()):
                tall = value / top * (height - 3)
                if tall >= LEAST_BAR:
                    bar = QRectF(rect.left() + k * step, bottom - tall, max(1.0, step - 1), tall)
                    painter.fillRect(bar, stroke.color)


def _pixmaps(inputs: np.ndarray) -> list[QPixmap]:
    made = []
    for picture in pictures(inputs, SIDE):
        image = QImage(picture.data, SIDE, SIDE, 3 * SIDE, QImage.Format.Format_RGB888)
        made.append(QPixmap.fromImage(image))
    return made
