"""A colour for every class of a tree, as many as there are."""

from __future__ import annotations

from functools import lru_cache

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
    return _class_color(theme.current().name, label)


def branch_color(label: int) -> QColor:
    """The colour of the branches in which most cases are of a class: opaque, paler."""
    return _branch_color(theme.current().name, label)


@lru_cache(maxsize=256)
def _class_color(name: theme.ThemeName, label: int) -> QColor:
    colors = theme.load_theme(name)
    first = colors.color(f"class_point_{label % OWN + 1}")
    if label < OWN:
        return first
    turned = (first.hslHueF() + APART * (label // OWN) / OWN) % 1.0
    return QColor.fromHslF(turned, first.hslSaturationF(), first.lightnessF())


@lru_cache(maxsize=256)
def _branch_color(name: theme.ThemeName, label: int) -> QColor:
    return theme.load_theme(name).mixed(_class_color(name, label), BRANCH[name])
