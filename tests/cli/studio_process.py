"""The command line in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


class StudioProcess:
    """The program with a workspace of its own and no display."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        self._environment = {key: value for key, value in os.environ.items() if key not in hidden}
        self._environment |= {"STUDIO_WORKSPACE": str(self.workspace), "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "studio", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment,
        )

    def __call__(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command and check its exit code."""
        process = self.start(*words)
        out, err = process.communicate(timeout=120)
        assert process.returncode == code, err
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def json(self, *words: str) -> Any:
        """What a command prints with ``--json``: strict JSON and nothing beside it."""
        return json.loads(self(*words, "--json").stdout, parse_constant=pytest.fail)
