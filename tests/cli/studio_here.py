"""The command line inside the process of the tests: for all that a process of its own adds nothing to."""

from __future__ import annotations

import json
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from studio.cli import main

#: What a desktop tells the programs it starts.
DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@dataclass(frozen=True)
class Said:
    """What a command wrote."""

    stdout: str
    stderr: str


class StudioHere:
    """The program with a workspace of its own and no display, called as a function."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"

    def __call__(self, *words: str, code: int = 0) -> Said:
        """Run a command and check its exit code."""
        out, err = StringIO(), StringIO()
        with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
            for name in DISPLAY_VARIABLES:
                patched.delenv(name, raising=False)
            patched.setenv("STUDIO_WORKSPACE", os.fspath(self.workspace))
            ended = main(words)
        assert ended == code, err.getvalue()
        return Said(out.getvalue(), err.getvalue())

    def json(self, *words: str) -> Any:
        """What a command prints with ``--json``: strict JSON and nothing beside it."""
        return json.loads(self(*words, "--json").stdout, parse_constant=pytest.fail)
