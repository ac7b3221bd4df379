"""What stands under "Details for a bug report": where an error came from, on what, and with which settings."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtGui import QGuiApplication

from studio.core.errors import StudioError
from studio.core.log import log_file

if TYPE_CHECKING:
    from studio.experiment import Experiment


def error_details(error: StudioError, experiment: Experiment | None, workspace: Path) -> str:
    """The details of an error nobody foresaw; empty for one that says all there is to know.

    Args:
        experiment: what was trained when it happened, if anything was.
        workspace: the folder whose log has the traceback as well.
    """
    traceback = "\n".join(getattr(error, "__notes__", ()))
    if not traceback:
        return ""
    from studio.experiment import to_toml
    from studio.runs.files.environment import versions

    used = {**versions(), "PySide6": PySide6.__version__}
    parts = [
        traceback.rstrip(),
        ", ".join(f"{name} {version}" for name, version in used.items()),
        f"{platform.platform()}, Qt platform {QGuiApplication.platformName()}",
        f"Log: {log_file(workspace)}",
    ]
    if experiment is not None:
        parts.append(to_toml(experiment).rstrip())
    return "\n\n".join(parts)
