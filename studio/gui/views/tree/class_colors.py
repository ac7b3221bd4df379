"""A colour for every class of a tree, as many as there are."""

from __future__ import annotations

from PySide6.QtGui import QColor

from studio.gui import theme

#: Classes that have a colour of their own in the theme.
OWN = 3
#: The golden ratio: hues this far apart, in turns, never come close to one of those before.
APART = 0.618
#: How much a branch keeps of the colour of its class.
BRANCH = {"light": 0.26, "dark": 0.45}


def class_color(label: int) -> QColor:
    """The colour of the leaves of a class in the theme in force."""
    colors = theme.current()
    first = colors.color(f"class_point_{label % OWN + 1}")
    if label < OWN:
        return first
    turned = (first.hslHueF() + APART * (label // OWN) / OWN) % 1.0
    return QColor.fromHslF(turned, first.hslSaturationF(), first.lightnessF())


def branch_color(label: int) -> QColor:
    """The colour of the branches in which most cases are of a class: opaque, paler."""
    colors = theme.current()
    return colors.mixed(class_color(label), BRANCH[colors.name])
