"""Where the workspace is. Light: the window asks before anything else is imported."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

VARIABLE = "STUDIO_WORKSPACE"


def workspace_path(path: Path | None = None) -> Path:
    """The folder of the workspace, absolute: ``path``, else ``STUDIO_WORKSPACE``, else the application data folder."""
    chosen = path or os.environ.get(VARIABLE) or platformdirs.user_data_path("distillation-studio", appauthor=False)
    return Path(chosen).expanduser().resolve()
