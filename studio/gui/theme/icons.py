"""Icons of resources/icons, drawn in a colour of the theme."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from studio.core import resources
from studio.gui.theme.state import current, notifier


@lru_cache(maxsize=128)
def _svg(name: str) -> bytes:
    return (resources.folder("icons") / f"{name}.svg").read_bytes()


def tinted_svg(name: str, color: QColor) -> bytes:
    """The source of an icon with ``color`` in place of ``currentColor``."""
    return _svg(name).replace(b"currentColor", color.name().encode())


def pixmap(name: str, color: QColor, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """An icon drawn in one colour, ``size`` logical pixels square at the device pixel ratio ``ratio``."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(tinted_svg(name, color))).render(painter, QRectF(made.rect()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, color_role: str = "text2") -> QIcon:
    """The icon of resources/icons/``name``.svg in the colour of a role, for the theme in force.

    Icons do not follow a change of theme; :func:`keep_icon` sets one that does.
    """
    return _icon(name, current().color(color_role).rgb(), current().color("disabled").rgb())


@lru_cache(maxsize=256)
def _icon(name: str, normal: int, disabled: int) -> QIcon:
    made = QIcon()
    for mode, rgb in ((QIcon.Mode.Normal, normal), (QIcon.Mode.Disabled, disabled)):
        for size in (16, 24, 32, 48):
            made.addPixmap(pixmap(name, QColor(rgb), size), mode)
    return made


def app_icon() -> QIcon:
    """The program's own icon."""
    return QIcon(str(resources.folder("icons") / "app.svg"))


class _IconKeeper(QObject):
    """Lives with a button or action and gives it its icon anew when the theme changes."""

    def __init__(self, target: QAction | QAbstractButton, name: str, color_role: str) -> None:
        super().__init__(target)
        self.setObjectName("icon keeper")
        self.name, self.color_role = name, color_role
        notifier().changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        target = self.parent()
        if isinstance(target, (QAction, QAbstractButton)):
            target.setIcon(icon(self.name, self.color_role) if self.name else QIcon())


def keep_icon(target: QAction | QAbstractButton, name: str, color_role: str = "text2") -> None:
    """Give a button or action an icon that follows the theme; called again it exchanges the icon, or takes it away."""
    keeper = target.findChild(_IconKeeper, "icon keeper")
    if keeper is None:
        _IconKeeper(target, name, color_role)
    else:
        keeper.name, keeper.color_role = name, color_role
        keeper.refresh()
