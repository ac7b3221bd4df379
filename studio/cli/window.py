"""``studio`` and ``studio demo``: the window, and where there is no display the same in the terminal."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path

from studio.cli.entry import Exit
from studio.cli.output import write_err
from studio.core.errors import StudioError
from studio.runs.presets.presets import all_presets, find_preset


def run(chosen: Namespace) -> int:
    """Open the window; train the first ready experiment if ``demo`` was asked for."""
    if chosen.demo:
        return _demo(chosen)
    preset = find_preset(chosen.preset).key if chosen.preset else None
    if chosen.open is not None and not chosen.open.is_file():
        raise StudioError("There is no experiment file {path}.", "", "Check the name and try again.", path=chosen.open)
    if not has_display():
        write_err("There is no display to open the window on. “studio demo” and “studio train FILE” work without one.")
        return Exit.CANNOT
    return _open(preset=preset, open_file=chosen.open, train_at_once=False)


def has_display() -> bool:
    """Whether a window can be seen: on Linux a display or a Qt platform must be named."""
    return sys.platform != "linux" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )


def _demo(chosen: Namespace) -> int:
    first = all_presets()[0]
    if has_display():
        return _open(preset=first.key, open_file=None, train_at_once=True)
    write_err(f"There is no display, so “{first.title}” runs here in the terminal.")
    from studio.cli.train import train

    return train(chosen, first.path, {})


def _open(*, preset: str | None, open_file: Path | None, train_at_once: bool) -> int:
    if sys.platform == "win32":
        import torch  # noqa: F401 - on Windows it must be imported before Qt (WinError 1114)
    from studio.gui.app import main

    return main(preset=preset, open_file=open_file, train_at_once=train_at_once)
