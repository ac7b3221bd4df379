"""A composed method as a drawing: two networks, what is done to either, and the distance between the two."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.presenters.drawings import NetworkShape
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.widgets.diagrams import paint_drawing

#: Logical pixels at the usual size of text: the side of a network, the height of a box, what is left beside it.
_NETWORK, _BOX, _GAP = 62.0, 28.0, 10.0
#: The widest that what is done to a network, and the distance, are drawn.
_DONE, _DISTANCE = 170.0, 130.0
_SIZE, _LEAST = QSize(330, 148), 250


class ComposerDrawing(GuardedOverrides, QWidget):
    """Still and decorative: the pickers say the same in words, its accessible description as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shapes: tuple[NetworkShape, NetworkShape] | None = None
        self._words = ("", "", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.keep_length(self, QWidget.setMinimumWidth, _LEAST)
        theme.notifier().changed.connect(self._follow_theme)

    def _follow_theme(self) -> None:
        """Other colours, or letters of another size, which take another height."""
        self.updateGeometry()
        self.update()

    def show_method(
        self, shapes: tuple[NetworkShape, NetworkShape], position: str, teacher: str, student: str, distance: str
    ) -> None:
        """Show two networks and the titles of the four parts."""
        self._shapes, self._words = shapes, (position, teacher, student, distance)
        self.setAccessibleName(
            self.tr("{position}: {teacher} of the teacher, {student} of the student, {distance}").format(
                position=position, teacher=teacher, student=student, distance=distance
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(_SIZE.width()), scaled(_SIZE.height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shapes is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.current()
        position, teacher, student, distance = self._words
        width, height = float(self.width()), float(self.height())
        upper, lower = height * 0.27, height * 0.73
        side, high = float(scaled(_NETWORK)), float(scaled(_BOX))
        for y, shape in ((upper, self._shapes[0]), (lower, self._shapes[1])):
            paint_drawing(painter, QRectF(4, y - side / 2, side, side), shape, colors.run_color(0))
        left = side + 26
        box = min(scaled(_DONE), (width - left) * 0.62)
        joint = left + box + _GAP
        painter.setPen(QPen(colors.color("text3"), 1))
        for y in (upper, lower):
            painter.drawLine(QPointF(side + 8, y), QPointF(joint, y))
        painter.drawLine(QPointF(joint, upper), QPointF(joint, lower))
        self._box(painter, QRectF(left, upper - high / 2, box, high), teacher, colors.color("teacher"))
        self._box(painter, QRectF(left, lower - high / 2, box, high), student, colors.run_color(0))
        last = QRectF(max(left, joint - 0.35 * box), height / 2 - high / 2, 0, high)
        last.setRight(min(width - 6, last.left() + scaled(_DISTANCE)))
        self._box(painter, last, distance, colors.color("text2"), strong=True)
        painter.setFont(theme.font("axis"))
        painter.setPen(colors.color("text3"))
        metrics = QFontMetrics(painter.font())
        room = last.left() - 14
        words = metrics.elidedText(position, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(8, height / 2 - scaled(9), room, scaled(18)), int(Qt.AlignmentFlag.AlignVCenter), words)

    @staticmethod
    def _box(painter: QPainter, area: QRectF, words: str, color: QColor, strong: bool = False) -> None:
        painter.setPen(QPen(color, 1.4))
        painter.setBrush(theme.current().color("surface"))
        painter.drawRoundedRect(area, 4, 4)
        font = theme.font("section" if strong else "explain")
        painter.setFont(font)
        painter.setPen(theme.current().color("text"))
        short = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(area.width() - 10))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), short)
