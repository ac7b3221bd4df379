"""The mark of a run: the one place where a colour stands beside a name."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.system.override_guard import GuardedOverrides

#: Beyond six runs the colours repeat, with one of these marks on the line every 10 %.
MARKERS = ("circle", "square", "triangle", "diamond")


def marker_of(index: int) -> str:
    """The marker of the run with this colour index: none for the first six."""
    round_ = index // len(theme.current().runs)
    return MARKERS[(round_ - 1) % len(MARKERS)] if round_ else ""


def color_of(role: StrokeRole, index: int) -> QColor:
    """The colour this role is drawn in."""
    return theme.current().run_color(index) if role == "run" else theme.current().color(role)


def reference_pen(role: StrokeRole, width: float = 2) -> QPen:
    """The pen of a reference line: the teacher dashed, the student alone dotted."""
    pen = QPen(theme.current().color(role), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([5, 3] if role == "teacher" else [1, 2])
    return pen


def paint_swatch(painter: QPainter, area: QRectF, role: StrokeRole, index: int = 0, filled: bool = True) -> None:
    """Draw a swatch in the middle of ``area``: a filled or hollow lozenge for a run, a line for a reference."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = area.center()
    if role != "run":
        painter.setPen(reference_pen(role))
        painter.drawLine(QPointF(middle.x() - 7, middle.y()), QPointF(middle.x() + 7, middle.y()))
        painter.restore()
        return
    color = theme.current().run_color(index)
    box = QRectF(middle.x() - 7, middle.y() - 4, 14, 8)
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)
    marker = marker_of(index)
    if marker:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("surface") if filled else color)
        paint_marker(painter, middle, marker, 2.2)
    painter.restore()


def paint_marker(painter: QPainter, at: QPointF, marker: str, radius: float) -> None:
    """Draw one of :data:`MARKERS` with the painter's own pen and brush."""
    x, y, r = at.x(), at.y(), radius
    if marker == "circle":
        painter.drawEllipse(at, r, r)
    elif marker == "square":
        painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r))
    elif marker == "triangle":
        painter.drawPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y + r), QPointF(x - r, y + r)]))
    else:
        painter.drawPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]))


class Swatch(GuardedOverrides, QWidget):
    """A swatch as a widget of its own, beside the name it belongs to."""

    def __init__(
        self, role: StrokeRole = "run", index: int = 0, filled: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._role: StrokeRole = role
        self._index, self._filled = index, filled
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.notifier().changed.connect(self.update)

    def show_run(self, role: StrokeRole, index: int = 0, filled: bool = True) -> None:
        """Show another run."""
        self._role, self._index, self._filled = role, index, filled
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(18, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_swatch(QPainter(self), QRectF(self.rect()), self._role, self._index, self._filled)
