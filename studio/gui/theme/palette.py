"""The colours of a theme by role, read from the resources, and the palette Qt draws with."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtGui import QColor, QPalette

from studio.core import resources

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True)
class Theme:
    """One theme: its colours by role and the six colours of runs."""

    name: ThemeName
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


@lru_cache(maxsize=2)
def load_theme(name: ThemeName) -> Theme:
    """Read a theme from the resources."""
    with (resources.folder("theme") / f"{name}.toml").open("rb") as file:
        content = tomllib.load(file)
    return Theme(name, dict(content["roles"]), tuple(content["runs"]))


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


def make_palette(theme: Theme) -> QPalette:
    """A full Fusion palette, all three colour groups: Qt makes none of its own off-screen or on bare X11."""
    made = QPalette()
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        off = group == QPalette.ColorGroup.Disabled
        for role, name in _PALETTE.items():
            made.setColor(group, role, theme.color(_DISABLED.get(role, name) if off else name))
    return made
