"""The views of the centre. A new one is a package here, a line in :data:`MODULES` and a help page."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.gui.views.base import View

#: In the order of the tabs; each package has a module ``view`` that names its view ``VIEW``.
MODULES = (
    "learning",
    "generations",
    "recasting",
    "tree",
    "compression",
    "attention",
    "boundaries",
    "soft_targets",
    "plane",
    "try_it",
    "mixups",
    "compare",
)


def views() -> list[type[View]]:
    """The views in the order of their tabs. The first call imports them, and pyqtgraph with them (0.3 s)."""
    return [import_module(f"{__name__}.{module}.view").VIEW for module in MODULES]
