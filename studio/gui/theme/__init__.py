"""The look: colours by role, type by role, icons tinted by role, light and dark.

A widget says what it is by dynamic properties, and the style sheet does the rest:

- ``role``: its type, a key of :data:`TYPE` (``"question"``, ``"explain"``);
- ``tone``: a text colour other than its type's (``"text2"``, ``"error"``);
- ``surface``: what it is drawn on (``"card"``, ``"plain"``, ``"sunken"``, ``"notice"``, ``"error"``, ``"line"``);
- ``kind``: of a push button (``"primary"``, ``"flat"``, ``"link"``, ``"chip"``; none: an ordinary one);
- ``invalid``: ``"true"`` on a field whose value is refused.

Qt alone is imported here: the first window is on the screen before anything else is loaded.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QStyleFactory, QWidget

from studio.core import resources

Name = Literal["light", "dark"]
Choice = Literal["light", "dark", "system"]


@dataclass(frozen=True)
class Type:
    """A role of type: size in logical pixels, weight, and the role of its usual colour."""

    pixels: int
    weight: int = 400
    color: str = "text"


#: Every size of type there is; nothing is smaller than 11.
TYPE: dict[str, Type] = {
    "welcome": Type(28, 600),
    "big": Type(32, 600),
    "page": Type(20, 600),
    "question": Type(15, 600),
    "card": Type(14, 600),
    "dock": Type(14, 600),
    "body": Type(13),
    "choice": Type(13, 500),
    "strong": Type(13, 600),
    "button": Type(13, 600),
    "explain": Type(12, 400, "text2"),
    "link": Type(12, 500, "accent"),
    "table": Type(12),
    "section": Type(12, 600, "text2"),
    "step": Type(11, 600, "text3"),
    "axis": Type(11, 400, "text3"),
    "formula": Type(15),
}


@dataclass(frozen=True)
class Theme:
    """One theme: its colours by role and the six colours of runs."""

    name: Name
    roles: dict[str, str]
    runs: tuple[str, ...]

    def color(self, role: str) -> QColor:
        """The colour of ``role``; KeyError names a role that does not exist."""
        return QColor(self.roles[role])

    def run_color(self, index: int) -> QColor:
        """The colour of the run with this index; six colours, then they repeat."""
        return QColor(self.runs[index % len(self.runs)])

    def mixed(self, color: QColor, share: float, background: str = "surface") -> QColor:
        """``color`` mixed by ``share`` (0..1) into a background role: an opaque tint, never alpha."""
        base, rest = self.color(background), 1 - share
        return QColor.fromRgbF(
            share * color.redF() + rest * base.redF(),
            share * color.greenF() + rest * base.greenF(),
            share * color.blueF() + rest * base.blueF(),
        )


class Notifier(QObject):
    """Tells everybody who draws by hand that the colours are others now."""

    changed = Signal()


class _State(QObject):
    """The theme in force, and what must live as long as it."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = load("light")
        self.choice: Choice = "light"
        self.notifier = Notifier()
        self.arrows = tempfile.TemporaryDirectory(prefix="studio-theme-")
        self.families: list[str] = []

    def follow_system(self) -> None:
        app = QApplication.instance()
        if self.choice == "system" and isinstance(app, QApplication) and self.theme.name != _system():
            _apply(app, _system())


@lru_cache(maxsize=2)
def load(name: Name) -> Theme:
    """Read a theme from the resources."""
    with (resources.folder("theme") / f"{name}.toml").open("rb") as file:
        content = tomllib.load(file)
    return Theme(name, dict(content["roles"]), tuple(content["runs"]))


@lru_cache(maxsize=1)
def _state() -> _State:
    return _State()


def current() -> Theme:
    """The theme in force; light until one is installed."""
    return _state().theme


def choice() -> Choice:
    """What the person chose: a theme, or to follow the system."""
    return _state().choice


def notifier() -> Notifier:
    """Its ``changed`` is emitted after every change of theme."""
    return _state().notifier


def install(app: QApplication, name: Choice = "system") -> None:
    """Give the whole application this look: fonts, palette and style sheet. May be called again to change it."""
    state = _state()
    if not state.families:
        state.families = _load_fonts()
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(font("body"))
        app.styleHints().colorSchemeChanged.connect(state.follow_system)
    state.choice = name
    wanted = _system() if name == "system" else name
    if wanted != state.theme.name or not app.styleSheet():
        _apply(app, wanted)


def toggle(app: QApplication) -> None:
    """Light becomes dark, dark becomes light."""
    install(app, "light" if current().name == "dark" else "dark")


def _system() -> Name:
    return "dark" if QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def _apply(app: QApplication, name: Name) -> None:
    state = _state()
    state.theme = load(name)
    app.setPalette(palette(state.theme))
    app.setStyleSheet(style_sheet(state.theme, Path(state.arrows.name)))
    state.notifier.changed.emit()


# --- palette ---------------------------------------------------------------------------------------------------------

_PALETTE: dict[QPalette.ColorRole, str] = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "error",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "button_border",
    QPalette.ColorRole.Dark: "field_border",
    QPalette.ColorRole.Shadow: "border",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
}
_DISABLED: dict[QPalette.ColorRole, str] = {
    QPalette.ColorRole.WindowText: "disabled",
    QPalette.ColorRole.Text: "disabled",
    QPalette.ColorRole.ButtonText: "disabled",
    QPalette.ColorRole.PlaceholderText: "disabled",
    QPalette.ColorRole.Highlight: "button_border",
    QPalette.ColorRole.HighlightedText: "text3",
}


def palette(theme: Theme) -> QPalette:
    """A full Fusion palette, all three colour groups: Qt makes none of its own off-screen or on bare X11."""
    made = QPalette()
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        off = group == QPalette.ColorGroup.Disabled
        for role, name in _PALETTE.items():
            made.setColor(group, role, theme.color(_DISABLED.get(role, name) if off else name))
    return made


# --- style sheet -----------------------------------------------------------------------------------------------------


def style_sheet(theme: Theme, folder: Path) -> str:
    """The style sheet with this theme's colours; icons it names are written, tinted, into ``folder``.

    (A style sheet can show a picture only from a file, and a file can have only one colour.)
    """
    template = (resources.folder("theme") / "style.qss").read_text(encoding="utf-8")

    def icon_file(match: re.Match[str]) -> str:
        name, role = match.group(1), match.group(2)
        path = folder / f"{theme.name}-{name}-{role}.svg"
        path.write_bytes(_tinted_svg(name, theme.color(role)))
        return path.as_posix()

    sheet = re.sub(r"\$([a-z-]+)\.([a-z_0-9]+)", icon_file, template)
    sheet = re.sub(r"@([a-z_0-9]+)", lambda match: theme.roles[match.group(1)], sheet)
    return _type_rules(theme) + sheet


def _type_rules(theme: Theme) -> str:
    return "\n".join(
        f'QWidget[role="{role}"] {{ font-size: {t.pixels}px; font-weight: {t.weight}; color: {theme.roles[t.color]}; }}'
        for role, t in TYPE.items()
    )


# --- type ------------------------------------------------------------------------------------------------------------


def _load_fonts() -> list[str]:
    """Load the bundled weights of Inter; the system's own font stands in where that fails."""
    families: dict[str, None] = {}
    for path in sorted(resources.folder("fonts").glob("*.ttf")):
        families |= dict.fromkeys(QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path))))
    return [*families] or [QApplication.font().family()]


def font(role: str) -> QFont:
    """The font of a role of type, for those who draw by hand; widgets set the property ``role`` instead."""
    kind = TYPE[role]
    if role == "formula":
        made = QFont(["STIX Two Text", "Cambria", "Times New Roman", "Liberation Serif", "DejaVu Serif"])
        made.setStyleHint(QFont.StyleHint.Serif)
        made.setItalic(True)
    else:
        made = QFont(_state().families or [QApplication.font().family()])
        made.setStyleHint(QFont.StyleHint.SansSerif)
        made.setFeature(QFont.Tag("tnum"), 1)
    made.setPixelSize(kind.pixels)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # Inter's own spacing, at any scale
    made.setWeight(QFont.Weight(kind.weight))
    return made


# --- icons -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=128)
def _svg(name: str) -> bytes:
    return (resources.folder("icons") / f"{name}.svg").read_bytes()


def _tinted_svg(name: str, color: QColor) -> bytes:
    return _svg(name).replace(b"currentColor", color.name().encode())


def pixmap(name: str, color: QColor, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """An icon drawn in one colour, ``size`` logical pixels square at the device pixel ratio ``ratio``."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(_tinted_svg(name, color))).render(painter, QRectF(made.rect()))
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
            target.setIcon(icon(self.name, self.color_role))


def keep_icon(target: QAction | QAbstractButton, name: str, color_role: str = "text2") -> None:
    """Give a button or action an icon that follows the theme; called again it exchanges the icon."""
    keeper = target.findChild(_IconKeeper, "icon keeper")
    if keeper is None:
        _IconKeeper(target, name, color_role)
    else:
        keeper.name, keeper.color_role = name, color_role
        keeper.refresh()


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties and let the style sheet see them: ``restyle(label, tone="error")``."""
    changed = [name for name, value in properties.items() if widget.property(name) != value]
    for name in changed:
        widget.setProperty(name, properties[name])
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()
