"""How lines look. Colour means run, and only run; the teacher is dashed, the student alone dotted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from studio.gui import theme
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.widgets.swatch import color_of, marker_of, reference_pen


@dataclass(frozen=True)
class Stroke:
    """Whose line it is, and how much of it is to be seen.

    Args:
        role: whose line it is.
        index: the colour index of the run, for ``role`` "run".
        width: in pixels.
        chance: a line at chance level: thin and dotted in its run's colour.
        share: how much of the colour is left, the rest is background; 1 is all of it.
        solid: not dashed even for a reference, where many short lines are drawn.
    """

    role: StrokeRole = "run"
    index: int = 0
    width: float = 2.0
    chance: bool = False
    share: float = 1.0
    solid: bool = False

    @property
    def dashed(self) -> bool:
        """Whether it is anything but a solid line."""
        return self.chance or (self.role != "run" and not self.solid)

    @property
    def marker(self) -> str:
        """What tells it from the runs of the same colour: none for the first six."""
        return marker_of(self.index) if self.role == "run" and not self.chance else ""

    @property
    def color(self) -> QColor:
        """Its colour in the theme in force, opaque."""
        color = color_of(self.role, self.index)
        return color if self.share >= 1 else theme.current().mixed(color, self.share)


def make_pen(stroke: Stroke) -> QPen:
    """The pen of a line in the theme in force: opaque, and as wide at every zoom."""
    pen = QPen(stroke.color, 1.0 if stroke.chance else stroke.width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if stroke.chance:
        pen.setDashPattern([1.0, 2.0])
    elif stroke.role != "run" and not stroke.solid:
        pen = reference_pen(stroke.role, stroke.width)
    pen.setCosmetic(True)
    return pen
