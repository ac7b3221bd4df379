"""Type by role: every size and weight there is, and the fonts that are bundled."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from studio.core import resources
from studio.gui.theme import state


@dataclass(frozen=True)
class TypeStyle:
    """A role of type: size in logical pixels at the usual size of text, weight, and the role of its usual colour."""

    pixels: int
    weight: int = 400
    color: str = "text"

    @property
    def size(self) -> int:
        """In logical pixels, at the size of text in force."""
        return max(1, round(self.pixels * state.text_scale()))


#: Every size of type there is; nothing is smaller than 11 unless a person wants text smaller.
TYPE_STYLES: dict[str, TypeStyle] = {
    "welcome": TypeStyle(28, 600),
    "big": TypeStyle(32, 600),
    "page": TypeStyle(20, 600),
    "question": TypeStyle(15, 600),
    "card": TypeStyle(14, 600),
    "dock": TypeStyle(14, 600),
    "body": TypeStyle(13),
    "choice": TypeStyle(13, 500),
    "strong": TypeStyle(13, 600),
    "button": TypeStyle(13, 600),
    "explain": TypeStyle(12, 400, "text2"),
    "link": TypeStyle(12, 500, "accent"),
    "table": TypeStyle(12),
    "section": TypeStyle(12, 600, "text2"),
    "step": TypeStyle(11, 600, "text3"),
    "axis": TypeStyle(11, 400, "text3"),
    "formula": TypeStyle(15),
}

#: Families of the fonts that are loaded, the preferred one first; empty until :func:`load_fonts`.
_families: list[str] = []


def load_fonts() -> None:
    """Load the bundled weights of Inter, once; the system's own font stands in where that fails."""
    if _families:
        return
    found: dict[str, None] = {}
    for path in sorted(resources.folder("fonts").glob("*.ttf")):
        found |= dict.fromkeys(QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path))))
    _families.extend([*found] or [QApplication.font().family()])


def font(role: str) -> QFont:
    """The font of a role of type, for those who draw by hand; widgets set the property ``role`` instead."""
    style = TYPE_STYLES[role]
    if role == "formula":
        made = QFont(["STIX Two Text", "Cambria", "Times New Roman", "Liberation Serif", "DejaVu Serif"])
        made.setStyleHint(QFont.StyleHint.Serif)
        made.setItalic(True)
    else:
        made = QFont(_families or [QApplication.font().family()])
        made.setStyleHint(QFont.StyleHint.SansSerif)
        made.setFeature(QFont.Tag("tnum"), 1)
    made.setPixelSize(style.size)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # Inter's own spacing, at any scale
    made.setWeight(QFont.Weight(style.weight))
    return made
