"""The style sheet of the application, made from resources/theme/style.qss, and the properties it reads."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QWidget

from studio.core import resources
from studio.gui.theme.fonts import TYPE_STYLES
from studio.gui.theme.icons import tinted_svg
from studio.gui.theme.lengths import scaled
from studio.gui.theme.palette import Theme


def make_style_sheet(theme: Theme, folder: Path) -> str:
    """The style sheet with this theme's colours, at the size of text in force; icons it names are written into ``folder``.

    Heights and widths of two digits hold words, or stand beside them; lines and edges are thinner, and stay.

    (A style sheet can show a picture only from a file, and a file can have only one colour.)
    """
    template = (resources.folder("theme") / "style.qss").read_text(encoding="utf-8")

    def icon_file(match: re.Match[str]) -> str:
        name, role = match.group(1), match.group(2)
        path = folder / f"{theme.name}-{name}-{role}.svg"
        if not path.exists():
            path.write_bytes(tinted_svg(name, theme.color(role)))
        return path.as_posix()

    sheet = re.sub(r"\$([a-z-]+)\.([a-z_0-9]+)", icon_file, template)
    sheet = re.sub(r"@([a-z_0-9]+)", lambda match: theme.roles[match.group(1)], sheet)
    sheet = re.sub(
        r"((?:height|width): )(\d\d+)px", lambda match: f"{match.group(1)}{scaled(int(match.group(2)))}px", sheet
    )
    return _type_rules(theme) + sheet


def _type_rules(theme: Theme) -> str:
    return "\n".join(
        f'QWidget[role="{role}"] {{ font-size: {s.size}px; font-weight: {s.weight}; color: {theme.roles[s.color]}; }}'
        for role, s in TYPE_STYLES.items()
    )


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties and let the style sheet see them: ``restyle(label, tone="error")``."""
    changed = [name for name, value in properties.items() if widget.property(name) != value]
    for name in changed:
        widget.setProperty(name, properties[name])
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()
