"""Gives the whole application its look, and changes it."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QStyleFactory

from studio.gui.theme import state
from studio.gui.theme.fonts import font, load_fonts
from studio.gui.theme.palette import ThemeName, make_palette
from studio.gui.theme.style_sheet import make_style_sheet


def install(app: QApplication, name: state.ThemeChoice = "system") -> None:
    """Give the whole application this look: fonts, palette and style sheet. May be called again to change it."""
    if not app.styleSheet():  # the first time
        load_fonts()
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(_in_points(font("body")))
        app.styleHints().colorSchemeChanged.connect(_follow_system)
    state.set_choice(name)
    wanted = _system() if name == "system" else name
    if wanted != state.current().name or not app.styleSheet():
        _apply(app, wanted)


def _in_points(sized: QFont) -> QFont:
    """The same size in points, for Qt's own parts: print dialogs and text that is zoomed reckon with points alone."""
    screen = QApplication.primaryScreen()
    if screen is not None:
        sized.setPointSizeF(sized.pixelSize() * 72 / screen.logicalDotsPerInch())
    return sized


def toggle(app: QApplication) -> None:
    """Light becomes dark, dark becomes light."""
    install(app, "light" if state.current().name == "dark" else "dark")


def set_text_scale(app: QApplication, scale: float) -> None:
    """Have everything written larger or smaller from now on, in all windows.

    Args:
        scale: as a multiple of the size that text had when the program started.
    """
    if scale != state.text_scale():
        state.set_text_scale(scale)
        app.setFont(_in_points(font("body")))
        _apply(app, state.current().name)


def _system() -> ThemeName:
    return "dark" if QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def _follow_system(_scheme: Qt.ColorScheme) -> None:
    app = QApplication.instance()
    if state.choice() == "system" and isinstance(app, QApplication) and state.current().name != _system():
        _apply(app, _system())


@lru_cache(maxsize=1)
def _icon_folder() -> tempfile.TemporaryDirectory[str]:
    """Where the icons the style sheet names are written, as long as the program runs."""
    return tempfile.TemporaryDirectory(prefix="studio-theme-")


def _apply(app: QApplication, name: ThemeName) -> None:
    theme = state.set_current(name)
    app.setPalette(make_palette(theme))
    state.setter()(app, make_style_sheet(theme, Path(_icon_folder().name)))
    state.notifier().changed.emit()
