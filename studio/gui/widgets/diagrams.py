"""Small still drawings: what the data look like, how large a network is, what a method compares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.gui import theme
from studio.gui.presenters.drawings import (
    Drawing,
    MethodShape,
    NetworkShape,
    PictureGrid,
    PointCloud,
    TableSketch,
    TreesShape,
)
from studio.gui.system.override_guard import GuardedOverrides

if TYPE_CHECKING:
    import numpy as np


class DiagramBox(GuardedOverrides, QWidget):
    """A drawing on a sunken square; decoration, so it has no focus."""

    def __init__(self, size: int = 56, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing: Drawing | None = None
        self._student = 0
        self.set_side(size)
        theme.notifier().changed.connect(self.update)

    def set_side(self, size: int) -> None:
        """Change how large the square is, in logical pixels."""
        self.setFixedSize(QSize(size, size))

    def show_drawing(self, drawing: Drawing | None, student: int = 0) -> None:
        """Show a drawing; ``student`` is the colour index of the run the student stands for."""
        self._drawing, self._student = drawing, student
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("sunken"))
        painter.drawRoundedRect(self.rect(), 6, 6)
        if self._drawing is not None:
            paint_drawing(painter, QRectF(self.rect()), self._drawing, theme.current().run_color(self._student))


def paint_drawing(painter: QPainter, area: QRectF, drawing: Drawing, student: QColor) -> None:
    """Draw into a square; made for a side of 56, scaled for others."""
    painter.save()
    painter.translate(area.topLeft())
    painter.scale(area.width() / 56, area.height() / 56)
    match drawing:
        case PictureGrid():
            _paint_pictures(painter, drawing.pictures)
        case PointCloud():
            _paint_points(painter, drawing)
        case TableSketch():
            _paint_table(painter, drawing)
        case NetworkShape():
            color = theme.current().color("teacher") if drawing.role == "teacher" else student
            _paint_columns(painter, QPointF(28, 28), drawing, color, 1.0)
        case TreesShape():
            color = theme.current().color("teacher") if drawing.role == "teacher" else student
            for place, scale in _SEVERAL_TREES if drawing.several else _ONE_TREE:
                _paint_tree(painter, place, color, scale)
        case MethodShape():
            _paint_method(painter, drawing, student)
    painter.restore()


def _paint_pictures(painter: QPainter, pictures: np.ndarray) -> None:
    side = 1 if len(pictures) == 1 else 2 if len(pictures) <= 4 else 3
    cell = (56 - 6 - 2 * (side - 1)) / side
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=pictures.shape[1] > cell)
    for index, picture in enumerate(pictures[: side * side]):
        row, column = divmod(index, side)
        painter.drawImage(QRectF(3 + column * (cell + 2), 3 + row * (cell + 2), cell, cell), _image_of(picture))


def _image_of(picture: np.ndarray) -> QImage:
    """A picture, uint8 (H, W) or (H, W, 3), as an image that owns its pixels."""
    height, width = picture.shape[:2]
    if picture.ndim == 2:
        return QImage(picture.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
    return QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _paint_points(painter: QPainter, cloud: PointCloud) -> None:
    low, high = cloud.points.min(axis=0), cloud.points.max(axis=0)
    extent = float(max(high - low)) or 1.0
    middle = (low + high) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    for (x, y), label in zip(cloud.points[:160], cloud.labels[:160], strict=True):
        painter.setBrush(theme.current().color(f"class_point_{int(label) % 3 + 1}"))
        at = QPointF(28 + 46 * float(x - middle[0]) / extent, 28 - 46 * float(y - middle[1]) / extent)
        painter.drawEllipse(at, 1.4, 1.4)


def _paint_table(painter: QPainter, table: TableSketch) -> None:
    """A heading and six rows of three columns in shades of their values, and the class of each in its colour."""
    import numpy as np

    painter.setPen(Qt.PenStyle.NoPen)
    text = theme.current().color("text3")
    painter.setBrush(text)
    for column in range(4):
        painter.drawRoundedRect(QRectF(6 + 11.5 * column, 7, 9.5, 4.5), 1, 1)
    values = table.values[:6, :3]
    low, high = np.nanmin(values, axis=0, initial=np.inf), np.nanmax(values, axis=0, initial=-np.inf)
    for row, (cells, label) in enumerate(zip(values, table.labels[:6], strict=True)):
        for column, cell in enumerate(cells):
            if not math.isnan(cell):
                along = (cell - low[column]) / (high[column] - low[column]) if high[column] > low[column] else 0.5
                painter.setBrush(theme.current().mixed(text, 0.2 + 0.45 * float(along), "sunken"))
                painter.drawRoundedRect(QRectF(6 + 11.5 * column, 13.5 + 6.2 * row, 9.5, 4.5), 1, 1)
        painter.setBrush(theme.current().color(f"class_point_{int(label) % 3 + 1}"))
        painter.drawRoundedRect(QRectF(40.5, 13.5 + 6.2 * row, 9.5, 4.5), 1, 1)


def _columns(shape: NetworkShape) -> list[tuple[float, float]]:
    """Width and height of a column for each group: maps grow thinner and wider, vectors are bars of one width."""
    groups = list(shape.groups) if len(shape.groups) <= 5 else [*shape.groups[:2], *shape.groups[-3:]]
    largest = max((side for side, _ in groups), default=1)
    columns = []
    for side, channels in groups:
        depth = math.log2(max(2, channels))
        if largest == 1:
            width, height = 8.0, 12 + 3 * depth
        else:
            width = 4 * depth - 17
            height = 36 * (0.4 + 0.6 * math.log2(side + 1) / math.log2(largest + 1))
        columns.append((min(15.0, max(4.5, width)) * shape.scale, min(38.0, height) * shape.scale))
    room = 46 - 2 * (len(columns) - 1)
    squeeze = min(1.0, room / max(1.0, sum(width for width, _ in columns)))
    return [(width * squeeze, height) for width, height in columns]


def _paint_columns(painter: QPainter, centre: QPointF, shape: NetworkShape, color: QColor, scale: float) -> None:
    columns = [(width * scale, height * scale) for width, height in _columns(shape)]
    gap = 2.0
    x = centre.x() - (sum(width for width, _ in columns) + gap * (len(columns) - 1)) / 2
    painter.setPen(QPen(color, 1.2))
    painter.setBrush(theme.current().mixed(color, 0.25, "sunken"))
    for width, height in columns:
        painter.drawRoundedRect(QRectF(x, centre.y() - height / 2, width, height), 1.5, 1.5)
        x += width + gap


#: Where the roots of trees stand, and how large they are.
_ONE_TREE = ((QPointF(28, 12), 1.0),)
_SEVERAL_TREES = ((QPointF(16, 9), 0.55), (QPointF(39, 14), 0.55), (QPointF(23, 31), 0.55))
#: Nodes of a tree beside its root, and the one above each.
_NODES = ((0.0, 0.0), (-11.0, 16.0), (11.0, 16.0), (-17.0, 32.0), (-6.0, 32.0), (6.0, 32.0), (17.0, 32.0))
_ABOVE = (0, 0, 1, 1, 2, 2)


def _paint_tree(painter: QPainter, root: QPointF, color: QColor, scale: float) -> None:
    places = [root + QPointF(x, y) * scale for x, y in _NODES]
    painter.setPen(QPen(color, 1.2))
    for place, above in zip(places[1:], _ABOVE, strict=True):
        painter.drawLine(places[above], place)
    painter.setBrush(theme.current().mixed(color, 0.25, "sunken"))
    for place in places:
        painter.drawEllipse(place, 3.6 * scale + 0.4, 3.6 * scale + 0.4)


_TEACHER = NetworkShape(((32, 64), (16, 128), (8, 256)), "teacher")
_STUDENT = NetworkShape(((32, 64), (16, 128), (8, 256)), "student", 0.75)


def _paint_method(painter: QPainter, method: MethodShape, student: QColor) -> None:
    teacher = theme.current().color("teacher")
    if method.compares == "nothing":
        _paint_columns(painter, QPointF(28, 28), _STUDENT, student, 1.0)
    elif method.compares == "answers":
        _paint_bars(painter, (6, 9, 34, 18, 6), teacher)
    elif method.compares == "relations":
        _paint_triangle(painter, (QPointF(13, 24), QPointF(31, 9), QPointF(37, 27)), teacher)
        _paint_triangle(painter, (QPointF(20, 45), QPointF(38, 33), QPointF(43, 48)), student)
    else:
        _paint_columns(painter, QPointF(28, 16), _TEACHER, teacher, 0.55)
        _paint_columns(painter, QPointF(28, 43), _STUDENT, student, 0.55)
        links = (12.0,) if method.compares == "gradients" else (18.5, 27.0, 37.5)
        painter.setPen(QPen(theme.current().color("text3"), 1.2, Qt.PenStyle.DotLine))
        for x in links:
            painter.drawLine(QPointF(x, 26), QPointF(x, 37))


def _paint_bars(painter: QPainter, heights: Sequence[float], color: QColor) -> None:
    painter.setPen(QPen(color, 1.2))
    painter.setBrush(theme.current().mixed(color, 0.25, "sunken"))
    for index, height in enumerate(heights):
        painter.drawRoundedRect(QRectF(9.5 + 8 * index, 46 - height, 5, height), 1, 1)


def _paint_triangle(painter: QPainter, corners: tuple[QPointF, QPointF, QPointF], color: QColor) -> None:
    painter.setPen(QPen(color, 1.2))
    for a, b in ((0, 1), (1, 2), (2, 0)):
        painter.drawLine(corners[a], corners[b])
    painter.setBrush(theme.current().mixed(color, 0.25, "sunken"))
    for corner in corners:
        painter.drawEllipse(corner, 3, 3)
