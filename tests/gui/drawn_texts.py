"""What a widget writes by hand, read from a drawing of it in vectors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from PySide6.QtCore import QBuffer, QPoint, QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from studio.gui import theme

_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class DrawnText:
    """Words with the place where they begin, their line's height above the bottom of the letters, in pixels."""

    words: str
    left: float
    baseline: float
    size: float

    @property
    def box(self) -> QRectF:
        """About what the letters take, those that reach below the line included."""
        font = theme.font("explain")
        font.setPixelSize(round(self.size))
        width = QFontMetricsF(font).horizontalAdvance(self.words)
        return QRectF(self.left, self.baseline - 0.75 * self.size, width, 0.95 * self.size)


def drawn_texts(widget: QWidget) -> list[DrawnText]:
    """All words that it paints, from top to bottom."""
    buffer = QBuffer()
    drawing = QSvgGenerator()
    drawing.setOutputDevice(buffer)
    drawing.setResolution(96)
    drawing.setSize(widget.size())
    widget.render(drawing, QPoint())
    tree = ElementTree.fromstring(bytes(buffer.data().data()))
    found = []
    for group in tree.iter(f"{_SVG}g"):
        shift = [float(number) for number in re.findall(r"-?[\d.]+", group.get("transform", "")) or [1, 0, 0, 1, 0, 0]]
        for each in group.findall(f"{_SVG}text"):
            x, y, size = (float(each.get(name, "0").removesuffix("pt")) for name in ("x", "y", "font-size"))
            found.append(DrawnText((each.text or "").strip(), x + shift[4], y + shift[5], size))
    return sorted(found, key=lambda text: (text.baseline, text.left))
