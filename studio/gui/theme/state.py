"""The theme and the size of text in force and what the person chose, for everybody who draws by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from studio.gui.theme.palette import Theme, ThemeName, load_theme

#: A theme, or the one the system has.
ThemeChoice = Literal["light", "dark", "system"]


#: Gives the application a style sheet.
Setter = Callable[[QApplication, str], None]


class Notifier(QObject):
    """Its signal says that the colours are others now, or the size of text."""

    changed = Signal()


class _State:
    def __init__(self) -> None:
        self.theme = load_theme("light")
        self.choice: ThemeChoice = "light"
        self.text_scale = 1.0
        self.notifier = Notifier()
        self.setter: Setter = QApplication.setStyleSheet


@lru_cache(maxsize=1)
def _state() -> _State:
    return _State()


def current() -> Theme:
    """The theme in force; light until one is installed."""
    return _state().theme


def choice() -> ThemeChoice:
    """What the person chose: a theme, or to follow the system."""
    return _state().choice


def notifier() -> Notifier:
    """Its ``changed`` is emitted after every change of theme or of the size of text."""
    return _state().notifier


def text_scale() -> float:
    """How large text is now, as a multiple of the size it had when the program started."""
    return _state().text_scale


def set_text_scale(scale: float) -> None:
    """Remember how large text is; :func:`studio.gui.theme.application.set_text_scale` acts on it."""
    _state().text_scale = scale


def setter() -> Setter:
    """What gives the application its style sheet."""
    return _state().setter


def set_setter(chosen: Setter) -> None:
    """Have the style sheet set in another way than Qt's own, which takes long where there are many widgets."""
    _state().setter = chosen


def set_choice(chosen: ThemeChoice) -> None:
    """Remember what the person chose; :func:`studio.gui.theme.application.install` acts on it."""
    _state().choice = chosen


def set_current(name: ThemeName) -> Theme:
    """Put a theme in force for everybody who asks from now on. Whoever was drawn already has not been told yet."""
    _state().theme = load_theme(name)
    return _state().theme
