"""The program as a person or a script starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.studio_process import StudioProcess


@pytest.fixture
def studio(tmp_path: Path) -> StudioProcess:
    return StudioProcess(tmp_path)
