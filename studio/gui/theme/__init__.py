"""The look: colours by role, type by role, icons tinted by role, light and dark.

A widget says what it is by dynamic properties, and the style sheet does the rest:

- ``role``: its type, a key of :data:`TYPE_STYLES` (``"question"``, ``"explain"``);
- ``tone``: a text colour other than its type's (``"text2"``, ``"error"``);
- ``surface``: what it is drawn on (``"card"``, ``"plain"``, ``"sunken"``, ``"notice"``, ``"raised"``,
  ``"error"``, ``"line"``);
- ``kind``: of a push button (``"primary"``, ``"flat"``, ``"link"``, ``"chip"``; none: an ordinary one);
- ``invalid``: ``"true"`` on a field whose value is refused.

A subject a file: ``palette`` colours by role, ``fonts`` type by role, ``icons`` tinted by role, ``lengths``
what follows the size of text, ``style_sheet`` what the
properties above do, ``state`` the theme in force, ``application`` puts it there. Qt alone is imported here: the first
window is on the screen before anything else is loaded.
"""

from studio.gui.theme.application import install, set_text_scale, toggle
from studio.gui.theme.fonts import TYPE_STYLES, TypeStyle, font
from studio.gui.theme.icons import app_icon, icon, keep_icon, pixmap
from studio.gui.theme.lengths import keep_length, scaled
from studio.gui.theme.palette import Theme, ThemeName, load_theme, make_palette
from studio.gui.theme.state import ThemeChoice, choice, current, notifier, set_setter, text_scale
from studio.gui.theme.style_sheet import make_style_sheet, restyle

__all__ = [
    "TYPE_STYLES",
    "Theme",
    "ThemeChoice",
    "ThemeName",
    "TypeStyle",
    "app_icon",
    "choice",
    "current",
    "font",
    "icon",
    "install",
    "keep_icon",
    "keep_length",
    "load_theme",
    "make_palette",
    "make_style_sheet",
    "notifier",
    "pixmap",
    "restyle",
    "scaled",
    "set_setter",
    "set_text_scale",
    "text_scale",
    "toggle",
]
