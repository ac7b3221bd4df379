"""A line of words painted by hand, cut where it has no room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from studio.gui import theme


def paint_line(
    painter: QPainter,
    area: QRect | QRectF,
    words: str,
    role: str,
    color: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Write ``words`` in the middle of the height of ``area``, in the type and the colour of these roles."""
    painter.setFont(theme.font(role))
    painter.setPen(theme.current().color(color))
    short = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, int(align | Qt.AlignmentFlag.AlignVCenter), short)
